#include <lakegate/core/json_writer.hpp>

#include "shared/core/src/utf8.hpp"

#include <charconv>
#include <cmath>

namespace lakegate {

namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD"; // U+FFFD

template <class T>
void append_number(std::string& out, T x) {
  char buffer[32];
  auto end = std::to_chars(buffer, buffer + sizeof(buffer), x).ptr;
  out.append(buffer, end);
}

void append_escaped(std::string& out, char c) {
  constexpr char digits[] = "0123456789abcdef";
  switch (c) {
  case '"':
    out += "\\\"";
    break;
  case '\\':
    out += "\\\\";
    break;
  case '\b':
    out += "\\b";
    break;
  case '\f':
    out += "\\f";
    break;
  case '\n':
    out += "\\n";
    break;
  case '\r':
    out += "\\r";
    break;
  case '\t':
    out += "\\t";
    break;
  default:
    out += "\\u00";
    out += digits[(c >> 4) & 0xF];
    out += digits[c & 0xF];
  }
}

bool is_plain(unsigned char c) noexcept {
  return c >= 0x20 && c < 0x80 && c != '"' && c != '\\';
}

} // namespace

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  std::size_t at = 0;
  while (at < text.size()) {
    auto start = at;
    while (at < text.size() && is_plain(static_cast<unsigned char>(text[at])))
      ++at;
    out.append(text, start, at - start);
    if (at == text.size())
      break;
    if (static_cast<unsigned char>(text[at]) < 0x80) {
      append_escaped(out, text[at++]);
    } else if (auto c = utf8::decode(text, at); c.size > 0) {
      out.append(text, at, c.size);
      at += c.size;
    } else {
      out += replacement;
      ++at;
    }
  }
  out += '"';
}

json_writer& json_writer::begin_object() {
  separate();
  out_ += '{';
  return *this;
}

json_writer& json_writer::end_object() {
  out_ += '}';
  needs_comma_ = true;
  return *this;
}

json_writer& json_writer::begin_array() {
  separate();
  out_ += '[';
  return *this;
}

json_writer& json_writer::end_array() {
  out_ += ']';
  needs_comma_ = true;
  return *this;
}

json_writer& json_writer::key(std::string_view name) {
  separate();
  append_json_string(out_, name);
  out_ += ':';
  return *this;
}

json_writer& json_writer::value(std::string_view text) {
  separate();
  append_json_string(out_, text);
  needs_comma_ = true;
  return *this;
}

json_writer& json_writer::value(bool x) {
  return raw(x ? "true" : "false");
}

json_writer& json_writer::value(std::int64_t x) {
  separate();
  append_number(out_, x);
  needs_comma_ = true;
  return *this;
}

json_writer& json_writer::value(std::uint64_t x) {
  separate();
  append_number(out_, x);
  needs_comma_ = true;
  return *this;
}

json_writer& json_writer::value(double x) {
  if (std::isnan(x))
    return raw("\"NaN\"");
  if (std::isinf(x))
    return raw(x > 0 ? "\"Infinity\"" : "\"-Infinity\"");
  separate();
  append_number(out_, x);
  needs_comma_ = true;
  return *this;
}

json_writer& json_writer::raw(std::string_view json) {
  separate();
  out_ += json;
  needs_comma_ = true;
  return *this;
}

void json_writer::separate() {
  if (needs_comma_)
    out_ += ',';
  needs_comma_ = false;
}

} // namespace lakegate
