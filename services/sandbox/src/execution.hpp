#pragma once

#include "services/sandbox/src/column_type.hpp"
#include "services/sandbox/src/sessions.hpp"
#include "services/sandbox/src/sql_translation.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace lakegate::sandbox {

/// What a caller asks the warehouse to run.
struct statement_request {
  std::string user;
  std::string statement;
  std::vector<sql_parameter> parameters;
  std::string catalog; ///< Empty: `main`.
  std::string schema;  ///< Empty: `default`.
  std::optional<std::int64_t> row_limit;
  std::optional<std::int64_t> byte_limit;
};

struct result_column {
  std::string name;
  column_type type;
};

/// A finished statement's rows, cells as the API writes them.
struct result_table {
  std::vector<result_column> columns;
  std::vector<std::vector<std::optional<std::string>>> rows;
  bool truncated = false;
  std::int64_t bytes = 0; ///< Of the cells, as JSON writes them.
};

/// What a statement came to.
using outcome = std::variant<result_table, statement_error>;

/// Told which PostgreSQL backend runs the statement, so that it can be cancelled.
struct backend_watch {
  /// False: the statement was cancelled meanwhile and must not run.
  std::function<bool(const std::string& database, const std::string& pid)> started;
  /// The backend is about to serve others.
  std::function<void()> ended;
};

/// The most that a result may have inline, and the error beyond (Databricks' text).
inline constexpr std::int64_t inline_limit = 26'214'400;
statement_error inline_limit_exceeded();

/// Translates and runs the statement under the user's own role. Blocks until it is done.
outcome execute(sessions& pool, const statement_request& request,
                const backend_watch& watch);

/// SQLSTATE of a statement that was cancelled.
inline constexpr std::string_view cancelled_state = "57014";

} // namespace lakegate::sandbox
