#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>

/// One JSON line an event on standard error (or the configured file):
/// `{"time":"…Z","level":"info","process":"catalog","event":"query_finished",…}`.
/// Thread safe and cheap: a line goes into a buffer that a timer thread writes every 20
/// ms and `flush` at once; a warning or error flushes soon. Bounded: beyond the buffer
/// lines are dropped and counted in a line of their own (`log_lines_dropped`). At most 10
/// lines a second of one event name at `warn` and above; what is held back is counted,
/// too
/// (`log_lines_held_back`). Text beyond 8 KiB is cut. Usable before `main` and from any
/// thread, but not from destructors of static objects.
namespace lakegate::log {

enum class level : std::uint8_t { debug, info, warn, error, off };

/// `debug`, `info`, `warn`, `error` or `off`; and back.
std::string_view to_string(level x) noexcept;
std::optional<level> parse_level(std::string_view word) noexcept;

/// One member of the line; text is escaped, so it can't break out of its line.
struct field {
  std::string_view key;
  std::variant<std::string_view, std::int64_t, std::uint64_t, double, bool> value;

  field(std::string_view k, std::string_view v) : key{k}, value{v} {}
  field(std::string_view k, const std::string& v) : key{k}, value{std::string_view{v}} {}
  field(std::string_view k, const char* v) : key{k}, value{std::string_view{v}} {}
  template <class T>
  requires std::is_arithmetic_v<T> field(std::string_view k, T v) : key{k} {
    if constexpr (std::is_same_v<T, bool>)
      value = v;
    else if constexpr (std::is_floating_point_v<T>)
      value = static_cast<double>(v);
    else if constexpr (std::is_unsigned_v<T>)
      value = static_cast<std::uint64_t>(v);
    else
      value = static_cast<std::int64_t>(v);
  }
};
using fields = std::initializer_list<field>;

/// `name` is a fixed snake_case word: what happened.
void event(level severity, std::string_view name, fields more = {});

inline void debug(std::string_view name, fields more = {}) {
  event(level::debug, name, more);
}
inline void info(std::string_view name, fields more = {}) {
  event(level::info, name, more);
}
inline void warn(std::string_view name, fields more = {}) {
  event(level::warn, name, more);
}
inline void error(std::string_view name, fields more = {}) {
  event(level::error, name, more);
}

/// False: lines of that level go nowhere, so building their fields can be skipped.
bool enabled(level severity) noexcept;

/// `info` unless set. Changeable at run time (`PUT /log-level` of the admin port).
void set_level(level threshold) noexcept;
level get_level() noexcept;

/// The `process` member of all further lines.
void set_process(std::string_view name);

/// Writes what is buffered and counts of what is held back; called before exit.
void flush();

/// Appends to this file instead of standard error; false if it can't be opened.
bool open_file(const std::string& path);

} // namespace lakegate::log
