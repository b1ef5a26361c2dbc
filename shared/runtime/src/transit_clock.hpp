#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>

namespace lakegate::runtime {

/// Microseconds of this machine's steady clock, to compare with a peer's.
inline std::int64_t steady_now() {
  return std::chrono::duration_cast<std::chrono::microseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

/// Tells how long messages of one peer were on their way: in sockets, in mailboxes, in
/// front of a process that was frozen. Clocks of two machines have nothing in common but
/// their pace, so the shortest difference seen stands for no delay at all; it is let grow
/// by 200 ppm, more than clocks drift.
class transit_clock {
public:
  /// Microseconds that a message sent at `sent_at` (the peer's clock) took longer than
  /// the quickest one.
  std::int64_t delay(std::int64_t sent_at, std::int64_t now) {
    auto difference = now - sent_at;
    if (!least_)
      least_ = difference;
    else
      least_ = std::min(difference, *least_ + (now - updated_) / 5000);
    updated_ = now;
    return difference - *least_;
  }

private:
  std::optional<std::int64_t> least_;
  std::int64_t updated_ = 0;
};

} // namespace lakegate::runtime
