#include <lakegate/testing/deterministic_system.hpp>

#include <lakegate/contracts/preferences.hpp>

#include <caf/stateful_actor.hpp>

#include <gtest/gtest.h>

namespace lakegate::test {

namespace {

using namespace std::chrono_literals;

class AskingInVirtualTime : public ::testing::Test {
protected:
  deterministic_system world;
};

caf::behavior doubler(caf::event_based_actor*) {
  return {[](int x) -> caf::result<int> {
    if (x < 0)
      return errc::invalid_input;
    return 2 * x;
  }};
}

caf::behavior silent_one(caf::event_based_actor* self) {
  return {[self](int) { return self->make_response_promise(); }};
}

/// Answers 10 after ten seconds of waiting for one second each.
caf::behavior patient_one(caf::stateful_actor<int>* self) {
  return {[self](int) {
    auto promise = self->make_response_promise<int>();
    self->become(caf::message_handler{[self, promise](caf::tick_atom) mutable {
      if (++self->state == 10)
        promise.deliver(self->state);
      else
        self->delayed_send(self, 1s, caf::tick_atom_v);
    }});
    self->delayed_send(self, 1s, caf::tick_atom_v);
    return promise;
  }};
}

} // namespace

TEST_F(AskingInVirtualTime, RunsAChainOfDelaysAsInRealTime) {
  auto answer = world.ask<int>(world.spawn(patient_one), 1);

  world.advance(9999ms);
  EXPECT_FALSE(answer.arrived());
  world.advance(1ms);

  EXPECT_EQ(*answer, 10);
}

TEST_F(AskingInVirtualTime, AnswersOnlyOnceItSettles) {
  auto actor = world.spawn(doubler);
  auto answer = world.ask<int>(actor, 21);

  EXPECT_FALSE(answer.arrived());
  world.settle();

  EXPECT_EQ(*answer, 42);
}

TEST_F(AskingInVirtualTime, ShowsErrorsAsOurs) {
  auto answer = world.ask<int>(world.spawn(doubler), -1);

  world.settle();

  EXPECT_EQ(answer.code(), errc::invalid_input);
}

TEST_F(AskingInVirtualTime, LetsASilentActorStaySilent) {
  auto answer = world.ask<int>(world.spawn(silent_one), 1);

  world.advance(59min);
  EXPECT_FALSE(answer.arrived());
  world.advance(2min);

  EXPECT_EQ(answer.code(), errc::service_unavailable);
}

} // namespace lakegate::test
