#pragma once

#include "services/sandbox/src/sql_lexer.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace lakegate::sandbox {

/// A parameter of a statement as the API takes it.
struct sql_parameter {
  std::string name;                 ///< Empty for one given by `ordinal`.
  std::string type = "STRING";      ///< `BIGINT`, `DECIMAL(10,2)` …
  std::optional<std::string> value; ///< Nothing is SQL NULL.
  int ordinal = 0;                  ///< 1-based, for `?`.
};

/// What a statement does, as far as it must be run differently.
enum class statement_kind {
  query,   ///< Has rows.
  insert,  ///< Answers with num_affected_rows and num_inserted_rows.
  change,  ///< UPDATE, DELETE: answers with num_affected_rows.
  command, ///< DDL and the rest: no columns.
};

/// A table as the statement names it; empty parts were left out.
struct table_name {
  std::string catalog;
  std::string schema;
  std::string table;
  friend bool operator==(const table_name&, const table_name&) = default;
};

/// `offset` of the PostgreSQL text stands where `source` of the Databricks text does.
struct text_position {
  std::size_t offset = 0;
  std::size_t source = 0;
};

/// A statement in PostgreSQL's SQL.
struct translation {
  statement_kind kind = statement_kind::query;
  std::string sql;
  std::vector<std::optional<std::string>> parameters; ///< `$1` …, text form.
  std::string catalog;                                ///< The one it names; empty: none.
  std::vector<table_name> tables;
  std::vector<text_position> positions;
};

/// Why a statement failed, in Databricks' words (`status.error` and `sql_state`).
struct statement_error {
  std::string message;
  std::string sql_state;
  std::string error_code = "BAD_REQUEST";
};

/// Translates one Databricks statement: backticks, three-part names (one catalog a
/// statement), parameters with casts by their declared type, IDENTIFIER(), `<=>`, type
/// names, literals. What both dialects spell alike passes through.
std::variant<translation, statement_error>
translate(std::string_view statement, const std::vector<sql_parameter>& parameters);

/// PostgreSQL's name of a Databricks scalar type: `STRING` is `text`; an unknown one as
/// it is.
std::string postgres_type(std::string_view databricks_type);

/// A name as PostgreSQL quotes it, and as Databricks does.
std::string double_quoted(std::string_view name);
std::string backticked(std::string_view name);

/// The parse error of Databricks at `offset` of `statement`; `near` empty: the end of
/// input.
statement_error syntax_error(std::string_view statement, std::size_t offset,
                             std::string_view near);

/// `line 1 pos 14` of a byte offset.
std::string line_and_position(std::string_view statement, std::size_t offset,
                              std::string_view separator = " ");

/// Where in the Databricks text the piece at `offset` of the translation came from.
std::size_t source_offset(const translation& done, std::size_t offset);

} // namespace lakegate::sandbox
