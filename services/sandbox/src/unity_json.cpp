#include "services/sandbox/src/unity_json.hpp"

#include "services/sandbox/src/accounts.hpp"
#include "services/sandbox/src/fnv1a.hpp"

#include <array>
#include <cstdint>

namespace lakegate::sandbox {

namespace {

/// Zero, false and empty members are left out, as Unity Catalog does.
void member_unless_empty(json_writer& w, std::string_view name,
                         const std::string& value) {
  if (!value.empty())
    w.member(name, value);
}

void write_origin(json_writer& w, const std::string& full_name, std::string_view owner) {
  w.member("owner", owner).member("metastore_id", metastore_id);
  w.member("created_at", stable_creation_time(full_name)).member("created_by", owner);
  w.member("updated_at", stable_creation_time(full_name)).member("updated_by", owner);
}

std::string type_json(const column_entry& column) {
  json_writer w;
  w.begin_object().member("name", column.name).key("type");
  w.raw(spark_type_json(column.type.text)).member("nullable", column.nullable);
  w.key("metadata").begin_object();
  member_unless_empty(w, "comment", column.comment);
  w.end_object().end_object();
  return std::move(w).str();
}

void write_columns(json_writer& w, const std::vector<column_entry>& columns) {
  w.key("columns").begin_array();
  std::int32_t position = 0;
  for (const auto& c : columns) {
    w.begin_object()
        .member("name", c.name)
        .member("type_text", catalog_type_text(c.type));
    w.member("type_json", type_json(c)).member("type_name", c.type.name);
    w.member("type_precision", c.type.precision).member("type_scale", c.type.scale);
    member_unless_empty(w, "type_interval_type", c.type.interval);
    w.member("position", position++);
    member_unless_empty(w, "comment", c.comment);
    w.member("nullable", c.nullable).end_object();
  }
  w.end_array();
}

void write_properties(json_writer& w, const table_entry& from) {
  w.key("properties").begin_object().member("delta.minReaderVersion", "1");
  if (from.row_count >= 0) {
    w.member("spark.sql.statistics.numRows", std::to_string(from.row_count));
    w.member("spark.sql.statistics.totalSize", std::to_string(from.size_bytes));
  }
  w.end_object();
}

void write_key(json_writer& w, const key_entry& key) {
  w.key("table_constraints").begin_array().begin_object();
  w.key("primary_key_constraint").begin_object().member("name", key.name);
  w.key("child_columns").begin_array();
  for (const auto& c : key.columns)
    w.value(c);
  w.end_array().end_object().end_object().end_array();
}

} // namespace

std::string stable_id(std::string_view name) {
  constexpr std::string_view digits = "0123456789abcdef";
  const std::array<std::uint64_t, 2> halves{fnv1a(name), fnv1a(name, fnv1a(name))};
  std::string result;
  for (std::size_t i = 0; i < 32; ++i) {
    if (i == 8 || i == 12 || i == 16 || i == 20)
      result += '-';
    result += digits[halves[i / 16] >> (i % 16 * 4) & 15];
  }
  return result;
}

std::int64_t stable_creation_time(std::string_view name) {
  constexpr std::int64_t first_of_2025 = 1'735'689'600'000;
  constexpr std::uint64_t thirty_days = 2'592'000'000;
  return first_of_2025 + static_cast<std::int64_t>(fnv1a(name) % thirty_days);
}

void write_catalog(json_writer& w, const catalog_entry& from) {
  w.begin_object().member("name", from.name).member("full_name", from.name);
  w.member("catalog_type", from.name == "samples" ? "SYSTEM_CATALOG" : "MANAGED_CATALOG");
  member_unless_empty(w, "comment", from.comment);
  write_origin(w, from.name, owner_name);
  w.member("isolation_mode", "OPEN").member("securable_type", "CATALOG").end_object();
}

void write_schema(json_writer& w, const std::string& catalog, const schema_entry& from) {
  const auto full_name = catalog + "." + from.name;
  w.begin_object().member("name", from.name).member("catalog_name", catalog);
  w.member("full_name", full_name).member("schema_id", stable_id(full_name));
  member_unless_empty(w, "comment", from.comment);
  write_origin(w, full_name, from.owner);
  w.member("catalog_type", "MANAGED_CATALOG").end_object();
}

void write_table(json_writer& w, const std::string& catalog, const std::string& schema,
                 const table_entry& from, const table_detail& detail,
                 const std::optional<key_entry>& key) {
  const auto full_name = catalog + "." + schema + "." + from.name;
  w.begin_object().member("name", from.name).member("catalog_name", catalog);
  w.member("schema_name", schema).member("full_name", full_name);
  w.member("table_id", stable_id(full_name)).member("table_type", from.table_type);
  if (from.table_type == "MANAGED")
    w.member("data_source_format", "DELTA");
  member_unless_empty(w, "view_definition", from.view_definition);
  member_unless_empty(w, "comment", from.comment);
  if (detail.columns)
    write_columns(w, from.columns);
  if (detail.properties)
    write_properties(w, from);
  if (detail.user_names) {
    write_origin(w, full_name, from.owner);
  } else {
    w.member("metastore_id", metastore_id);
    w.member("created_at", stable_creation_time(full_name));
  }
  if (key)
    write_key(w, *key);
  w.end_object();
}

} // namespace lakegate::sandbox
