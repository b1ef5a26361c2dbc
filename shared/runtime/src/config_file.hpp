#pragma once

#include <caf/expected.hpp>

#include <map>
#include <string>
#include <string_view>

namespace lakegate::runtime {

/// The values of an INI file by their full names (`section.name`). The error is a
/// sentence with the number of the line.
caf::expected<std::map<std::string, std::string>>
read_config_file(const std::string& path);

/// The same for the content of a file; `path` is for the sentence.
caf::expected<std::map<std::string, std::string>>
parse_config_file(std::string_view content, const std::string& path);

} // namespace lakegate::runtime
