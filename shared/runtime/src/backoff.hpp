#pragma once

#include <algorithm>
#include <chrono>
#include <random>

namespace lakegate::runtime {

/// Delays before the next attempt: full jitter (uniform between 0 and a bound that
/// doubles up to `longest`), so that many clients of one server don't come back together.
class backoff {
public:
  backoff(std::chrono::milliseconds first, std::chrono::milliseconds longest)
      : first_{first}, longest_{longest}, bound_{first}, random_{std::random_device{}()} {
  }

  std::chrono::milliseconds next() {
    std::uniform_int_distribution<std::chrono::milliseconds::rep> pick{1, bound_.count()};
    bound_ = std::min(bound_ * 2, longest_);
    return std::chrono::milliseconds{pick(random_)};
  }

  void reset() noexcept { bound_ = first_; }

private:
  std::chrono::milliseconds first_;
  std::chrono::milliseconds longest_;
  std::chrono::milliseconds bound_;
  std::minstd_rand random_;
};

} // namespace lakegate::runtime
