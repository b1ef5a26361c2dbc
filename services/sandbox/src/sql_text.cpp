#include "services/sandbox/src/sql_translation.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace lakegate::sandbox {

namespace {

std::string quoted(std::string_view name, char mark) {
  std::string result(1, mark);
  for (const auto c : name) {
    if (c == mark)
      result += mark;
    result += c;
  }
  return result + mark;
}

/// Line (from 1) and position in it (from 0) of a byte offset.
std::pair<std::size_t, std::size_t> place_of(std::string_view statement,
                                             std::size_t offset) {
  const auto head = statement.substr(0, offset);
  const auto line =
      static_cast<std::size_t>(std::count(head.begin(), head.end(), '\n')) + 1;
  const auto break_at = head.rfind('\n');
  return {line,
          break_at == std::string_view::npos ? head.size() : head.size() - break_at - 1};
}

} // namespace

std::string double_quoted(std::string_view name) {
  return quoted(name, '"');
}

std::string backticked(std::string_view name) {
  return quoted(name, '`');
}

std::string postgres_type(std::string_view databricks_type) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 18> known{{
      {"STRING", "text"},
      {"BIGINT", "bigint"},
      {"LONG", "bigint"},
      {"INT", "integer"},
      {"INTEGER", "integer"},
      {"SMALLINT", "smallint"},
      {"SHORT", "smallint"},
      {"TINYINT", "smallint"},
      {"BYTE", "smallint"},
      {"FLOAT", "real"},
      {"REAL", "real"},
      {"DOUBLE", "double precision"},
      {"BINARY", "bytea"},
      {"TIMESTAMP", "timestamptz"},
      {"TIMESTAMP_NTZ", "timestamp"},
      {"TIMESTAMP_LTZ", "timestamptz"},
      {"VOID", "text"},
      {"VARIANT", "jsonb"},
  }};
  const auto upper = to_upper(databricks_type);
  for (const auto& [name, postgres] : known)
    if (upper == name)
      return std::string{postgres};
  const auto harmless =
      upper.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_(), ");
  return harmless == std::string::npos && !upper.empty() ? to_lower(upper) : "text";
}

std::string line_and_position(std::string_view statement, std::size_t offset,
                              std::string_view separator) {
  const auto [line, position] = place_of(statement, offset);
  return "line " + std::to_string(line) + std::string{separator} + "pos "
         + std::to_string(position);
}

statement_error syntax_error(std::string_view statement, std::size_t offset,
                             std::string_view near) {
  const auto what =
      near.empty() ? std::string{"end of input"} : "'" + std::string{near} + "'";
  const auto [line, position] = place_of(statement, offset);
  auto shown = std::string{statement};
  auto line_end = shown.find('\n', offset);
  if (line_end == std::string::npos)
    line_end = shown.size();
  const auto mark = std::string{"\n"} + std::string(position, '-') + "^^^";
  shown.insert(line_end, mark);
  return {"\n[PARSE_SYNTAX_ERROR] Syntax error at or near " + what + ". SQLSTATE: 42601 ("
              + line_and_position(statement, offset, ", ") + ")\n\n== SQL ==\n" + shown
              + "\n",
          "42601"};
}

std::size_t source_offset(const translation& done, std::size_t offset) {
  std::size_t result = 0;
  for (const auto& p : done.positions) {
    if (p.offset > offset)
      break;
    result = p.source;
  }
  return result;
}

} // namespace lakegate::sandbox
