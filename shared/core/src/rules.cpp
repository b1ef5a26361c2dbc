#include <lakegate/core/rules.hpp>

#include "shared/core/src/utf8.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <utility>

namespace lakegate::rules {

namespace {

void add(faults& found, std::string_view field, std::string reason) {
  found.push_back({std::string{field}, std::move(reason)});
}

/// Unicode's general category Cc.
bool is_control(char32_t c) noexcept {
  return c < 0x20 || (c >= 0x7F && c <= 0x9F);
}

/// Unicode's property White_Space (PropList.txt).
bool is_blank(char32_t c) noexcept {
  return (c >= 0x09 && c <= 0x0D) || c == 0x20 || c == 0x85 || c == 0xA0 || c == 0x1680
         || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F
         || c == 0x205F || c == 0x3000;
}

/// What the rules ask of a text.
struct summary {
  std::size_t characters = 0;
  bool has_control = false;
  bool begins_blank = false;
  bool ends_blank = false;
  bool is_all_blank = true;
};

summary summarize(std::string_view text) noexcept {
  summary result;
  for (std::size_t at = 0; at < text.size();) {
    auto c = utf8::decode(text, at);
    auto blank = is_blank(c.code);
    result.begins_blank |= at == 0 && blank;
    result.ends_blank = blank;
    result.is_all_blank &= blank;
    result.has_control |= is_control(c.code);
    ++result.characters;
    at += c.size;
  }
  return result;
}

/// False, with a fault, if `text` can't be a name of 1 to `max_characters` at all.
bool check_name(std::string_view field, std::string_view text, std::size_t max_characters,
                summary& facts, faults& found) {
  if (!is_utf8(text)) {
    add(found, field, "must be valid UTF-8");
    return false;
  }
  facts = summarize(text);
  if (facts.characters == 0 || facts.characters > max_characters)
    add(found, field,
        "must be 1 to " + std::to_string(max_characters) + " characters long");
  if (facts.has_control)
    add(found, field, "must not contain control characters");
  return true;
}

} // namespace

void check_preference_key(std::string_view field, std::string_view key, faults& found) {
  summary facts;
  if (!check_name(field, key, max_key_characters, facts, found))
    return;
  if (facts.characters > 0 && facts.is_all_blank)
    add(found, field, "must not be blank");
  else if (facts.begins_blank || facts.ends_blank)
    add(found, field, "must not begin or end with a blank");
  if (key == "." || key == "..")
    add(found, field, "must not be \".\" or \"..\"");
}

void check_identifier(std::string_view field, std::string_view name, faults& found) {
  summary facts;
  check_name(field, name, max_identifier_characters, facts, found);
}

void check_limit(std::string_view field, std::int64_t limit, faults& found) {
  if (limit < 1 || limit > max_limit)
    add(found, field, "must be between 1 and " + std::to_string(max_limit));
}

void check_offset(std::string_view field, std::int64_t offset, faults& found) {
  if (offset < 0)
    add(found, field, "must be 0 or more");
}

std::optional<std::int64_t> parse_number(std::string_view field, std::string_view text,
                                         faults& found) {
  auto negative = text.starts_with('-');
  auto digits = text.substr(negative ? 1 : 0);
  auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  std::int64_t magnitude = 0;
  auto failed = std::errc{};
  if (!digits.empty() && std::ranges::all_of(digits, is_digit))
    failed = std::from_chars(digits.data(), digits.data() + digits.size(), magnitude).ec;
  else
    failed = std::errc::invalid_argument;
  if (failed == std::errc::invalid_argument
      || (negative && failed == std::errc{} && magnitude == 0)) {
    add(found, field, "must be a whole number in decimal digits");
    return std::nullopt;
  }
  if (negative)
    return failed == std::errc{} ? -magnitude : std::numeric_limits<std::int64_t>::min();
  if (failed != std::errc{}) {
    add(found, field, "is too large");
    return std::nullopt;
  }
  return magnitude;
}

bool is_correlation_id(std::string_view text) noexcept {
  auto is_allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
           || c == '.' || c == '_' || c == '-';
  };
  return !text.empty() && text.size() <= 128 && std::ranges::all_of(text, is_allowed);
}

bool is_utf8(std::string_view text) noexcept {
  return utf8::is_valid(text);
}

std::size_t count_characters(std::string_view text) noexcept {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

} // namespace lakegate::rules
