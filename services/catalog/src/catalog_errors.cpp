#include "services/catalog/src/catalog_errors.hpp"

#include "services/catalog/src/column_type.hpp"
#include "services/catalog/src/statement_builder.hpp"

#include <lakegate/core/json_writer.hpp>

#include <algorithm>
#include <array>
#include <vector>

namespace lakegate::catalog {

namespace {

using databricks::failure_kind;

std::vector<std::string> parts_of(const call_target& target) {
  std::vector<std::string> result;
  for (const auto* part : {&target.catalog, &target.schema, &target.table})
    if (!part->empty())
      result.push_back(*part);
  return result;
}

std::string joined(const std::vector<std::string>& parts, std::size_t count) {
  std::string result;
  for (std::size_t i = 0; i < count; ++i)
    result += (i == 0 ? "" : ".") + parts[i];
  return result;
}

void add_target(json_writer& w, const call_target& target) {
  if (!target.catalog.empty())
    w.member("catalog", target.catalog);
  if (!target.schema.empty())
    w.member("schema", target.schema);
  if (!target.table.empty())
    w.member("table", target.table);
}

// -- what is missing --------------------------------------------------------------

struct missing_part {
  errc code;
  std::string_view word; ///< As Databricks' codes and resource types have it.
  std::string_view label;
  std::size_t parts; ///< Of its full name.
};

constexpr auto missing_parts = std::array{
    missing_part{errc::catalog_not_found, "CATALOG", "Catalog", 1},
    missing_part{errc::schema_not_found, "SCHEMA", "Schema", 2},
    missing_part{errc::table_not_found, "TABLE", "Table", 3},
};

/// By Databricks' code (SCHEMA_DOES_NOT_EXIST) or resource type, else by what was named.
const missing_part* find_missing(std::string_view code, std::string_view resource_type,
                                 const call_target& target) {
  auto named = parts_of(target).size();
  for (const auto& x : missing_parts)
    if (x.parts <= named
        && (code.starts_with(x.word) || equal_ignoring_case(resource_type, x.word)))
      return &x;
  return named == 0 ? nullptr : &missing_parts[named - 1];
}

failure not_found(const missing_part& what, const call_target& target) {
  json_writer w;
  w.begin_object();
  add_target(w, target);
  w.end_object();
  auto name = joined(parts_of(target), what.parts);
  return {what.code, std::string{what.label} + ' ' + name + " was not found.",
          std::move(w).str(), caf::none};
}

// -- what is denied ---------------------------------------------------------------

std::vector<std::string> split_name(std::string_view name, std::size_t count) {
  std::vector<std::string> result;
  while (result.size() + 1 < count) {
    auto dot = name.find('.');
    if (dot == std::string_view::npos)
      break;
    result.emplace_back(name.substr(0, dot));
    name.remove_prefix(dot + 1);
  }
  result.emplace_back(name);
  return result;
}

std::string upper(std::string_view text) {
  std::string result{text};
  std::transform(result.begin(), result.end(), result.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  return result;
}

std::size_t name_parts_of(std::string_view securable_type) {
  if (securable_type == "CATALOG")
    return 1;
  if (securable_type == "SCHEMA")
    return 2;
  if (securable_type == "TABLE" || securable_type == "VIEW")
    return 3;
  return 0;
}

bool is_privilege(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || c == ' ' || c == '_';
  });
}

failure denied(const databricks::denial& what, const call_target& target) {
  json_writer w;
  w.begin_object();
  std::string message;
  if (!what.privilege.empty()) {
    auto cure = grant_statement(what, target);
    w.member("securable_type", what.resource_type)
        .member("securable", what.resource_name);
    w.member("missing_privilege", what.privilege);
    if (!cure.empty())
      w.member("cure", cure);
    message = "You lack " + what.privilege + " on " + what.resource_type + ' '
              + what.resource_name + ". Ask an owner to grant it.";
  }
  add_target(w, target);
  w.end_object();
  return {errc::catalog_permission_denied, message, std::move(w).str(), caf::none};
}

// -- failed statements ------------------------------------------------------------

bool is_statement_class(const databricks::statement_status& x, std::string_view name,
                        std::string_view sql_state) {
  return x.error_class.starts_with(name)
         || (x.error_class.empty() && !sql_state.empty() && x.sql_state == sql_state);
}

failure with_class(errc code, std::string message,
                   const databricks::statement_status& x) {
  json_writer w;
  w.begin_object();
  if (!x.error_class.empty())
    w.member("error_class", x.error_class);
  if (!x.sql_state.empty())
    w.member("sql_state", x.sql_state);
  w.end_object();
  return {code, std::move(message), std::move(w).str(), caf::none};
}

failure failure_of_other_statement(const databricks::statement_status& x) {
  if (is_statement_class(x, "PARSE_SYNTAX_ERROR", "42601"))
    return {errc::internal_error, {}, {}, caf::none};
  if (is_statement_class(x, "UNRESOLVED_COLUMN", "42703"))
    return with_class(errc::invalid_query,
                      "The warehouse does not know a column that Unity Catalog lists.",
                      x);
  if (x.sql_state.starts_with("22"))
    return with_class(errc::invalid_query,
                      "A value of the query does not fit the column it is compared with.",
                      x);
  if (x.sql_state.starts_with("42"))
    return with_class(errc::invalid_query, "The warehouse refused the query.", x);
  if (x.error_code == "DEADLINE_EXCEEDED")
    return with_class(errc::query_timeout, {}, x);
  return with_class(errc::catalog_unavailable, {}, x);
}

} // namespace

