#pragma once

#include <string_view>

namespace lakegate {

/// `text` without the `blanks` at its ends.
std::string_view trimmed(std::string_view text, std::string_view blanks = " \t\r\n");

} // namespace lakegate
