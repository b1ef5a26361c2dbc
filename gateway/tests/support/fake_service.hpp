#pragma once

#include "gateway/src/service_port.hpp"

#include <lakegate/core/errors.hpp>
#include <lakegate/runtime/contract_traits.hpp>

#include <caf/sec.hpp>

#include <any>
#include <functional>
#include <map>
#include <typeindex>
#include <utility>
#include <vector>

namespace lakegate::gateway::test {

/// Stands for a service behind its port. Answers what it was told to, at once; a command
/// nobody told it about is SERVICE_UNAVAILABLE.
template <class Contract>
class fake_service {
public:
  template <class Command>
  using result_of = runtime::result_of<Contract, Command>;

  /// `answer` makes the result (or error) of each such command.
  template <class Command, class F>
  void on(F answer) {
    answers_[typeid(Command)] =
        std::function<caf::expected<result_of<Command>>(const Command&)>{
            std::move(answer)};
  }

  /// The commands of that type that came, in order.
  template <class Command>
  std::vector<Command> received() const {
    std::vector<Command> result;
    for (const auto& x : received_)
      if (const auto* cmd = std::any_cast<Command>(&x))
        result.push_back(*cmd);
    return result;
  }

  template <class Command, class F>
  std::uint64_t submit(Command cmd, std::chrono::milliseconds budget, F done) {
    received_.emplace_back(cmd);
    last_budget = budget;
    if (is_late) {
      done(caf::sec::request_timeout);
      return 0;
    }
    auto found = answers_.find(typeid(Command));
    if (found == answers_.end() || !is_reachable) {
      done(make_error(errc::service_unavailable));
      return 0;
    }
    using answer = std::function<caf::expected<result_of<Command>>(const Command&)>;
    if (holds_answers) {
      held = [f = std::any_cast<answer>(found->second), cmd, done]() mutable {
        done(f(cmd));
      };
      return ++tickets;
    }
    done(std::any_cast<answer>(found->second)(cmd));
    return 0;
  }

  void cancel(std::uint64_t ticket) { cancelled.push_back(ticket); }
  bool is_up() const { return is_reachable; }

  bool is_reachable = true;
  bool is_late = false;       ///< No command is answered within its budget.
  bool holds_answers = false; ///< `held` answers later.
  std::function<void()> held;
  std::uint64_t tickets = 0;
  std::vector<std::uint64_t> cancelled;
  std::chrono::milliseconds last_budget{};

private:
  std::map<std::type_index, std::any> answers_;
  std::vector<std::any> received_;
};

} // namespace lakegate::gateway::test
