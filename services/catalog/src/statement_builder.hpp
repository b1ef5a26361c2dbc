#pragma once

#include "services/catalog/src/query_plan.hpp"

namespace lakegate::catalog {

/// A statement and its named, typed parameters. The text holds identifiers and markers
/// only, never a value, so it may be shown.
struct built_statement {
  std::string text;
  std::vector<databricks::statement_parameter> parameters;
};

/// The largest OFFSET that Databricks takes: LIMIT and OFFSET must be INT.
inline constexpr std::int64_t max_sql_offset = 2'147'483'647;

/// Quotes one identifier: in backticks, those inside doubled. What is quoted can't end
/// the identifier, and a dot inside doesn't split it.
/// https://docs.databricks.com/sql/language-manual/sql-ref-identifiers.html
std::string quote_identifier(std::string_view name);

/// Reads the page. BINARY columns come as base64. An offset beyond `max_sql_offset` reads
/// no row.
built_statement build_page(const query_plan& plan);

/// Counts the rows that the same conditions leave.
built_statement build_count(const query_plan& plan);

} // namespace lakegate::catalog
