#include <lakegate/runtime/settings.hpp>

#include <lakegate/core/errors.hpp>
#include <lakegate/core/json_writer.hpp>

#include "shared/runtime/src/config_file.hpp"
#include "shared/runtime/src/setting_values.hpp"

#include <caf/deep_to_string.hpp>

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <utility>

#include <unistd.h>

namespace lakegate::runtime {

namespace {

constexpr std::string_view config_file_argument = "--config-file=";

const setting* find_row(std::span<const setting> table, std::string_view name) {
  auto row = std::ranges::find(table, name, &setting::name);
  return row == table.end() ? nullptr : &*row;
}

std::string quoted(std::string_view text) {
  std::string result;
  append_json_string(result, text);
  return result;
}

/// What is wrong with `value` from `origin`, as a sentence; nothing: it is good.
std::optional<std::string> complaint(const setting& row, std::string_view value,
                                     std::string_view origin) {
  auto wrong = row.check ? row.check(value) : std::string{};
  if (wrong.empty())
    return std::nullopt;
  if (row.is_secret)
    return std::string{origin} + " is not valid; it " + wrong + ".";
  return std::string{origin} + " is " + quoted(value) + "; it " + wrong + ".";
}

/// A value and who gave it, in words for a sentence.
struct given_value {
  std::string value;
  std::string origin;
};

/// All that can give a setting a value, but its default.
struct sources {
  std::map<std::string, std::string, std::less<>> command_line;
  const environment* variables = nullptr;
  std::map<std::string, std::string, std::less<>> file;
  std::string file_path;

  std::optional<given_value> find(const setting& row) const {
    if (auto x = command_line.find(row.name); x != command_line.end())
      return given_value{x->second, "--" + x->first};
    for (auto variable : row.variables)
      if (auto x = variables->find(variable); x != variables->end() && !x->second.empty())
        return given_value{x->second, x->first};
    if (auto x = file.find(row.name); x != file.end())
      return given_value{x->second, x->first + " in " + file_path};
    return std::nullopt;
  }
};

/// Fills `command_line` and `file_path`.
caf::error read_arguments(std::span<const setting> table,
                          std::span<const std::string> arguments, sources& out) {
  for (const auto& argument : arguments) {
    if (argument.starts_with(config_file_argument)) {
      out.file_path = argument.substr(config_file_argument.size());
      continue;
    }
    auto equals = argument.find('=');
    auto name = argument.substr(0, equals);
    const auto* row = name.starts_with("--") ? find_row(table, name.substr(2)) : nullptr;
    if (!row)
      return setting_error(name + " is not an argument of this program; see --help.");
    if (equals == std::string::npos)
      return setting_error(name + " needs a value, written " + name + "=VALUE.");
    if (row->is_secret)
      return setting_error(
          name
          + " is a secret, and every process can read a command line; use "
            "its environment variable or the configuration file.");
    out.command_line[std::string{row->name}] = argument.substr(equals + 1);
  }
  return caf::none;
}

/// Fills `file` from `file_path`, if there is one.
caf::error read_file(std::span<const setting> table, sources& out) {
  if (out.file_path.empty())
    return caf::none;
  auto read = read_config_file(out.file_path);
  if (!read)
    return read.error();
  for (auto& [name, value] : *read) {
    if (!find_row(table, name))
      return setting_error(name + " in " + out.file_path
                           + " is not a setting of this program; see --help.");
    out.file.emplace(name, std::move(value));
  }
  return caf::none;
}

} // namespace

environment process_environment() {
  environment result;
  for (auto variable = environ; variable && *variable; ++variable) {
    std::string_view text{*variable};
    auto equals = text.find('=');
    if (equals != std::string_view::npos)
      result.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return result;
}

std::vector<setting> joined(std::initializer_list<std::vector<setting>> tables) {
  std::vector<setting> result;
  for (const auto& table : tables)
    result.insert(result.end(), table.begin(), table.end());
  return result;
}

caf::error setting_error(std::string sentence) {
  return make_error(failure{errc::invalid_request, std::move(sentence), {}, caf::none});
}

std::string sentence_of(const caf::error& err) {
  auto words = failure_of(err);
  if (!words.message.empty())
    return words.message;
  if (words.code != errc::internal_error)
    return std::string{spec_of(words.code).message};
  return err ? caf::deep_to_string(err) : std::string{"No error."};
}

caf::expected<settings> settings::resolve(std::span<const setting> table,
                                          std::span<const std::string> arguments,
                                          const environment& variables) {
  sources from;
  from.variables = &variables;
  if (auto err = read_arguments(table, arguments, from))
    return err;
  if (auto err = read_file(table, from))
    return err;
  settings result;
  for (const auto& row : table) {
    if (result.entries_.contains(row.name))
      continue;
    auto given = from.find(row);
    entry x{std::string{row.default_value}, "default", row.is_secret, !given};
    if (given) {
      x.value = std::move(given->value);
      x.origin = std::move(given->origin);
    }
    if (given || !x.value.empty()) {
      auto origin = given ? x.origin : "The default of " + std::string{row.name};
      if (auto wrong = complaint(row, x.value, origin))
        return setting_error(std::move(*wrong));
    }
    result.entries_.emplace(row.name, std::move(x));
  }
  return result;
}

const settings::entry& settings::find(std::string_view name) const {
  auto found = entries_.find(name);
  if (found == entries_.end())
    throw std::logic_error{"no setting is named " + std::string{name}};
  return found->second;
}

const std::string& settings::text(std::string_view name) const {
  return find(name).value;
}

std::int64_t settings::integer(std::string_view name) const {
  auto x = parse_integer(text(name));
  if (!x)
    throw std::logic_error{std::string{name} + " is no whole number"};
  return *x;
}

bool settings::flag(std::string_view name) const {
  auto x = parse_flag(text(name));
  if (!x)
    throw std::logic_error{std::string{name} + " is neither true nor false"};
  return *x;
}

std::chrono::milliseconds settings::duration(std::string_view name) const {
  auto x = parse_duration(text(name));
  if (!x)
    throw std::logic_error{std::string{name} + " is no duration"};
  return *x;
}

bool settings::is_set(std::string_view name) const {
  return !find(name).is_default;
}

} // namespace lakegate::runtime
