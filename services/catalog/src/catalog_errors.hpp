#pragma once

#include <lakegate/contracts/databricks.hpp>
#include <lakegate/core/errors.hpp>
#include <lakegate/databricks/upstream_errors.hpp>

#include <string>
#include <string_view>

namespace lakegate::catalog {

/// On what a call works, outermost part first; what it doesn't name is empty.
struct call_target {
  std::string catalog;
  std::string schema;
  std::string table;
  std::string user_id; ///< Whom a GRANT would help.
};

/// What a client is told when a call to the workspace failed: which part is missing, or
/// which privilege on what, with the GRANT statement that cures it. `on_timeout` is the
/// code for a call that got no answer in time.
failure failure_of_call(const databricks::upstream_failure& x, const call_target& target,
                        errc on_timeout);

/// The same for the calls of the Statement Execution API. They name the warehouse, not
/// the table, so what they miss is the warehouse. Databricks' words, which may quote SQL
/// and values, are left out.
failure failure_of_statement_call(databricks::upstream_failure x,
                                  const call_target& target);

/// What a client is told when a statement ended as failed, cancelled or closed.
/// Classified by the bracketed error class and the SQLSTATE, since Databricks' own code
/// is nearly always BAD_REQUEST; its message, which may quote SQL and values, is left
/// out. https://docs.databricks.com/error-messages/error-classes.html
failure failure_of_statement(const databricks::statement_status& x,
                             const call_target& target);

/// A result that can't travel whole: 400, since fewer rows or columns would.
failure result_too_large();

/// An answer of the workspace that is not what its API promises.
failure broken_answer();

/// ``GRANT USE SCHEMA ON SCHEMA `main`.`sales` TO `ann@example.com` ``, or nothing if the
/// denial names no catalog, schema, table or view. Where the name is that of `target`,
/// its parts are known; else dots split it.
/// https://docs.databricks.com/sql/language-manual/security-grant.html
std::string grant_statement(const databricks::denial& denied, const call_target& target);

} // namespace lakegate::catalog
