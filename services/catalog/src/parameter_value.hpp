#pragma once

#include "services/catalog/src/column_type.hpp"

#include <lakegate/core/json_view.hpp>

#include <string>
#include <variant>

namespace lakegate::catalog {

/// A value as a statement parameter carries it: its SQL type, and its text.
struct typed_value {
  std::string type; ///< "BIGINT", "DECIMAL(4,2)" …: what CAST takes.
  std::string text;

  friend bool operator==(const typed_value&, const typed_value&) = default;
};

/// Types a filter's scalar by the column it is compared with, digit for digit. The other
/// alternative is the reason why it can't be compared: "must be a number, as the column
/// is of type bigint".
///
/// Numbers for integer and floating columns; strings or numbers for DECIMAL, whose digits
/// make the parameter's precision and scale; strings for DATE (`2026-01-31`), TIMESTAMP
/// (RFC 3339), TIMESTAMP_NTZ (without a zone) and STRING. All else is compared by is_null
/// only.
std::variant<typed_value, std::string>
type_value(const column_type& type, std::string_view type_text, json_view value);

} // namespace lakegate::catalog
