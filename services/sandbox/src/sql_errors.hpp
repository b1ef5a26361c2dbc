#pragma once

#include "services/sandbox/src/sql_translation.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace lakegate::sandbox {

/// What PostgreSQL said of a statement that failed (libpq: PQresultErrorField).
struct postgres_failure {
  std::string sql_state;
  std::string message;
  std::size_t position = 0; ///< 1-based character of the translation; 0: none.
};

/// A statement, what it became and where it ran.
struct failed_statement {
  std::string_view source;
  const translation& done;
  std::string catalog; ///< The database it ran in.
  std::string schema;  ///< The default one.
  /// Names of the columns of the tables that the statement reads.
  std::function<std::vector<std::string>()> columns;
};

/// The failure in Databricks' words. Texts and SQLSTATEs: Databricks "Error classes" and
/// recorded answers of the statement API.
statement_error databricks_error(const postgres_failure& failure,
                                 const failed_statement& where);

/// `User does not have SELECT on Table 'a.b.c'.` as a statement's failure.
statement_error insufficient_privileges(std::string_view privilege, std::string_view kind,
                                        std::string_view name);

} // namespace lakegate::sandbox
