#pragma once

#include <cstddef>
#include <string_view>

namespace lakegate::utf8 {

/// One decoded character; `size` is 0 if the bytes at that place are not well-formed
/// UTF-8 (Unicode 15, table 3-7: no overlong form, no surrogate, nothing above U+10FFFF).
struct character {
  char32_t code = 0;
  std::size_t size = 0;
};

/// The character that starts at `text[at]`; `at` must be within `text`.
character decode(std::string_view text, std::size_t at) noexcept;

/// Appends `code`, which must be a Unicode scalar value, to `out` (a string).
template <class String>
void append(String& out, char32_t code) {
  auto put = [&](char32_t byte) { out.push_back(static_cast<char>(byte)); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0 | (code >> 6));
    put(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    put(0xE0 | (code >> 12));
    put(0x80 | ((code >> 6) & 0x3F));
    put(0x80 | (code & 0x3F));
  } else {
    put(0xF0 | (code >> 18));
    put(0x80 | ((code >> 12) & 0x3F));
    put(0x80 | ((code >> 6) & 0x3F));
    put(0x80 | (code & 0x3F));
  }
}

} // namespace lakegate::utf8
