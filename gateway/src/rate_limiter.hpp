#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>

namespace lakegate::gateway {

/// Lets each user make so many requests a second, twice as many at once (a token bucket).
/// Bounded: users that were idle long enough to be unlimited again are forgotten. One
/// event loop.
class rate_limiter {
public:
  using clock = std::chrono::steady_clock;

  explicit rate_limiter(std::int64_t per_second) : per_second_{per_second} {} ///< 0: off

  /// Nothing if the request may go on; else the whole seconds to wait.
  std::optional<std::int32_t> take(const std::string& user_id, clock::time_point now);

private:
  struct bucket {
    double tokens;
    clock::time_point filled;
  };
  void forget_full_ones(clock::time_point now);
  double capacity() const noexcept { return 2.0 * static_cast<double>(per_second_); }

  std::int64_t per_second_;
  std::unordered_map<std::string, bucket> buckets_;
};

} // namespace lakegate::gateway
