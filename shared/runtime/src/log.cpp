#include <lakegate/runtime/log.hpp>

#include <lakegate/core/ids.hpp>
#include <lakegate/core/json_writer.hpp>

#include "shared/runtime/src/log_sink.hpp"

#include <array>
#include <atomic>
#include <charconv>
#include <chrono>
#include <cmath>

namespace lakegate::log {

namespace {

constexpr std::size_t max_text = 8 * 1024;
constexpr std::size_t usual_line = 512;

std::atomic<level> threshold{level::info};

constexpr std::array<std::string_view, 5> level_names{"debug", "info", "warn", "error",
                                                      "off"};

/// RFC 3339 with milliseconds; a thread works the date out once a second. What it keeps
/// has no destructor: lines are still written while the process ends, after the thread's
/// objects are gone.
void append_time(std::string& out) {
  using namespace std::chrono;
  thread_local sys_seconds known = sys_seconds::min();
  thread_local std::array<char, std::string_view{"1970-01-01T00:00:00."}.size()> text;
  auto now = floor<milliseconds>(system_clock::now());
  auto second = floor<seconds>(now);
  if (second != known) {
    to_rfc3339(second).copy(text.data(), text.size());
    known = second;
  }
  auto ms = (now - second).count();
  out.append(text.data(), text.size());
  out += static_cast<char>('0' + ms / 100);
  out += static_cast<char>('0' + ms / 10 % 10);
  out += static_cast<char>('0' + ms % 10);
  out += 'Z';
}

template <class T>
void append_number(std::string& out, T x) {
  std::array<char, 32> buffer;
  auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), x).ptr;
  out.append(buffer.data(), end);
}

struct value_writer {
  std::string& out;

  void operator()(std::string_view text) const {
    append_json_string(out, text.substr(0, max_text));
  }
  void operator()(std::int64_t x) const { append_number(out, x); }
  void operator()(std::uint64_t x) const { append_number(out, x); }
  void operator()(double x) const {
    if (std::isfinite(x))
      append_number(out, x);
    else
      out += std::isnan(x) ? "\"NaN\"" : x > 0 ? "\"Infinity\"" : "\"-Infinity\"";
  }
  void operator()(bool x) const { out += x ? "true" : "false"; }
};

} // namespace

void begin_line(std::string& out, std::string_view level, std::string_view event) {
  out += "{\"time\":\"";
  append_time(out);
  out += "\",\"level\":\"";
  out += level;
  out += '"';
  out += sink::instance().process();
  out += ",\"event\":";
  append_json_string(out, event);
}

void event(level severity, std::string_view name, fields more) {
  if (!enabled(severity))
    return;
  auto& target = sink::instance();
  auto urgent = severity >= level::warn;
  if (urgent && !target.admit(name))
    return;
  std::string line;
  line.reserve(usual_line);
  begin_line(line, to_string(severity), name);
  for (const auto& x : more) {
    line += ',';
    append_json_string(line, x.key);
    line += ':';
    std::visit(value_writer{line}, x.value);
  }
  line += "}\n";
  target.append(line, urgent);
}

bool enabled(level severity) noexcept {
  return severity >= threshold.load(std::memory_order_relaxed) && severity != level::off;
}

void set_level(level x) noexcept {
  threshold.store(x, std::memory_order_relaxed);
}

level get_level() noexcept {
  return threshold.load(std::memory_order_relaxed);
}

std::string_view to_string(level x) noexcept {
  return level_names[static_cast<std::size_t>(x)];
}

std::optional<level> parse_level(std::string_view word) noexcept {
  for (std::size_t i = 0; i < level_names.size(); ++i)
    if (level_names[i] == word)
      return static_cast<level>(i);
  return std::nullopt;
}

void set_process(std::string_view name) {
  sink::instance().set_process(name);
}

void flush() {
  sink::instance().flush();
}

bool open_file(const std::string& path) {
  return sink::instance().open_file(path);
}

} // namespace lakegate::log
