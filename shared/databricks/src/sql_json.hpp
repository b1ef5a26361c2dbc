#pragma once

#include <lakegate/contracts/databricks/sql.hpp>
#include <lakegate/http/message.hpp>

#include <caf/expected.hpp>

#include <string>

/// The Statement Execution API's bodies (databricks-sdk-go, service/sql/model.go).
namespace lakegate::databricks {

/// The body of a POST: inline JSON rows, so that no result leaves the API by signed
/// links. The workspace is never asked to wait longer than the caller does: without an
/// answer there is no id, and what has no id can't be cancelled.
std::string write_statement(const execute_statement& cmd);

/// A statement in any state. FAILED, CANCELED and CLOSED arrive with HTTP 200.
caf::expected<statement_status> read_statement(http::response& answer);

/// The bare answer of `…/result/chunks/{n}`.
caf::expected<result_chunk> read_chunk(http::response& answer);

} // namespace lakegate::databricks
