#include <lakegate/runtime/settings.hpp>

#include <set>

namespace lakegate::runtime {

namespace {

/// Calls `f` for the rows that count: the first of each name.
template <class F>
void each_setting(std::span<const setting> table, F f) {
  std::set<std::string_view> seen;
  for (const auto& row : table)
    if (seen.insert(row.name).second)
      f(row);
}

void append_words(std::string& out, std::span<const std::string_view> words) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0)
      out += ", ";
    out += words[i];
  }
}

} // namespace

std::string settings::print() const {
  std::string out;
  for (const auto& [name, x] : entries_) {
    auto hidden = x.is_secret && !x.value.empty();
    out += name + "=" + (hidden ? "<redacted>" : x.value) + "  # " + x.origin + "\n";
  }
  return out;
}

std::string render_help(std::string_view program, std::string_view purpose,
                        std::span<const setting> table) {
  std::string out{program};
  out += ": ";
  out += purpose;
  out += "\n\nUsage: ";
  out += program;
  out += " [--SETTING=VALUE ...]\n\n"
         "  --help                 this text\n"
         "  --version              the version\n"
         "  --print-config         every setting, its value and where it comes from\n"
         "  --print-env-example    an example .env file\n"
         "  --config-file=PATH     an INI file of settings: [section], name = value\n\n"
         "Settings: the command line wins over the environment, that over the file, that "
         "over the default.\nSecrets are not taken from the command line.\n";
  each_setting(table, [&](const setting& row) {
    out += "\n  --";
    out += row.name;
    out += row.is_secret ? " (secret)" : "=";
    out += row.default_value;
    out += "\n      ";
    out += row.description;
    if (!row.variables.empty()) {
      out += "\n      Variable: ";
      append_words(out, row.variables);
    }
    out += '\n';
  });
  return out;
}

std::string render_environment_example(std::string_view program,
                                       std::span<const setting> table) {
  std::string out{"# The environment of "};
  out += program;
  out += ". Every line is a default; remove the # of what you change.\n";
  each_setting(table, [&](const setting& row) {
    if (row.variables.empty())
      return;
    out += "\n# ";
    out += row.description;
    if (row.variables.size() > 1) {
      out += " (also: ";
      append_words(out, std::span{row.variables}.subspan(1));
      out += ')';
    }
    out += "\n# ";
    out += row.variables.front();
    out += '=';
    out += row.default_value;
    out += '\n';
  });
  return out;
}

} // namespace lakegate::runtime
