#include <lakegate/core/json_view.hpp>

#include <lakegate/core/text.hpp>

#include "shared/core/src/json_scan.hpp"

#include <charconv>

namespace lakegate {

namespace {

using json_scan::skip_space;

/// Calls `f(key body, value)` for each member until it returns false.
template <class F>
void scan_members(std::string_view text, F f) {
  auto at = skip_space(text, 1);
  while (at < text.size() && text[at] == '"') {
    auto key_end = json_scan::skip_string(text, at);
    auto value = skip_space(text, skip_space(text, key_end) + 1);
    auto end = json_scan::skip_value(text, value);
    if (!f(text.substr(at + 1, key_end - at - 2), text.substr(value, end - value)))
      return;
    at = skip_space(text, skip_space(text, end) + 1);
  }
}

/// Calls `f(value)` for each element until it returns false.
template <class F>
void scan_elements(std::string_view text, F f) {
  auto at = skip_space(text, 1);
  while (at < text.size() && text[at] != ']') {
    auto end = json_scan::skip_value(text, at);
    if (!f(text.substr(at, end - at)))
      return;
    at = skip_space(text, skip_space(text, end) + 1);
  }
}

bool has_escape(std::string_view body) noexcept {
  return body.find('\\') != std::string_view::npos;
}

std::string unescaped(std::string_view body) {
  std::string result;
  result.reserve(body.size());
  json_scan::append_unescaped(result, body);
  return result;
}

template <class T>
std::optional<T> parsed(std::string_view text) noexcept {
  T x{};
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), x);
  if (error != std::errc{} || end != text.data() + text.size())
    return std::nullopt;
  return x;
}

} // namespace

json_view::json_view(const json_text& text) : text_{trimmed(text.str())} {}

json_view json_view::of_validated(std::string_view text) {
  json_view result;
  result.text_ = trimmed(text);
  return result;
}

json_kind json_view::kind() const noexcept {
  switch (text_.empty() ? 'n' : text_.front()) {
  case '{':
    return json_kind::object;
  case '[':
    return json_kind::array;
  case '"':
    return json_kind::string;
  case 't':
  case 'f':
    return json_kind::boolean;
  case 'n':
    return json_kind::null;
  default:
    return json_kind::number;
  }
}

std::optional<std::string> json_view::string() const {
  if (!is_string())
    return std::nullopt;
  return unescaped(text_.substr(1, text_.size() - 2));
}

std::optional<std::int64_t> json_view::integer() const {
  return is_number() ? parsed<std::int64_t>(text_) : std::nullopt;
}

std::optional<double> json_view::number() const {
  return is_number() ? parsed<double>(text_) : std::nullopt;
}

std::optional<bool> json_view::boolean() const {
  if (!is_boolean())
    return std::nullopt;
  return text_ == "true";
}

json_view json_view::operator[](std::string_view key) const {
  json_view found;
  if (!is_object())
    return found;
  scan_members(text_, [&](std::string_view body, std::string_view value) {
    if (has_escape(body) ? unescaped(body) != key : body != key)
      return true;
    found.text_ = value;
    return false;
  });
  return found;
}

json_view json_view::operator[](std::size_t index) const {
  json_view found;
  if (!is_array())
    return found;
  scan_elements(text_, [&](std::string_view value) {
    if (index-- > 0)
      return true;
    found.text_ = value;
    return false;
  });
  return found;
}

void json_view::each_member(
    const std::function<bool(const std::string& key, json_view)>& f) const {
  if (!is_object())
    return;
  scan_members(text_, [&](std::string_view body, std::string_view value) {
    json_view member;
    member.text_ = value;
    return f(unescaped(body), member);
  });
}

void json_view::each_element(const std::function<bool(json_view)>& f) const {
  if (!is_array())
    return;
  scan_elements(text_, [&](std::string_view value) {
    json_view element;
    element.text_ = value;
    return f(element);
  });
}

std::size_t json_view::size() const {
  std::size_t count = 0;
  if (is_object())
    scan_members(text_, [&](std::string_view, std::string_view) { return ++count > 0; });
  else if (is_array())
    scan_elements(text_, [&](std::string_view) { return ++count > 0; });
  return count;
}

} // namespace lakegate
