#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace lakegate::log {

/// Counts the warnings of each event name, so that a storm of one can't fill the log. Not
/// thread safe.
class limiter {
public:
  using time_point = std::chrono::steady_clock::time_point;

  static constexpr std::uint32_t lines_a_second = 10;
  /// Names are fixed words of our code; beyond this many something else is being passed,
  /// and it all counts as one name.
  static constexpr std::size_t max_names = 500;

  bool admit(std::string_view name, time_point now);

  /// True if lines were held back that nobody has been told of.
  bool owes_report() const noexcept { return owed_ > 0; }

  /// Calls `f(name, count)` for each name whose second is over and that held lines back.
  template <class F>
  void report(time_point now, F f) {
    for (auto& [name, x] : names_)
      if (x.held_back > 0 && now - x.since >= std::chrono::seconds{1}) {
        f(std::string_view{name}, x.held_back);
        owed_ -= x.held_back;
        x.held_back = 0;
      }
  }

private:
  struct window {
    time_point since;
    std::uint32_t lines = 0;
    std::uint64_t held_back = 0;
  };
  std::map<std::string, window, std::less<>> names_;
  std::uint64_t owed_ = 0;
};

} // namespace lakegate::log
