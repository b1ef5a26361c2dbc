#pragma once

#include <lakegate/runtime/contract_traits.hpp>

#include <caf/actor_cast.hpp>
#include <caf/actor_system.hpp>
#include <caf/behavior.hpp>
#include <caf/event_based_actor.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace lakegate::runtime {

/// Ends the process with status 70 after flushing the log: a supervisor gave up, so that
/// the platform restarts the process whole.
[[noreturn]] void give_up(std::string_view reason);

struct supervisor_config {
  std::string name; ///< Of the child; for logs.
  std::chrono::milliseconds first_delay{200};
  std::chrono::milliseconds longest_delay{10'000};
  std::size_t max_failures = 5; ///< More of them within `window`: gives up.
  std::chrono::milliseconds window{10'000};
  /// Called with the reason, on a CAF thread; the supervisor ends if it returns.
  std::function<void(std::string_view)> give_up{runtime::give_up};
};

using child_factory = std::function<caf::strong_actor_ptr(caf::actor_system&)>;

/// Hands the message being handled to the child, or answers `service_unavailable` while
/// there is none.
class child_gate {
public:
  virtual ~child_gate() = default;
  virtual caf::event_based_actor& self() noexcept = 0;
  virtual void forward(caf::message command) = 0;
};

/// See `spawn_supervised`.
caf::actor
spawn_untyped_supervisor(caf::actor_system& system, child_factory factory,
                         supervisor_config config,
                         std::function<caf::message_handler(child_gate&)> commands);

/// Spawns a child and keeps one running: a child that ends with an error is spawned again
/// after 200 ms, doubling to 10 s, ±20 %; one that ends normally ends the supervisor. The
/// handle is the supervisor's, stable over restarts: it forwards every command of the
/// contract to the present child. Calls that were inside a child that died get an error
/// from CAF where it can tell, else their callers' timeouts end them. Ending the
/// supervisor ends the child.
template <class Contract>
Contract spawn_supervised(caf::actor_system& system,
                          std::function<Contract(caf::actor_system&)> factory,
                          supervisor_config config) {
  auto commands = [](child_gate& gate) {
    caf::message_handler result;
    for_each_signature<Contract>([&]<class Command, class Result>() {
      auto one = caf::message_handler{
          [&gate](Command& x) { gate.forward(caf::make_message(std::move(x))); }};
      result = result ? result.or_else(one) : one;
    });
    return result;
  };
  return caf::actor_cast<Contract>(spawn_untyped_supervisor(
      system,
      [factory = std::move(factory)](caf::actor_system& sys) {
        return caf::actor_cast<caf::strong_actor_ptr>(factory(sys));
      },
      std::move(config), commands));
}

} // namespace lakegate::runtime
