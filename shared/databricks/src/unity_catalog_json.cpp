#include "shared/databricks/src/unity_catalog_json.hpp"

#include "shared/databricks/src/classify.hpp"

#include <charconv>

namespace lakegate::databricks {

namespace {

/// Statistics that ANALYZE TABLE leaves in the properties, as text.
caf::optional<std::int64_t> read_statistic(json_view properties, std::string_view name) {
  auto text = properties[name].string().value_or("");
  std::int64_t result = 0;
  auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), result);
  if (text.empty() || problem != std::errc{} || end != text.data() + text.size())
    return caf::none;
  return result;
}

/// Lists leave constraints out; a single table has them.
void read_primary_key(json_fields& fields, table_info& result) {
  fields.each("table_constraints", [&](json_view element) {
    auto key = json_fields{element}.object("primary_key_constraint");
    if (!key.exists())
      return element.is_object();
    json_fields constraint{key};
    constraint.each("child_columns", [&](json_view name) {
      result.primary_key.push_back(name.string().value_or(""));
      return name.is_string();
    });
    return constraint.is_valid();
  });
}

std::optional<table_info> read_table_object(json_view object) {
  json_fields fields{object};
  table_info result;
  result.name = fields.required_text("name");
  result.catalog = fields.text("catalog_name");
  result.schema = fields.text("schema_name");
  result.table_type = fields.text("table_type");
  result.owner = fields.text("owner");
  result.updated_at_ms = fields.integer("updated_at");
  auto properties = fields.object("properties");
  result.row_count = read_statistic(properties, "spark.sql.statistics.numRows");
  result.size_bytes = read_statistic(properties, "spark.sql.statistics.totalSize");
  fields.each("columns", [&](json_view element) {
    auto column = read_column(element, result.columns.size());
    if (column)
      result.columns.push_back(std::move(*column));
    return column.has_value();
  });
  read_primary_key(fields, result);
  return fields.is_valid() ? std::optional{std::move(result)} : std::nullopt;
}

bool is_browse_only(json_view entry) {
  return entry["browse_only"].boolean().value_or(false);
}

} // namespace

std::optional<column_info> read_column(json_view column, std::size_t position) {
  json_fields fields{column};
  column_info result;
  result.name = fields.text("name");
  result.type_text = fields.text("type_text");
  result.type_name = fields.text("type_name");
  result.nullable = fields.flag("nullable", true);
  result.position = static_cast<std::int32_t>(
      fields.integer("position").value_or(static_cast<std::int64_t>(position)));
  return fields.is_valid() ? std::optional{std::move(result)} : std::nullopt;
}

caf::expected<name_page> read_name_page(http::response& answer, std::string_view list) {
  auto json = read_object(answer);
  if (!json)
    return json.error();
  name_page result;
  json_fields fields{json_view{*json}};
  result.next_page_token = fields.text("next_page_token");
  fields.each(list, [&](json_view element) {
    json_fields entry{element};
    auto name = entry.required_text("name");
    if (!is_browse_only(element))
      result.names.push_back(std::move(name));
    return entry.is_valid();
  });
  if (!fields.is_valid())
    return invalid_answer(answer, "The answer is not a list of Unity Catalog.");
  return result;
}

caf::expected<table_page> read_table_page(http::response& answer) {
  auto json = read_object(answer);
  if (!json)
    return json.error();
  table_page result;
  json_fields fields{json_view{*json}};
  result.next_page_token = fields.text("next_page_token");
  fields.each("tables", [&](json_view element) {
    auto table = read_table_object(element);
    if (table && !is_browse_only(element))
      result.tables.push_back(std::move(*table));
    return table.has_value();
  });
  if (!fields.is_valid())
    return invalid_answer(answer, "The answer is not a list of tables.");
  return result;
}

caf::expected<table_info> read_table(http::response& answer) {
  auto json = read_object(answer);
  if (!json)
    return json.error();
  auto table = read_table_object(json_view{*json});
  if (!table)
    return invalid_answer(answer, "The answer is not a table of Unity Catalog.");
  return *std::move(table);
}

} // namespace lakegate::databricks
