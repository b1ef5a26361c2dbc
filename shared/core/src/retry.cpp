#include <lakegate/core/retry.hpp>

#include <algorithm>
#include <cstdint>
#include <random>

namespace lakegate {

std::chrono::milliseconds full_jitter(const backoff& bounds, int attempts_made,
                                      double random) noexcept {
  auto ceiling = bounds.base;
  for (int i = 1; i < attempts_made && ceiling < bounds.cap; ++i)
    ceiling *= 2;
  auto highest = static_cast<double>(std::min(ceiling, bounds.cap).count());
  return std::chrono::milliseconds{static_cast<std::int64_t>(highest * random)};
}

double random_fraction() noexcept {
  thread_local std::minstd_rand engine{std::random_device{}()};
  return std::uniform_real_distribution<double>{}(engine);
}

void retry_budget::call_made() noexcept {
  saved_ = std::min(saved_ + ratio_, reserve_);
}

bool retry_budget::take() noexcept {
  // A little less than one, as ten tenths need not add up to it.
  if (saved_ < 0.999)
    return false;
  saved_ -= 1;
  return true;
}

} // namespace lakegate