std::string grant_statement(const databricks::denial& denied_access,
                            const call_target& target) {
  auto type = upper(denied_access.resource_type);
  auto count = name_parts_of(type);
  auto privilege = upper(denied_access.privilege);
  if (count == 0 || !is_privilege(privilege) || target.user_id.empty())
    return {};
  auto named = parts_of(target);
  auto is_target =
      named.size() >= count && joined(named, count) == denied_access.resource_name;
  auto parts = is_target ? std::vector(named.begin(),
                                       named.begin() + static_cast<std::ptrdiff_t>(count))
                         : split_name(denied_access.resource_name, count);
  if (parts.size() != count)
    return {};
  auto result = "GRANT " + privilege + " ON " + type + ' ';
  for (std::size_t i = 0; i < parts.size(); ++i)
    result += (i == 0 ? "" : ".") + quote_identifier(parts[i]);
  return result + " TO " + quote_identifier(target.user_id);
}

failure failure_of_call(const databricks::upstream_failure& x, const call_target& target,
                        errc on_timeout) {
  if (x.kind == failure_kind::not_found)
    if (auto what = find_missing(x.error_code, x.resource_type, target))
      return not_found(*what, target);
  if (x.kind == failure_kind::permission_denied) {
    auto what = databricks::denial{x.privilege, x.resource_type, x.resource_name};
    if (what.privilege.empty())
      what = databricks::find_denial(x.message).value_or(databricks::denial{});
    return denied(what, target);
  }
  auto err = databricks::translate(
      x, {errc::catalog_permission_denied, errc::catalog_unavailable,
          errc::catalog_unavailable, on_timeout, errc::invalid_query});
  return lakegate::failure_of(err);
}

failure failure_of_statement_call(databricks::upstream_failure x,
                                  const call_target& target) {
  auto is_no_warehouse =
      x.message.find("is not a valid endpoint id") != std::string::npos;
  if (x.kind == failure_kind::not_found || is_no_warehouse)
    return {errc::warehouse_not_configured,
            "The configured SQL warehouse does not exist. Check DATABRICKS_WAREHOUSE_ID.",
            {},
            caf::none};
  if (x.kind != failure_kind::permission_denied)
    x.message.clear();
  return failure_of_call(x, target, errc::query_timeout);
}

failure failure_of_statement(const databricks::statement_status& x,
                             const call_target& target) {
  if (x.error_message.find("Inline byte limit exceeded") != std::string::npos)
    return result_too_large();
  if (is_statement_class(x, "TABLE_OR_VIEW_NOT_FOUND", "42P01"))
    return not_found(missing_parts[2], target);
  if (is_statement_class(x, "SCHEMA_NOT_FOUND", "42704"))
    return not_found(missing_parts[1], target);
  if (is_statement_class(x, "CATALOG_NOT_FOUND", {})
      || is_statement_class(x, "NO_SUCH_CATALOG", {}))
    return not_found(missing_parts[0], target);
  if (is_statement_class(x, "INSUFFICIENT_PERMISSIONS", "42501")
      || x.error_message.find("PERMISSION_DENIED") != std::string::npos)
    return denied(databricks::find_denial(x.error_message).value_or(databricks::denial{}),
                  target);
  return failure_of_other_statement(x);
}

failure broken_answer() {
  return {errc::upstream_invalid_response, {}, {}, caf::none};
}

failure result_too_large() {
  return {
      errc::invalid_query,
      "The result is too large. Ask for fewer columns or a smaller limit.",
      R"({"errors":[{"field":"limit","reason":"gives a result that is too large; ask )"
      R"(for fewer columns or rows"}]})",
      caf::none};
}

} // namespace lakegate::catalog
