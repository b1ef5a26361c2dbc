#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace lakegate::catalog {

/// The families of Databricks' types that our JSON and our parameters tell apart.
enum class type_kind {
  boolean,
  integer, ///< TINYINT, SMALLINT, INT, BIGINT.
  float32, ///< FLOAT, REAL.
  float64, ///< DOUBLE.
  decimal,
  date,
  timestamp,
  timestamp_ntz, ///< Wall-clock time without a zone.
  string,        ///< STRING, CHAR(n), VARCHAR(n).
  binary,
  array,
  map,
  structure,
  variant,
  other, ///< INTERVAL, GEOGRAPHY, VOID and whatever comes later: carried as text.
};

/// A type as Databricks writes it, e.g. `array<struct<a:int,b:decimal(10,2)>>`.
struct column_type {
  type_kind kind = type_kind::other;
  /// ARRAY: the element. MAP: key and value. STRUCT: the fields in order.
  std::vector<column_type> parts;
  std::vector<std::string> field_names; ///< Of a STRUCT, as many as parts.
};

/// Reads the type text of Unity Catalog (lower case) or of a statement's manifest (upper
/// case, blanks after commas and colons). What it can't read is `other`; it never fails.
/// https://docs.databricks.com/sql/language-manual/sql-ref-datatypes.html
column_type parse_column_type(std::string_view text);

/// Equal but for the case of ASCII letters; Databricks' names ignore case.
bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept;

} // namespace lakegate::catalog
