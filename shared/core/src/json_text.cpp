#include <lakegate/core/json_text.hpp>

#include "shared/core/src/json_scan.hpp"
#include "shared/core/src/json_validator.hpp"
#include "shared/core/src/utf8.hpp"

#include <utility>

namespace lakegate {

namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

std::size_t first_bad_byte(std::string_view text) noexcept {
  std::size_t at = 0;
  while (at < text.size()) {
    auto c = utf8::decode(text, at);
    if (c.size == 0)
      break;
    at += c.size;
  }
  return at;
}

} // namespace

std::variant<json_text, json_fault> json_text::parse(std::string text) {
  auto fault = find_json_fault(text);
  if (!fault.reason.empty())
    return fault;
  return trusted(std::move(text));
}

bool json_text::is_object() const noexcept {
  auto at = json_scan::skip_space(text_, 0);
  return at < text_.size() && text_[at] == '{';
}

json_fault find_json_fault(std::string_view text) {
  if (text.starts_with(byte_order_mark))
    return {0, "the text begins with a byte order mark"};
  if (!utf8::is_valid(text))
    return {first_bad_byte(text), "the text is not valid UTF-8"};
  return json_validator{text}.run();
}

} // namespace lakegate
