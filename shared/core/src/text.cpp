#include <lakegate/core/text.hpp>

namespace lakegate {

std::string_view trimmed(std::string_view text, std::string_view blanks) {
  auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos)
    return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

bool has_control_character(std::string_view text) noexcept {
  return !every_byte(text, [](unsigned char c) { return (c >= 0x20) & (c != 0x7f); });
}

bool is_visible(std::string_view text) noexcept {
  return every_byte(text, [](unsigned char c) { return (c > 0x20) & (c < 0x7f); });
}

} // namespace lakegate
