#pragma once

#include <cstddef>
#include <string_view>

namespace lakegate {

/// `text` without the `blanks` at its ends.
std::string_view trimmed(std::string_view text, std::string_view blanks = " \t\r\n");

/// True if `holds`, a function of one `unsigned char`, does of every byte. For text that
/// is nearly always in order: all of it is looked at, sixteen bytes in one go where
/// `holds` is made of comparisons joined by `&` and `|`.
template <class F>
constexpr bool every_byte(std::string_view text, F holds) {
  constexpr std::size_t together = 16;
  const auto is_wrong = [&text, holds](std::size_t i) -> unsigned char {
    return !holds(static_cast<unsigned char>(text[i]));
  };
  unsigned char wrong = 0;
  for (; text.size() >= together; text.remove_prefix(together))
    for (std::size_t i = 0; i < together; ++i)
      wrong |= is_wrong(i);
  for (std::size_t i = 0; i < text.size(); ++i)
    wrong |= is_wrong(i);
  return wrong == 0;
}

/// True if there is a control character of ASCII in `text`; a tab is one.
bool has_control_character(std::string_view text) noexcept;

/// True if all of `text` is visible ASCII: neither blank nor control character.
bool is_visible(std::string_view text) noexcept;

} // namespace lakegate
