#include <lakegate/contracts/preferences.hpp>
#include <lakegate/runtime/remote_service.hpp>

#include "shared/runtime/tests/link_world.hpp"

#include <caf/scoped_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <gmock/gmock.h>

namespace lakegate::runtime::test {
namespace {

preferences::service_actor::behavior_type
Preferences(preferences::service_actor::pointer self) {
  return {
      [](const preferences::list_preferences& x) -> preferences::preference_page {
        preferences::preference item;
        item.user_id = x.who.user_id;
        item.key = x.key.value_or("");
        return {{item}, x.who.time_left.count(), 0};
      },
      [](const preferences::get_preference&) -> caf::result<preferences::preference> {
        return make_error(errc::preference_not_found);
      },
      [=](const preferences::save_preference&)
          -> caf::result<preferences::saved_preference> {
        return self->make_response_promise<preferences::saved_preference>();
      },
      [](const preferences::delete_preference&) -> preferences::deleted_preference {
        return {};
      },
      [](const get_status&) -> service_status {
        return {{{"database", "up", ""}}};
      },
  };
}

class AskingARemoteService : public testing::Test {
protected:
  AskingARemoteService() {
    service = server.system().spawn(Preferences);
    server.end_with_me(caf::actor_cast<caf::strong_actor_ptr>(service));
    auto unbatcher =
        spawn_unbatcher(server, service, {.service = "preferences"}, registry);
    port = *server.publish(unbatcher);
  }

  template <class Command>
  auto Ask(const Command& command) {
    using result = result_of<preferences::service_actor, Command>;
    caf::expected<result> answer{caf::sec::runtime_error};
    caf::scoped_actor self{client.system()};
    self->request(remote, patience, command)
        .receive([&](result& x) { answer = std::move(x); },
                 [&](caf::error& x) { answer = std::move(x); });
    return answer;
  }

  void Connect() {
    remote = spawn_remote_service<preferences::service_actor>(
        client, {.service = "preferences", .peers = {{"127.0.0.1", port}}}, registry);
  }

  void ConnectAndWait() {
    Connect();
    ASSERT_TRUE(Eventually([&] { return MetricOf(registry, "lakegate_link_up") == 1; }));
  }

  prometheus::Registry registry;
  node server{{.name = "preferences"}};
  node client{{.name = "catalog"}};
  preferences::service_actor service;
  preferences::service_actor remote;
  std::uint16_t port = 0;
};

TEST_F(AskingARemoteService, IsLikeAskingTheServiceItself) {
  ConnectAndWait();
  preferences::list_preferences command;
  command.who.user_id = "ada";
  command.who.time_left = 5s;
  command.key = "query_defaults";

  auto page = Ask(command);

  ASSERT_TRUE(page);
  EXPECT_EQ(page->items.front().user_id, "ada");
  EXPECT_EQ(page->items.front().key, "query_defaults");
  EXPECT_GT(caf::timespan{page->total}, 4s);
  EXPECT_LE(caf::timespan{page->total}, 5s);
}

TEST_F(AskingARemoteService, PassesErrorsOn) {
  ConnectAndWait();
  preferences::get_preference command;
  command.who.time_left = 5s;

  EXPECT_EQ(CodeOf(Ask(command)), errc::preference_not_found);
}

TEST_F(AskingARemoteService, TakesTheDefaultBudgetWhereACommandHasNone) {
  ConnectAndWait();

  auto status = Ask(get_status{});

  ASSERT_TRUE(status);
  EXPECT_EQ(status->components.front().name, "database");
}

TEST_F(AskingARemoteService, EndsWithTheCallersTime) {
  ConnectAndWait();
  preferences::save_preference command;
  command.who.time_left = 100ms;

  EXPECT_EQ(CodeOf(Ask(command)), errc::service_unavailable);
}

TEST_F(AskingARemoteService, FailsAtOnceWhileItIsAway) {
  port = 1;
  Connect();
  preferences::get_preference command;
  command.who.time_left = 60s;

  EXPECT_EQ(CodeOf(Ask(command)), errc::service_unavailable);
}

} // namespace
} // namespace lakegate::runtime::test
