#pragma once

#include <lakegate/core/call_meter.hpp>
#include <lakegate/core/errors.hpp>

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/meta/type_name.hpp>
#include <caf/replies_to.hpp>
#include <caf/timespan.hpp>
#include <caf/type_id.hpp>
#include <caf/typed_actor.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lakegate::postgres {

/// A statement of ours: a constant in a service's `sql.hpp`. The name is the prepared
/// statement's, the log field's and the metric label's.
struct statement {
  std::string_view name;
  std::string_view
      sql; ///< `$1` … parameters; `lakegate.` is not written: see `search_path`.
  bool is_write = false; ///< Gets a sync of its own, so one failure stays one failure.
  /// Of a write: running it twice does no harm, so it is sent again when the connection
  /// broke before its answer came. Reads always are.
  bool is_repeatable = false;
};

/// A parameter in text form; nothing is SQL NULL. Must be UTF-8 without NUL (libpq would
/// cut it there): checked, `internal_error`.
using parameter = std::optional<std::string>;

/// `items` as the text form of a `text[]`, for one parameter that stands for many.
std::string array_literal(const std::vector<std::string>& items);

/// The rows of an answer, as text. Immutable and cheap to share between threads.
class rows {
public:
  virtual ~rows() = default;
  virtual std::size_t size() const noexcept = 0;
  /// Nothing is NULL. Valid as long as the rows live.
  virtual std::optional<std::string_view> at(std::size_t row,
                                             std::size_t column) const = 0;
  /// Rows that an INSERT, UPDATE or DELETE without RETURNING touched.
  virtual std::size_t affected() const noexcept = 0;
};
using rows_ptr = std::shared_ptr<const rows>;

/// Runs one statement within `time_left`.
struct query {
  const statement* what = nullptr;
  std::vector<parameter> parameters;
  caf::timespan time_left{};
  std::string correlation_id; ///< Of the request, for the log; as is `traceparent`.
  std::string traceparent{};
  meter_ptr meter{}; ///< Told of the wait.
};

/// How the database is, as the connection threads know it.
struct database_state {
  std::string status; ///< `up`, `down` or `not_configured`.
  std::string detail;
};
struct get_database_state {};

/// The POSTGRES actor of a process. Errors: `lakebase_not_configured`,
/// `database_unavailable` (at once while it is known to be down; or no answer in time; or
/// the connection was lost: a write may have happened then), `data_corrupted` (a stored
/// value that can't be read), `invalid_request` (a write of a value that PostgreSQL can't
/// hold: class 22 or a CHECK), `overloaded` (too many waiting), `internal_error` (our SQL
/// is wrong; logged with the SQLSTATE).
using database_actor =
    caf::typed_actor<caf::replies_to<query>::with<rows_ptr>,
                     caf::replies_to<get_database_state>::with<database_state>>;

} // namespace lakegate::postgres

// These never leave the process.
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(lakegate::postgres::query)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(lakegate::postgres::rows_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(lakegate::postgres::get_database_state)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(lakegate::postgres::database_state)
