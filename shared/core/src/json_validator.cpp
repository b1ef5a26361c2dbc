#include "shared/core/src/json_validator.hpp"

#include <lakegate/core/json_writer.hpp>

#include "shared/core/src/json_scan.hpp"
#include "shared/core/src/utf8.hpp"

#include <algorithm>
#include <utility>

namespace lakegate {

namespace {

/// Keeps every offset within 32 bits; far beyond any body that a process takes.
constexpr std::size_t max_text_size = std::size_t{1} << 30;
constexpr std::size_t few_keys = 8;
constexpr std::size_t max_shown_key = 64;

bool is_plain(char c) noexcept {
  return static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\';
}

std::string quoted(std::string_view key) {
  auto size = std::min(key.size(), max_shown_key);
  while (size < key.size() && (static_cast<unsigned char>(key[size]) & 0xC0) == 0x80)
    --size;
  std::string result;
  append_json_string(result, key.substr(0, size));
  if (size < key.size())
    result.insert(result.size() - 1, "…");
  return result;
}

} // namespace

json_fault json_validator::run() {
  if (text_.size() > max_text_size)
    return {max_text_size, "the text is too large"};
  do
    at_ = json_scan::skip_space(text_, at_);
  while ((next_ != expected::nothing || !at_end()) && step());
  return std::move(fault_);
}

bool json_validator::step() {
  switch (next_) {
  case expected::value:
    return read_value();
  case expected::value_or_end:
    return sees(']') ? close() : read_value();
  case expected::key:
    return read_key();
  case expected::key_or_end:
    return sees('}') ? close() : read_key();
  case expected::next:
    return read_separator();
  case expected::nothing:
    break;
  }
  return fail_here("there is text behind the value");
}

bool json_validator::read_value() {
  if (at_end())
    return fail_here("the text ends where a value is expected");
  auto c = text_[at_];
  if (c == '{' || c == '[')
    return open(c == '{');
  auto good = c == '"'   ? read_string()
              : c == 't' ? read_word("true")
              : c == 'f' ? read_word("false")
              : c == 'n' ? read_word("null")
                         : read_number();
  next_ = depth_ == 0 ? expected::nothing : expected::next;
  return good;
}

bool json_validator::read_word(std::string_view word) {
  if (text_.substr(at_, word.size()) != word)
    return fail_here("a value is expected");
  at_ += word.size();
  return true;
}

bool json_validator::read_number() {
  auto start = at_;
  if (sees('-'))
    ++at_;
  if (!sees_digit())
    return fail(start, at_ == start ? "a value is expected" : "a minus needs a digit");
  if (sees('0')) {
    ++at_;
    if (sees_digit())
      return fail(start, "a number must not begin with a zero");
  } else {
    read_digits();
  }
  if (sees('.')) {
    ++at_;
    if (!read_digits())
      return fail_here("a digit is expected behind the decimal point");
  }
  if (sees('e') || sees('E')) {
    ++at_;
    if (sees('+') || sees('-'))
      ++at_;
    if (!read_digits())
      return fail_here("a digit is expected in the exponent");
  }
  return true;
}

bool json_validator::read_digits() {
  auto start = at_;
  while (sees_digit())
    ++at_;
  return at_ != start;
}

bool json_validator::read_string() {
  auto start = at_++;
  has_escape_ = false;
  for (;;) {
    while (at_ < text_.size() && is_plain(text_[at_]))
      ++at_;
    if (at_end())
      return fail(start, "a string does not end");
    if (text_[at_] == '"') {
      ++at_;
      return true;
    }
    if (text_[at_] != '\\')
      return fail_here("a control character in a string must be escaped");
    has_escape_ = true;
    if (!read_escape())
      return false;
  }
}

bool json_validator::read_escape() {
  auto kind = at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
  if (kind == 'u')
    return read_unicode_escape();
  if (kind == '\0' || std::string_view{"\"\\/bfnrt"}.find(kind) == std::string_view::npos)
    return fail_here("a backslash begins no escape of JSON");
  at_ += 2;
  return true;
}

bool json_validator::read_unicode_escape() {
  auto start = at_;
  char32_t code = 0;
  if (!read_hex(code))
    return false;
  if (code == 0)
    return fail(start, "\\u0000 is not allowed");
  if (code >= 0xDC00 && code <= 0xDFFF)
    return fail(start, "a low surrogate stands alone");
  if (code < 0xD800 || code > 0xDBFF)
    return true;
  if (text_.substr(at_, 2) != "\\u")
    return fail(start, "a high surrogate stands alone");
  if (!read_hex(code))
    return false;
  if (code < 0xDC00 || code > 0xDFFF)
    return fail(start, "a high surrogate stands alone");
  return true;
}

bool json_validator::read_hex(char32_t& code) {
  code = 0;
  for (auto i = at_ + 2; i < at_ + 6; ++i) {
    auto c = i < text_.size() ? text_[i] : '\0';
    char32_t digit = c >= '0' && c <= '9'   ? static_cast<char32_t>(c - '0')
                     : c >= 'a' && c <= 'f' ? static_cast<char32_t>(c - 'a' + 10)
                     : c >= 'A' && c <= 'F' ? static_cast<char32_t>(c - 'A' + 10)
                                            : 16;
    if (digit == 16)
      return fail_here("\\u needs four hexadecimal digits");
    code = code * 16 + digit;
  }
  at_ += 6;
  return true;
}

bool json_validator::read_key() {
  if (!sees('"'))
    return fail_here(at_end() ? "the text ends inside an object"
                              : "a key in double quotes is expected");
  auto start = at_;
  if (!read_string())
    return false;
  auto body = text_.substr(start + 1, at_ - start - 2);
  key_place key{static_cast<std::uint32_t>(start), static_cast<std::uint32_t>(start + 1),
                static_cast<std::uint32_t>(body.size())};
  if (has_escape_) {
    auto before = unescaped_.size();
    json_scan::append_unescaped(unescaped_, body);
    key.begin = static_cast<std::uint32_t>(text_.size() + before);
    key.size = static_cast<std::uint32_t>(unescaped_.size() - before);
  }
  keys_.push_back(key);
  at_ = json_scan::skip_space(text_, at_);
  if (!sees(':'))
    return fail_here("a colon is expected behind the key");
  ++at_;
  next_ = expected::value;
  return true;
}

bool json_validator::read_separator() {
  auto is_object = open_[depth_ - 1].is_object;
  if (sees(is_object ? '}' : ']'))
    return close();
  if (!sees(','))
    return fail_here(at_end()    ? is_object ? "the text ends inside an object"
                                             : "the text ends inside an array"
                     : is_object ? "a comma or } is expected"
                                 : "a comma or ] is expected");
  ++at_;
  next_ = is_object ? expected::key : expected::value;
  return true;
}

bool json_validator::open(bool is_object) {
  if (depth_ == open_.size())
    return fail_here("nesting is deeper than " + std::to_string(open_.size()));
  open_[depth_++] = {is_object, static_cast<std::uint32_t>(keys_.size()),
                     static_cast<std::uint32_t>(unescaped_.size())};
  ++at_;
  next_ = is_object ? expected::key_or_end : expected::value_or_end;
  return true;
}

bool json_validator::close() {
  const auto& top = open_[depth_ - 1];
  if (top.is_object) {
    if (!keys_are_unique(top.first_key))
      return false;
    keys_.resize(top.first_key);
    unescaped_.resize(top.unescaped_size);
  }
  --depth_;
  ++at_;
  next_ = depth_ == 0 ? expected::nothing : expected::next;
  return true;
}

bool json_validator::keys_are_unique(std::uint32_t first) {
  auto begin = keys_.begin() + first;
  auto fail_with = [&](const key_place& key) {
    return fail(key.offset,
                "the key " + quoted(key_text(key)) + " comes twice in one object");
  };
  if (static_cast<std::size_t>(keys_.end() - begin) <= few_keys) {
    for (auto i = begin; i != keys_.end(); ++i)
      for (auto j = begin; j != i; ++j)
        if (i->size == j->size && key_text(*i) == key_text(*j))
          return fail_with(*i);
    return true;
  }
  std::sort(begin, keys_.end(), [&](const key_place& a, const key_place& b) {
    if (a.size != b.size)
      return a.size < b.size;
    auto order = key_text(a).compare(key_text(b));
    return order != 0 ? order < 0 : a.offset < b.offset;
  });
  auto twice =
      std::adjacent_find(begin, keys_.end(), [&](const key_place& a, const key_place& b) {
        return a.size == b.size && key_text(a) == key_text(b);
      });
  return twice == keys_.end() || fail_with(*std::next(twice));
}

std::string_view json_validator::key_text(const key_place& key) const noexcept {
  if (key.begin < text_.size())
    return text_.substr(key.begin, key.size);
  return std::string_view{unescaped_}.substr(key.begin - text_.size(), key.size);
}

bool json_validator::fail(std::size_t offset, std::string reason) {
  fault_ = {offset, std::move(reason)};
  return false;
}

bool json_validator::fail_here(std::string reason) {
  return fail(at_, std::move(reason));
}

} // namespace lakegate
