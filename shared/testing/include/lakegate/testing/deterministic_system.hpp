#pragma once

#include <lakegate/contracts/messages.hpp>

#include <caf/actor_cast.hpp>
#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/scheduler/test_coordinator.hpp>
#include <caf/send.hpp>

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <stdexcept>
#include <utility>
#include <vector>

namespace lakegate::test {

/// An answer that may not have come yet; see `deterministic_system::ask`.
template <class Result>
class answer {
public:
  bool arrived() const noexcept { return box_->value || box_->error; }
  bool failed() const noexcept { return box_->error.has_value(); }
  /// The result. Throws std::logic_error if there is none.
  const Result& operator*() const {
    if (!box_->value)
      throw std::logic_error{failed() ? "an error arrived: " + to_string(code())
                                      : std::string{"nothing has arrived"}};
    return *box_->value;
  }
  const Result* operator->() const { return &**this; }
  /// The error as a client would see it. Throws std::logic_error if there is none.
  failure fail() const {
    if (!box_->error)
      throw std::logic_error{arrived() ? "a result arrived" : "nothing has arrived"};
    return failure_of(*box_->error);
  }
  errc code() const { return fail().code; }

private:
  friend class deterministic_system;
  struct box {
    std::optional<Result> value;
    std::optional<caf::error> error;
  };
  std::shared_ptr<box> box_ = std::make_shared<box>();
};

/// An actor system without threads, in virtual time: nothing runs but in `settle` and
/// `advance`, in the order in which it was sent. Not for actors with threads of their
/// own.
///
/// Declare mocks before it: its destructor ends the actors first.
class deterministic_system {
public:
  deterministic_system() : system_{config_} {}

  ~deterministic_system() {
    for (auto& actor : owned_)
      caf::anon_send_exit(actor, caf::exit_reason::kill);
    owned_.clear();
    settle();
    scheduler().trigger_timeouts();
    settle();
  }

  caf::actor_system& system() noexcept { return system_; }

  caf::scheduler::test_coordinator& scheduler() {
    return dynamic_cast<caf::scheduler::test_coordinator&>(system_.scheduler());
  }

  /// Ends this actor before the system goes down; returns it.
  template <class Handle>
  Handle own(Handle actor) {
    owned_.push_back(caf::actor_cast<caf::actor>(actor));
    return actor;
  }

  /// `system().spawn`, owned and settled.
  template <class... Arguments>
  auto spawn(Arguments&&... arguments) {
    auto actor = own(system_.spawn(std::forward<Arguments>(arguments)...));
    settle();
    return actor;
  }

  /// Runs until nothing is left to do; time stands still.
  void settle() { scheduler().run(); }

  /// Settles, then lets time pass from one due timer to the next and settles at each, so
  /// that a chain of delays runs as it would in real time.
  void advance(caf::timespan x) {
    settle();
    auto& clock = scheduler().clock();
    const auto end = clock.now() + x;
    while (!clock.schedule().empty() && clock.schedule().begin()->first <= end) {
      const auto due = clock.schedule().begin()->first;
      clock.advance_time(std::max(due - clock.now(), {}));
      settle();
    }
    clock.advance_time(end - clock.now());
    settle();
  }

  /// Sends `message` without settling, so that a test can choose what happens first. A
  /// silent actor gives no answer at all: the request's own timeout is an hour.
  template <class Result, class Handle, class Message>
  answer<Result> ask(const Handle& to, Message message) {
    answer<Result> result;
    auto asker = [to, box = result.box_,
                  x = std::move(message)](caf::event_based_actor* self) {
      self->request(to, std::chrono::minutes{60}, x)
          .then([box](Result& value) { box->value = std::move(value); },
                [box](caf::error& err) { box->error = std::move(err); });
    };
    system_.spawn(std::move(asker));
    return result;
  }

private:
  struct configuration : caf::actor_system_config {
    configuration() {
      lakegate::add_message_types(*this);
      set("scheduler.policy", caf::atom("testing"));
      set("logger.file-verbosity", caf::atom("quiet"));
      set("logger.console-verbosity", caf::atom("quiet"));
    }
  };

  configuration config_;
  caf::actor_system system_;
  std::vector<caf::actor> owned_;
};

} // namespace lakegate::test
