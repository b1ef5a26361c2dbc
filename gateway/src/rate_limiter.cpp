#include "gateway/src/rate_limiter.hpp"

#include <algorithm>
#include <cmath>

namespace lakegate::gateway {

namespace {

constexpr std::size_t max_buckets = 10'000;

double seconds_between(rate_limiter::clock::time_point a,
                       rate_limiter::clock::time_point b) {
  return std::chrono::duration<double>{b - a}.count();
}

} // namespace

std::optional<std::int32_t> rate_limiter::take(const std::string& user_id,
                                               clock::time_point now) {
  if (per_second_ <= 0)
    return std::nullopt;
  if (buckets_.size() >= max_buckets)
    forget_full_ones(now);
  auto& x = buckets_.try_emplace(user_id, bucket{capacity(), now}).first->second;
  auto rate = static_cast<double>(per_second_);
  x.tokens = std::min(capacity(), x.tokens + seconds_between(x.filled, now) * rate);
  x.filled = now;
  if (x.tokens < 1.0)
    return static_cast<std::int32_t>(std::max(1.0, std::ceil((1.0 - x.tokens) / rate)));
  x.tokens -= 1.0;
  return std::nullopt;
}

void rate_limiter::forget_full_ones(clock::time_point now) {
  auto rate = static_cast<double>(per_second_);
  std::erase_if(buckets_, [&](const auto& x) {
    return x.second.tokens + seconds_between(x.second.filled, now) * rate >= capacity();
  });
  if (buckets_.size() >= max_buckets)
    buckets_.clear();
}

} // namespace lakegate::gateway
