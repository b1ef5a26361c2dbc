#pragma once

#include <cstddef>
#include <string>
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

/// True if all of `text` is well-formed.
bool is_valid(std::string_view text) noexcept;

/// Appends `code`, which must be a Unicode scalar value.
void append(std::string& out, char32_t code);

} // namespace lakegate::utf8
