#include <lakegate/contracts/preferences.hpp>
#include <lakegate/runtime/node.hpp>
#include <lakegate/runtime/supervisor.hpp>

#include "shared/runtime/tests/link_world.hpp"

#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <gmock/gmock.h>

namespace lakegate::runtime::test {
namespace {

/// Dies of list_preferences, ends orderly on delete_preference, else tells which child it
/// is.
preferences::service_actor::behavior_type Child(preferences::service_actor::pointer self,
                                                int number) {
  return {
      [](const preferences::list_preferences&) -> preferences::preference_page {
        throw std::logic_error{"a defect"};
      },
      [=](const preferences::get_preference&) -> preferences::preference {
        preferences::preference result;
        result.id = number;
        return result;
      },
      [](const preferences::save_preference&) -> preferences::saved_preference {
        return {};
      },
      [=](const preferences::delete_preference&) -> preferences::deleted_preference {
        self->quit();
        return {};
      },
      [](const get_status&) -> service_status { return {}; },
  };
}

class SupervisingAnActor : public testing::Test {
protected:
  void Start(std::chrono::milliseconds first_delay, std::size_t max_failures = 5) {
    supervised = spawn_supervised<preferences::service_actor>(
        home.system(),
        [this](caf::actor_system& system) { return system.spawn(Child, ++children); },
        {.name = "child",
         .first_delay = first_delay,
         .max_failures = max_failures,
         .give_up = [this](std::string_view why) {
           std::lock_guard guard{mutex};
           reason = why;
           gave_up = true;
         }});
    home.end_with_me(caf::actor_cast<caf::strong_actor_ptr>(supervised));
  }

  template <class Command>
  auto Ask(const Command& command) {
    using result = result_of<preferences::service_actor, Command>;
    caf::expected<result> answer{caf::sec::runtime_error};
    caf::scoped_actor self{home.system()};
    self->request(supervised, patience, command)
        .receive([&](result& x) { answer = std::move(x); },
                 [&](caf::error& x) { answer = std::move(x); });
    return answer;
  }

  bool IsChild(int number) {
    auto answer = Ask(preferences::get_preference{});
    return answer && answer->id == number;
  }

  std::atomic<int> children = 0;
  std::mutex mutex;
  std::string reason;
  std::atomic<bool> gave_up = false;
  node home{{.name = "home"}};
  preferences::service_actor supervised;
};

TEST_F(SupervisingAnActor, ForwardsToTheChild) {
  Start(1ms);

  EXPECT_TRUE(IsChild(1));
}

TEST_F(SupervisingAnActor, SpawnsAnotherWhenItDies) {
  Start(1ms);

  EXPECT_FALSE(Ask(preferences::list_preferences{}));

  EXPECT_TRUE(Eventually([&] { return IsChild(2); }));
  EXPECT_FALSE(gave_up);
}

TEST_F(SupervisingAnActor, AnswersUnavailableBetweenTwoChildren) {
  Start(1h);
  Ask(preferences::list_preferences{});

  EXPECT_TRUE(Eventually([&] {
    return CodeOf(Ask(preferences::get_preference{})) == errc::service_unavailable;
  }));
  EXPECT_EQ(children, 1);
}

TEST_F(SupervisingAnActor, GivesUpAfterTooManyFailures) {
  Start(1ms, 2);
  for (int i = 1; i <= 3; ++i) {
    ASSERT_TRUE(Eventually([&] { return IsChild(i); }));
    Ask(preferences::list_preferences{});
  }

  EXPECT_TRUE(Eventually([&] { return gave_up.load(); }));
  EXPECT_EQ(children, 3);
  std::lock_guard guard{mutex};
  EXPECT_EQ(reason, "child failed 3 times in a row");
}

TEST_F(SupervisingAnActor, CountsAChildThatCannotBeSpawned) {
  supervised = spawn_supervised<preferences::service_actor>(
      home.system(),
      [this](caf::actor_system& system) -> preferences::service_actor {
        if (++children == 1)
          throw std::runtime_error{"not now"};
        return system.spawn(Child, children.load());
      },
      {.name = "child", .first_delay = 1ms});
  home.end_with_me(caf::actor_cast<caf::strong_actor_ptr>(supervised));

  EXPECT_TRUE(Eventually([&] { return IsChild(2); }));
}

TEST_F(SupervisingAnActor, EndsWithAChildThatEndsOrderly) {
  Start(1ms);

  EXPECT_TRUE(Ask(preferences::delete_preference{}));

  EXPECT_TRUE(Eventually([&] { return home.system().registry().running() == 0; }));
  EXPECT_EQ(children, 1);
}

TEST_F(SupervisingAnActor, EndsItsChildWithItself) {
  Start(1ms);
  ASSERT_TRUE(IsChild(1));

  caf::anon_send_exit(supervised, caf::exit_reason::user_shutdown);

  EXPECT_TRUE(Eventually([&] { return home.system().registry().running() == 0; }));
}

} // namespace
} // namespace lakegate::runtime::test
