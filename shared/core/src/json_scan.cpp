#include "shared/core/src/json_scan.hpp"

#include "shared/core/src/utf8.hpp"

#include <algorithm>
#include <charconv>

namespace lakegate::json_scan {

namespace {

char32_t hex4(std::string_view body, std::size_t at) noexcept {
  unsigned code = 0;
  std::from_chars(body.data() + at, body.data() + at + 4, code, 16);
  return code;
}

char simple_escape(char c) noexcept {
  switch (c) {
  case 'b':
    return '\b';
  case 'f':
    return '\f';
  case 'n':
    return '\n';
  case 'r':
    return '\r';
  case 't':
    return '\t';
  default:
    return c; // quote, backslash and slash stand for themselves
  }
}

std::size_t skip_scalar(std::string_view text, std::size_t at) noexcept {
  return std::min(text.find_first_of(",]} \n\r\t", at), text.size());
}

} // namespace

std::size_t skip_string(std::string_view text, std::size_t at) noexcept {
  for (++at; at < text.size() && text[at] != '"'; ++at)
    if (text[at] == '\\')
      ++at;
  return std::min(at + 1, text.size());
}

std::size_t skip_value(std::string_view text, std::size_t at) noexcept {
  if (text[at] == '"')
    return skip_string(text, at);
  if (text[at] != '{' && text[at] != '[')
    return skip_scalar(text, at);
  std::size_t depth = 0;
  while (at < text.size()) {
    auto c = text[at];
    if (c == '"') {
      at = skip_string(text, at);
      continue;
    }
    ++at;
    if (c == '{' || c == '[')
      ++depth;
    else if ((c == '}' || c == ']') && --depth == 0)
      break;
  }
  return at;
}

void append_unescaped(std::string& out, std::string_view body) {
  std::size_t at = 0;
  while (at < body.size()) {
    auto stop = std::min(body.find('\\', at), body.size());
    out.append(body, at, stop - at);
    if (stop == body.size())
      return;
    at = stop + 2;
    if (body[stop + 1] != 'u') {
      out += simple_escape(body[stop + 1]);
      continue;
    }
    auto code = hex4(body, at);
    at += 4;
    if (code >= 0xD800 && code <= 0xDBFF) {
      code = 0x10000 + ((code - 0xD800) << 10) + (hex4(body, at + 2) - 0xDC00);
      at += 6;
    }
    utf8::append(out, code);
  }
}

} // namespace lakegate::json_scan
