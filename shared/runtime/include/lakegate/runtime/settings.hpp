#pragma once

#include <caf/error.hpp>
#include <caf/expected.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lakegate::runtime {

/// One setting of a process; a row of its table. `--help`, `--print-config`, the checks
/// and the settings chapter of the docs are all rendered from these rows.
struct setting {
  std::string_view name; ///< `database.pool-size`: command line `--database.pool-size=2`.
  /// Environment variables that give it, first set one wins; the platform's own first.
  std::vector<std::string_view> variables;
  std::string_view default_value;
  /// Says what is wrong with a value ("must be between 1 and 64"); empty: nothing.
  std::function<std::string(std::string_view)> check;
  std::string_view description;
  bool is_secret = false; ///< `--print-config` shows `<redacted>`.
};

/// One table of several, in their order. Where they share a name its first row counts.
std::vector<setting> joined(std::initializer_list<std::vector<setting>> tables);

/// Checks for `setting::check`. Text that passes is read by the getter of that kind.
std::function<std::string(std::string_view)> integer_between(std::int64_t low,
                                                             std::int64_t high);
std::function<std::string(std::string_view)>
duration_between(std::chrono::milliseconds low, std::chrono::milliseconds high);
std::function<std::string(std::string_view)> one_of(std::vector<std::string_view> words);
std::function<std::string(std::string_view)> boolean(); ///< 0 1 true false yes no on off
std::function<std::string(std::string_view)> anything();

using environment = std::map<std::string, std::string, std::less<>>;
environment process_environment();

/// A setting, or several together, can't be used: the error that `read_config` functions
/// and `program::start` return. `sentence` is all that the user will see.
caf::error setting_error(std::string sentence);
/// The sentence of such an error; of any other error the best words there are.
std::string sentence_of(const caf::error& err);

/// The values of a process' settings, each checked: command line over environment over
/// configuration file over default.
///
/// The file (`--config-file=PATH`) is an INI file: `[section]`, `name = value`,
/// whole-line comments with `#` or `;`; a value may stand in double quotes. CAF's own
/// reader is not used: it refuses unquoted host names and ignores the second of two equal
/// names.
///
/// An environment variable that is empty counts as absent, as compose files produce them.
/// A name that comes twice in a table is one setting, and its first row counts, so that
/// `lakegate-all` can join the tables of its parts.
class settings {
public:
  /// `arguments` without the program's name. The error says in one sentence which setting
  /// is wrong, where it was given and what it must be; an unknown argument is an error,
  /// too. A secret is refused on the command line, which every process can read.
  static caf::expected<settings> resolve(std::span<const setting> table,
                                         std::span<const std::string> arguments,
                                         const environment& variables);

  /// All of these throw std::logic_error for a name that is not in the table, or a value
  /// that is no such thing (the row lacks its check): a defect.
  const std::string& text(std::string_view name) const;
  std::int64_t integer(std::string_view name) const;
  bool flag(std::string_view name) const;
  /// Durations are written `250ms`, `30s`, `5min`, `1h`; a bare number is seconds.
  std::chrono::milliseconds duration(std::string_view name) const;
  bool is_set(std::string_view name) const; ///< Given by anything but the default.

  /// One line a setting, `name=value  # where from`, secrets as `<redacted>`.
  std::string print() const;

private:
  struct entry {
    std::string value;
    std::string origin;
    bool is_secret = false;
    bool is_default = true;
  };
  const entry& find(std::string_view name) const;

  std::map<std::string, entry, std::less<>> entries_;
};

/// The text of `--help`.
std::string render_help(std::string_view program, std::string_view purpose,
                        std::span<const setting> table);

/// An example `.env` file: every setting that a variable can give, commented out, with
/// its default and description.
std::string render_environment_example(std::string_view program,
                                       std::span<const setting> table);

} // namespace lakegate::runtime
