#pragma once

#include <chrono>

namespace lakegate {

/// Between which bounds a retry waits.
struct backoff {
  std::chrono::milliseconds base{100}; ///< The first retry waits at most this.
  std::chrono::milliseconds cap{2000}; ///< No retry waits longer.
};

/// Full jitter: a random part of `base` doubled for each attempt made before, so that
/// callers that failed together do not come back together. `random` is in [0, 1). A
/// Retry-After is a lower bound on top.
/// https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
std::chrono::milliseconds full_jitter(const backoff& bounds, int attempts_made,
                                      double random) noexcept;

/// A random number in [0, 1) from a per-thread PRNG.
double random_fraction() noexcept;

/// Keeps retries to a share of the calls, so that they can't multiply the load on an
/// upstream that is failing: each call earns `ratio` of a retry, at most `reserve` are
/// saved up, and the reserve is there from the start. Not thread safe: one owner.
class retry_budget {
public:
  explicit retry_budget(double ratio = 0.1, double reserve = 10) noexcept
      : ratio_{ratio}, reserve_{reserve}, saved_{reserve} {}

  /// A call was made that is no retry.
  void call_made() noexcept;
  /// True if a retry may be made now; it is paid for.
  bool take() noexcept;

private:
  double ratio_;
  double reserve_;
  double saved_;
};

} // namespace lakegate
