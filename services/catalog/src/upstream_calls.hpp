#pragma once

#include "services/catalog/src/health.hpp"
#include "services/catalog/src/limits.hpp"
#include "services/catalog/src/metrics.hpp"

#include <lakegate/contracts/databricks.hpp>

#include <caf/actor_clock.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <utility>

namespace lakegate::catalog {

/// Which failed calls may be made again.
enum class repeatable : std::uint8_t {
  read,      ///< Any that may pass: no answer, 429, 5xx.
  statement, ///< Only those that certainly did nothing: never sent, 429, 503.
};

/// How long to wait before a failed call is made again; nothing if it must not be.
/// `attempts_made` counts the failed ones, `random` is in [0, 1).
std::optional<std::chrono::milliseconds>
retry_delay(const databricks::upstream_failure& x, repeatable kind, int attempts_made,
            const limits& bounds, double random);

/// How one call is to be made.
struct call_rules {
  repeatable kind = repeatable::read;
  /// When it must be over; asked again before each attempt.
  std::function<caf::actor_clock::time_point()> deadline;
  /// False: nobody waits for it any more, no further attempt.
  std::function<bool()> is_wanted;
};

/// The workspace calls and timers of one typed actor that reacts to `(tick_atom,
/// uint64_t)` with `fire`. A part of its state: used on its thread only.
template <class Self>
class upstream_calls {
public:
  using time_point = caf::actor_clock::time_point;

  upstream_calls(Self* self, limits bounds, metrics_ptr counters, health_ptr known)
      : self_{self}, bounds_{bounds}, metrics_{std::move(counters)}, health_{std::move(
                                                                         known)} {}

  time_point now() { return self_->clock().now(); }

  caf::timespan time_until(time_point t) {
    return std::chrono::duration_cast<caf::timespan>(t - now());
  }

  /// Calls `f` once after `delay`, unless the timer is cancelled. Never 0.
  std::uint64_t after(caf::timespan delay, std::function<void()> f) {
    auto id = ++last_timer_;
    timers_.emplace(id, std::move(f));
    self_->delayed_send(self_, std::max(delay, caf::timespan{0}), caf::tick_atom::value,
                        id);
    return id;
  }

  void cancel_timer(std::uint64_t id) { timers_.erase(id); }

  void fire(std::uint64_t id) {
    if (auto timer = timers_.extract(id))
      timer.mapped()();
  }

  /// Sends `command` until it is answered or its rules, attempts or budget end; then
  /// calls exactly one of `done` and `failed`, never from inside this call.
  template <class Result, class Handle, class Command, class Done, class Failed>
  void call(Handle to, Command command, call_rules rules, Done done, Failed failed) {
    budget_.call_made();
    attempt<Result>(std::move(to), std::move(command), std::move(rules), 1,
                    std::move(done), std::move(failed));
  }

private:
  /// The answer of a Databricks actor comes a little after the time it was given.
  static constexpr auto grace = std::chrono::seconds{1};

  template <class Result, class Handle, class Command, class Done, class Failed>
  void attempt(Handle to, Command command, call_rules rules, int number, Done done,
               Failed failed) {
    command.ctx.time_left = std::max(time_until(rules.deadline()), caf::timespan{1});
    auto timeout = command.ctx.time_left + grace;
    auto again = [=, this](const databricks::upstream_failure& x) mutable {
      retry<Result>(std::move(to), std::move(command), std::move(rules), number,
                    std::move(done), std::move(failed), x);
    };
    self_->request(to, timeout, command)
        .then(
            [this, done](Result& value) mutable {
              health_->workspace_answered();
              done(value);
            },
            [this, again](caf::error& err) mutable {
              auto x = databricks::failure_in(err);
              health_->workspace_failed(x.kind);
              again(x);
            });
  }

  template <class Result, class Handle, class Command, class Done, class Failed>
  void retry(Handle to, Command command, call_rules rules, int number, Done done,
             Failed failed, const databricks::upstream_failure& x) {
    auto delay = retry_delay(x, rules.kind, number, bounds_, random_fraction());
    if (!delay || !rules.is_wanted() || *delay >= time_until(rules.deadline())
        || !budget_.take())
      return failed(x);
    metrics_->upstream_retried();
    after(*delay, [=, this]() mutable {
      if (rules.is_wanted())
        attempt<Result>(std::move(to), std::move(command), std::move(rules), number + 1,
                        std::move(done), std::move(failed));
      else
        failed(x);
    });
  }

  Self* self_;
  limits bounds_;
  metrics_ptr metrics_;
  health_ptr health_;
  retry_budget budget_;
  std::map<std::uint64_t, std::function<void()>> timers_;
  std::uint64_t last_timer_ = 0;
};

} // namespace lakegate::catalog
