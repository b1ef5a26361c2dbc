#pragma once

#include <chrono>
#include <functional>
#include <optional>

namespace lakegate::test {

/// Calls `probe` until it gives what is wanted; the time that took, or nothing after
/// `limit`.
inline std::optional<std::chrono::milliseconds>
time_until(const std::function<bool()>& probe,
           std::chrono::milliseconds limit = std::chrono::seconds{10}) {
  const auto begin = std::chrono::steady_clock::now();
  while (true) {
    const bool done = probe();
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::steady_clock::now() - begin);
    if (done)
      return took;
    if (took > limit)
      return std::nullopt;
  }
}

} // namespace lakegate::test
