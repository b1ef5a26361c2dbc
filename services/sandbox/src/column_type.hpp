#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace lakegate::sandbox {

/// A column's type as Databricks names it.
struct column_type {
  std::string text;     ///< As in a statement's manifest: `BIGINT`, `ARRAY<INT>`.
  std::string name;     ///< `LONG`, `ARRAY`: ColumnTypeName.
  int precision = 0;    ///< Of DECIMAL.
  int scale = 0;        ///< Of DECIMAL.
  std::string interval; ///< Of INTERVAL: `DAY TO SECOND`.
};

/// The type of what PostgreSQL calls `formatted` (`format_type()`): `numeric(10,2)`,
/// `integer[]`, or one of the sandbox's domains, whose name is the Databricks type:
/// `lakegate_sandbox."MAP<STRING, INT>"`. What Databricks has no type for is a STRING.
column_type column_type_of(std::string_view formatted);

/// The type as Unity Catalog writes it: `map<string,int>`.
std::string catalog_type_text(const column_type& type);

/// Spark's JSON of the type: `"long"`, `{"type":"array","elementType":"integer",…}`.
std::string spark_type_json(std::string_view type_text);

} // namespace lakegate::sandbox
