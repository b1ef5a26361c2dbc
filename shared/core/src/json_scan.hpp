#pragma once

#include <cstddef>
#include <string>
#include <string_view>

/// Steps over JSON text. Except for `skip_space` the text must be valid.
namespace lakegate::json_scan {

/// The first place from `at` on that is no white space.
inline std::size_t skip_space(std::string_view text, std::size_t at) noexcept {
  while (at < text.size()
         && (text[at] == ' ' || text[at] == '\n' || text[at] == '\r' || text[at] == '\t'))
    ++at;
  return at;
}

/// The place behind the string whose opening quote is at `at`.
std::size_t skip_string(std::string_view text, std::size_t at) noexcept;

/// The place behind the value that starts at `at`.
std::size_t skip_value(std::string_view text, std::size_t at) noexcept;

/// Appends what `body`, the inside of a JSON string, stands for.
void append_unescaped(std::string& out, std::string_view body);

} // namespace lakegate::json_scan
