#include "services/preferences/src/service.hpp"

#include <lakegate/runtime/remote_service.hpp>
#include <lakegate/testing/postgres_cluster.hpp>

#include <caf/scoped_actor.hpp>

#include <gtest/gtest.h>

#include <atomic>

namespace lakegate::preferences {

namespace {

using namespace std::chrono_literals;

config options_for(test::postgres_cluster& server) {
  config result;
  result.node.name = "preferences";
  result.database.connection.host = server.host();
  result.database.connection.port = server.port();
  result.database.connection.user = server.user();
  result.database.connection.database = server.create_database();
  result.database.credentials =
      std::make_shared<postgres::static_password>(access_token{server.password()});
  return result;
}

/// Reaches a service as another process would: over CAF's network layer.
class RunningTheService : public ::testing::Test {
protected:
  std::shared_ptr<prometheus::Registry> registry =
      std::make_shared<prometheus::Registry>();
  test::postgres_cluster& server = test::postgres_cluster::shared();

  static runtime::link_config link_to(std::uint16_t port) {
    runtime::link_config result;
    result.service = "preferences";
    result.peers = {{"127.0.0.1", port}};
    return result;
  }

  static save_preference theme() {
    save_preference result;
    result.who.user_id = "ada";
    result.who.time_left = 5s;
    result.key = "theme";
    result.value = json_text::trusted(R"({"a":1.10})");
    return result;
  }
};

std::string status_of(caf::scoped_actor& self, service& running) {
  std::string result;
  self->request(running.actor(), 10s, get_status{})
      .receive([&](service_status& x) { result = x.components.front().status; },
               [](caf::error&) {});
  return result;
}

config config_without_database() {
  config result;
  result.node.name = "preferences";
  return result;
}

runtime::node_config client_node() {
  runtime::node_config result;
  result.name = "client";
  return result;
}

} // namespace

TEST_F(RunningTheService, AnswersOverTheNetwork) {
  service running{options_for(server), registry};
  runtime::node client{client_node()};
  auto remote = runtime::spawn_remote_service<service_actor>(
      client, link_to(running.port()), *registry);
  caf::scoped_actor self{client.system()};

  saved_preference saved;
  failure failed;
  const auto end = std::chrono::steady_clock::now() + 10s;
  do {
    self->request(remote, 10s, theme())
        .receive([&](saved_preference& x) { saved = std::move(x); },
                 [&](caf::error& err) { failed = failure_of(err); });
  } while (saved.item.id == 0 && failed.code == errc::service_unavailable
           && std::chrono::steady_clock::now() < end);

  EXPECT_TRUE(saved.created) << to_string(failed.code);
  EXPECT_EQ(saved.item.value.str(), R"({"a":1.10})");
  EXPECT_TRUE(running.is_ready());
}

TEST_F(RunningTheService, IsReadyWithoutADatabaseConfigured) {
  service running{config_without_database(), registry};
  caf::scoped_actor self{running.system()};
  errc code = errc::none;

  self->request(running.actor(), 10s, theme())
      .receive([](saved_preference&) {},
               [&](caf::error& err) { code = failure_of(err).code; });

  EXPECT_EQ(code, errc::lakebase_not_configured);
  EXPECT_TRUE(running.is_ready());
}

TEST_F(RunningTheService, RestartsWhatDies) {
  std::atomic<int> spawned{0};
  caf::actor_addr first;
  dependencies replaced;
  replaced.database = [&](caf::actor_system& system) {
    auto actor = postgres::spawn_database(system, {}, registry);
    if (spawned == 0)
      first = caf::actor_cast<caf::actor_addr>(actor);
    ++spawned;
    return actor;
  };
  service running{config_without_database(), registry, replaced};
  caf::scoped_actor self{running.system()};
  ASSERT_EQ(status_of(self, running), "not_configured");

  self->send_exit(caf::actor_cast<caf::actor>(first), caf::exit_reason::kill);
  const auto end = std::chrono::steady_clock::now() + 10s;
  while (spawned < 2 && std::chrono::steady_clock::now() < end)
    status_of(self, running);

  EXPECT_EQ(spawned, 2);
  EXPECT_EQ(status_of(self, running), "not_configured");
}

TEST_F(RunningTheService, StopsWithinItsLimit) {
  service running{options_for(server), registry};
  const auto begin = std::chrono::steady_clock::now();

  running.stop(2s);

  EXPECT_LT(std::chrono::steady_clock::now() - begin, 1s);
}

TEST(ConfiguringTheService, ReadsThePlatformsNames) {
  auto table = all_settings();
  runtime::environment variables{{"LAKEBASE_HOST", "db.example"},
                                 {"LAKEBASE_DATABASE", "apps"},
                                 {"PGUSER", "app"},
                                 {"PGPASSWORD", "hunter2"},
                                 {"PGSSLMODE", "require"},
                                 {"LAKEGATE_DATABASE_SCHEMA", "app_data"}};
  auto values = runtime::settings::resolve(table, {}, variables);
  ASSERT_TRUE(values);

  auto options = read_config(*values);

  ASSERT_TRUE(options);
  EXPECT_EQ(options->database.connection.host, "db.example");
  EXPECT_EQ(options->database.connection.database, "apps");
  EXPECT_EQ(options->database.connection.user, "app");
  EXPECT_EQ(options->database.connection.ssl_mode, "require");
  EXPECT_EQ(options->database.connection.schema, "app_data");
  EXPECT_TRUE(options->database.credentials);
  EXPECT_EQ(options->node.listen_port, 4241);
  EXPECT_EQ(values->print().find("hunter2"), std::string::npos);
}

} // namespace lakegate::preferences
