#pragma once

#include <chrono>
#include <deque>
#include <optional>

namespace lakegate {

struct breaker_config {
  int failures = 5; ///< In a row, within `window`: opens.
  std::chrono::milliseconds window{10'000};
  std::chrono::milliseconds first_pause{1'000}; ///< Doubles with each failed probe.
  std::chrono::milliseconds longest_pause{10'000};
  /// Without word of a probe for so long another may be made; zero: it is waited for.
  std::chrono::milliseconds probe_limit{0};
};

/// Keeps calls away from an upstream that fails, and finds out when it works again: after
/// a pause one call may probe it. Not thread safe; the caller gives the time.
class circuit_breaker {
public:
  using time_point = std::chrono::steady_clock::time_point;
  using duration = std::chrono::steady_clock::duration;

  explicit circuit_breaker(breaker_config config = {}) : config_{config} {}

  /// Nothing: make the call, and report how it ends. Else: do not, for so long.
  std::optional<duration> refuse(time_point now);

  void succeeded() noexcept;               ///< The upstream answered, whatever it said.
  void failed(time_point now);             ///< It did not, or with a failure of its own.
  void abandoned(time_point now) noexcept; ///< The call tells nothing about it.

  bool is_open() const noexcept { return state_ != state::closed; }
  bool is_idle() const noexcept { return state_ == state::closed && failures_.empty(); }

private:
  enum class state { closed, open, probing };
  void open(time_point now, std::chrono::milliseconds pause);
  bool is_lost(time_point now) const noexcept;

  breaker_config config_;
  state state_ = state::closed;
  std::deque<time_point> failures_; ///< Since the last success, while closed.
  std::chrono::milliseconds pause_{};
  time_point until_;
  time_point probed_; ///< When the last probe was let through.
};

} // namespace lakegate
