#include "services/sandbox/src/unity_reader.hpp"

#include "services/sandbox/src/accounts.hpp"
#include "services/sandbox/src/sql.hpp"

#include <cstdlib>
#include <map>

namespace lakegate::sandbox {

namespace {

using postgres::result_ptr;

std::string text_at(const postgres::rows& rows, std::size_t row, std::size_t column) {
  return std::string{rows.at(row, column).value_or("")};
}

std::int64_t number_at(const postgres::rows& rows, std::size_t row, std::size_t column) {
  return std::strtoll(text_at(rows, row, column).c_str(), nullptr, 10);
}

bool flag_at(const postgres::rows& rows, std::size_t row, std::size_t column) {
  return rows.at(row, column) == "t";
}

std::string table_type_of(std::string_view relkind) {
  if (relkind == "v")
    return "VIEW";
  if (relkind == "m")
    return "MATERIALIZED_VIEW";
  return relkind == "f" ? "FOREIGN" : "MANAGED";
}

/// Names as the text of a PostgreSQL array.
std::string array_text(const std::vector<table_entry>& tables) {
  std::string result = "{";
  for (const auto& t : tables) {
    result += result.size() > 1 ? ",\"" : "\"";
    for (const auto c : t.name) {
      if (c == '"' || c == '\\')
        result += '\\';
      result += c;
    }
    result += '"';
  }
  return result + "}";
}

} // namespace

std::optional<std::vector<catalog_entry>>
unity_reader::catalogs(std::string_view user) const {
  const auto answer =
      pool_.run(std::string{maintenance_database}, std::string{sql::catalogs},
                {std::string{user}, std::string{owner_name}});
  const auto* rows = std::get_if<result_ptr>(&answer);
  if (!rows)
    return std::nullopt;
  std::vector<catalog_entry> result;
  for (std::size_t i = 0; i < (*rows)->size(); ++i)
    result.push_back(
        {text_at(**rows, i, 0), text_at(**rows, i, 1), flag_at(**rows, i, 2)});
  return result;
}

std::optional<std::vector<schema_entry>>
unity_reader::schemas(std::string_view user, const std::string& catalog) const {
  const auto answer = pool_.run(catalog, std::string{sql::schemas},
                                {std::string{user}, std::string{helper_schema}});
  const auto* rows = std::get_if<result_ptr>(&answer);
  if (!rows)
    return std::nullopt;
  std::vector<schema_entry> result;
  for (std::size_t i = 0; i < (*rows)->size(); ++i)
    result.push_back({text_at(**rows, i, 0), text_at(**rows, i, 1), text_at(**rows, i, 2),
                      flag_at(**rows, i, 3)});
  return result;
}

std::optional<std::vector<table_entry>>
unity_reader::tables(std::string_view user, const std::string& catalog,
                     const std::string& schema) const {
  const auto answer =
      pool_.run(catalog, std::string{sql::tables}, {std::string{user}, schema});
  const auto* rows = std::get_if<result_ptr>(&answer);
  if (!rows)
    return std::nullopt;
  std::vector<table_entry> result;
  for (std::size_t i = 0; i < (*rows)->size(); ++i)
    result.push_back({text_at(**rows, i, 0),
                      table_type_of(text_at(**rows, i, 1)),
                      text_at(**rows, i, 2),
                      text_at(**rows, i, 3),
                      flag_at(**rows, i, 4),
                      text_at(**rows, i, 5),
                      number_at(**rows, i, 6),
                      number_at(**rows, i, 7),
                      {}});
  return result;
}

bool unity_reader::read_columns(const std::string& catalog, const std::string& schema,
                                std::vector<table_entry>& of) const {
  const auto answer =
      pool_.run(catalog, std::string{sql::columns}, {schema, array_text(of)});
  const auto* rows = std::get_if<result_ptr>(&answer);
  if (!rows)
    return false;
  std::map<std::string, table_entry*, std::less<>> by_name;
  for (auto& t : of)
    by_name[t.name] = &t;
  for (std::size_t i = 0; i < (*rows)->size(); ++i)
    by_name.at(text_at(**rows, i, 0))
        ->columns.push_back({text_at(**rows, i, 1), column_type_of(text_at(**rows, i, 2)),
                             !flag_at(**rows, i, 3), text_at(**rows, i, 4)});
  return true;
}

std::optional<key_entry> unity_reader::primary_key(const std::string& catalog,
                                                   const std::string& schema,
                                                   const std::string& table) const {
  const auto answer = pool_.run(catalog, std::string{sql::primary_key}, {schema, table});
  const auto* rows = std::get_if<result_ptr>(&answer);
  if (!rows || (*rows)->size() == 0)
    return std::nullopt;
  key_entry result{text_at(**rows, 0, 0), {}};
  for (std::size_t i = 0; i < (*rows)->size(); ++i)
    result.columns.push_back(text_at(**rows, i, 1));
  return result;
}

} // namespace lakegate::sandbox
