#include <lakegate/core/ids.hpp>

#include <algorithm>
#include <charconv>

namespace lakegate {

namespace {

using std::chrono::system_clock;

void append_digits(std::string& out, std::int64_t x, int width) {
  auto start = out.size();
  out.append(static_cast<std::size_t>(width), '0');
  for (auto i = width; i-- > 0; x /= 10)
    out[start + static_cast<std::size_t>(i)] = static_cast<char>('0' + x % 10);
}

/// Reads a text from left to right; after the first thing that is not as expected `good`
/// stays false.
struct reader {
  std::string_view rest;
  bool good = true;

  std::int64_t digits(std::size_t count, std::int64_t low, std::int64_t high) {
    auto word = rest.substr(0, count);
    std::int64_t x = -1;
    if (word.size() == count && std::ranges::all_of(word, is_digit))
      std::from_chars(word.data(), word.data() + count, x);
    good = good && x >= low && x <= high;
    rest.remove_prefix(word.size());
    return x;
  }

  bool take_any(std::string_view characters) {
    auto found = !rest.empty() && characters.find(rest.front()) != std::string_view::npos;
    if (found)
      rest.remove_prefix(1);
    return found;
  }

  void need_any(std::string_view characters) { good = take_any(characters) && good; }

  std::int64_t fraction_as_nanoseconds() {
    auto count =
        static_cast<std::size_t>(std::ranges::find_if_not(rest, is_digit) - rest.begin());
    if (count == 0 || count > 9)
      good = false;
    if (!good)
      return 0;
    auto x = digits(count, 0, 999'999'999);
    for (; count < 9; ++count)
      x *= 10;
    return x;
  }

  static bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
};

std::chrono::seconds read_offset(reader& in) {
  if (in.take_any("Zz"))
    return std::chrono::seconds{0};
  auto is_behind = in.take_any("-");
  if (!is_behind)
    in.need_any("+");
  auto offset = std::chrono::hours{in.digits(2, 0, 23)};
  in.need_any(":");
  auto total = offset + std::chrono::minutes{in.digits(2, 0, 59)};
  return is_behind ? -total : total;
}

system_clock::time_point nearest(std::chrono::sys_seconds seconds,
                                 std::chrono::nanoseconds fraction) {
  using std::chrono::ceil;
  using std::chrono::floor;
  if (seconds < ceil<std::chrono::seconds>(system_clock::time_point::min()))
    return system_clock::time_point::min();
  if (seconds >= floor<std::chrono::seconds>(system_clock::time_point::max()))
    return system_clock::time_point::max();
  return system_clock::time_point{seconds} + fraction;
}

} // namespace

std::string to_rfc3339(system_clock::time_point t) {
  auto ms = std::chrono::floor<std::chrono::milliseconds>(t);
  auto day = std::chrono::floor<std::chrono::days>(ms);
  std::chrono::year_month_day date{day};
  std::chrono::hh_mm_ss time{ms - day};
  std::string out;
  out.reserve(24);
  append_digits(out, int{date.year()}, 4);
  out += '-';
  append_digits(out, unsigned{date.month()}, 2);
  out += '-';
  append_digits(out, unsigned{date.day()}, 2);
  out += 'T';
  append_digits(out, time.hours().count(), 2);
  out += ':';
  append_digits(out, time.minutes().count(), 2);
  out += ':';
  append_digits(out, time.seconds().count(), 2);
  out += '.';
  append_digits(out, time.subseconds().count(), 3);
  out += 'Z';
  return out;
}

std::optional<system_clock::time_point> parse_rfc3339(std::string_view text) {
  reader in{text};
  auto year = in.digits(4, 0, 9999);
  in.need_any("-");
  auto month = in.digits(2, 1, 12);
  in.need_any("-");
  auto day = in.digits(2, 1, 31);
  in.need_any("Tt");
  auto hours = in.digits(2, 0, 23);
  in.need_any(":");
  auto minutes = in.digits(2, 0, 59);
  in.need_any(":");
  auto seconds = in.digits(2, 0, 60); // 60: a leap second, the same as the next one
  auto nanoseconds = in.take_any(".") ? in.fraction_as_nanoseconds() : 0;
  auto offset = read_offset(in);
  if (!in.good || !in.rest.empty())
    return std::nullopt;
  std::chrono::year_month_day date{std::chrono::year{static_cast<int>(year)},
                                   std::chrono::month{static_cast<unsigned>(month)},
                                   std::chrono::day{static_cast<unsigned>(day)}};
  if (!date.ok())
    return std::nullopt;
  return nearest(std::chrono::sys_days{date} + std::chrono::hours{hours}
                     + std::chrono::minutes{minutes} + std::chrono::seconds{seconds}
                     - offset,
                 std::chrono::nanoseconds{nanoseconds});
}

} // namespace lakegate
