#include "shared/runtime/src/config_file.hpp"

#include <lakegate/core/text.hpp>
#include <lakegate/runtime/settings.hpp>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <optional>
#include <sstream>
#include <utility>

namespace lakegate::runtime {

namespace {

/// The text between double quotes, where `\"` and `\\` stand for the second character;
/// nothing if `text` is not one quoted string.
std::optional<std::string> unquoted(std::string_view text) {
  if (text.size() < 2 || text.back() != '"')
    return std::nullopt;
  std::string result;
  auto body = text.substr(1, text.size() - 2);
  for (std::size_t i = 0; i < body.size(); ++i) {
    if (body[i] == '"' || (body[i] == '\\' && i + 1 == body.size()))
      return std::nullopt;
    if (body[i] == '\\' && (body[i + 1] == '"' || body[i + 1] == '\\'))
      ++i;
    result += body[i];
  }
  return result;
}

class ini_reader {
public:
  /// What is wrong with the line; empty: nothing.
  std::string read(std::string_view line) {
    line = trimmed(line);
    if (line.empty() || line.front() == '#' || line.front() == ';')
      return {};
    return line.front() == '[' ? read_section(line) : read_value(line);
  }

  std::map<std::string, std::string> values;

private:
  std::string read_section(std::string_view line) {
    auto name = trimmed(line.substr(1, line.size() - 2));
    if (line.back() != ']' || name.empty())
      return "a section is written [name]";
    section_ = name;
    return {};
  }

  std::string read_value(std::string_view line) {
    auto equals = line.find('=');
    auto name = trimmed(line.substr(0, equals));
    if (equals == std::string_view::npos || name.empty())
      return "a setting is written name = value";
    auto value = trimmed(line.substr(equals + 1));
    std::string text{value};
    if (value.starts_with('"')) {
      auto inner = unquoted(value);
      if (!inner)
        return "the quotes of " + std::string{name} + " do not end with the line";
      text = *inner;
    }
    auto full_name =
        section_.empty() ? std::string{name} : section_ + "." + std::string{name};
    if (!values.emplace(full_name, std::move(text)).second)
      return full_name + " comes twice";
    return {};
  }

  std::string section_;
};

} // namespace

caf::expected<std::map<std::string, std::string>>
read_config_file(const std::string& path) {
  std::ifstream in{path};
  std::ostringstream content;
  if (!in || !(content << in.rdbuf()))
    return setting_error("The configuration file " + path
                         + " can't be read: " + std::strerror(errno) + ".");
  return parse_config_file(content.str(), path);
}

caf::expected<std::map<std::string, std::string>>
parse_config_file(std::string_view content, const std::string& path) {
  ini_reader reader;
  for (int number = 1; !content.empty(); ++number) {
    auto end = std::min(content.find('\n'), content.size());
    auto wrong = reader.read(content.substr(0, end));
    if (!wrong.empty())
      return setting_error("Line " + std::to_string(number) + " of " + path
                           + " is wrong: " + wrong + ".");
    content.remove_prefix(std::min(end + 1, content.size()));
  }
  return std::move(reader.values);
}

} // namespace lakegate::runtime
