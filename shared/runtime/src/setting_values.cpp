#include "shared/runtime/src/setting_values.hpp"

#include <lakegate/runtime/settings.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace lakegate::runtime {

namespace {

using std::chrono::milliseconds;

struct unit {
  std::string_view suffix;
  milliseconds length;
};

constexpr std::array units{
    unit{"ms", milliseconds{1}}, unit{"s", std::chrono::seconds{1}},
    unit{"min", std::chrono::minutes{1}}, unit{"h", std::chrono::hours{1}}};

std::string to_text(milliseconds x) {
  auto best = std::find_if(units.rbegin(), units.rend(), [&](const unit& u) {
    return x % u.length == milliseconds{0};
  });
  if (x == milliseconds{0})
    return "0s";
  return std::to_string(x / best->length) + std::string{best->suffix};
}

} // namespace

std::optional<std::int64_t> parse_integer(std::string_view text) noexcept {
  std::int64_t x = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), x);
  if (error != std::errc{} || end != text.data() + text.size())
    return std::nullopt;
  return x;
}

std::optional<bool> parse_flag(std::string_view text) noexcept {
  if (text == "1" || text == "true" || text == "yes" || text == "on")
    return true;
  if (text == "0" || text == "false" || text == "no" || text == "off")
    return false;
  return std::nullopt;
}

std::optional<milliseconds> parse_duration(std::string_view text) noexcept {
  auto digits = std::min(text.find_first_not_of("0123456789"), text.size());
  auto count = parse_integer(text.substr(0, digits));
  auto suffix = digits == text.size() ? std::string_view{"s"} : text.substr(digits);
  auto found = std::ranges::find(units, suffix, &unit::suffix);
  if (!count || found == units.end() || *count > milliseconds::max() / found->length)
    return std::nullopt;
  return *count * found->length;
}

std::function<std::string(std::string_view)> integer_between(std::int64_t low,
                                                             std::int64_t high) {
  return [low, high](std::string_view text) -> std::string {
    auto x = parse_integer(text);
    if (x && *x >= low && *x <= high)
      return {};
    return "must be a whole number between " + std::to_string(low) + " and "
           + std::to_string(high);
  };
}

std::function<std::string(std::string_view)> duration_between(milliseconds low,
                                                              milliseconds high) {
  return [low, high](std::string_view text) -> std::string {
    auto x = parse_duration(text);
    if (x && *x >= low && *x <= high)
      return {};
    return "must be a duration between " + to_text(low) + " and " + to_text(high)
           + ", such as 250ms, 30s or 5min";
  };
}

std::function<std::string(std::string_view)> one_of(std::vector<std::string_view> words) {
  return [words = std::move(words)](std::string_view text) -> std::string {
    if (std::ranges::find(words, text) != words.end())
      return {};
    std::string list;
    for (std::size_t i = 0; i < words.size(); ++i) {
      if (i > 0)
        list += i + 1 == words.size() ? " or " : ", ";
      list += words[i];
    }
    return "must be " + list;
  };
}

std::function<std::string(std::string_view)> boolean() {
  return [](std::string_view text) -> std::string {
    if (parse_flag(text))
      return {};
    return "must be true or false";
  };
}

std::function<std::string(std::string_view)> anything() {
  return [](std::string_view) { return std::string{}; };
}

} // namespace lakegate::runtime
