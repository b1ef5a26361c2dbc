#pragma once

#include <caf/atom.hpp>
#include <caf/error.hpp>
#include <caf/message.hpp>
#include <caf/meta/type_name.hpp>
#include <caf/optional.hpp>
#include <caf/type_id.hpp>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lakegate {

/// Every failure that a client of the gateway can observe, in the order of `error_table`.
/// The external name (`error_code`) is the same word in upper case.
enum class errc : std::uint8_t {
  none,
  invalid_request,
  invalid_preference,
  invalid_query,
  invalid_input,
  duplicate_header,
  auth_missing,
  auth_malformed,
  auth_expired,
  auth_invalid,
  auth_user_identity_failed,
  catalog_permission_denied,
  model_permission_denied,
  token_scope_missing,
  not_found,
  preference_not_found,
  catalog_not_found,
  schema_not_found,
  table_not_found,
  endpoint_not_found,
  method_not_allowed,
  precondition_failed,
  unsupported_media_type,
  rate_limited,
  internal_error,
  data_corrupted,
  upstream_invalid_response,
  lakebase_not_configured,
  database_unavailable,
  workspace_not_configured,
  warehouse_not_configured,
  catalog_unavailable,
  query_timeout,
  model_unavailable,
  model_timeout,
  endpoint_not_ready,
  identity_unavailable,
  service_unavailable,
  overloaded,
  count_
};

/// One row of the error table: all that the outside sees of a failure.
struct error_spec {
  errc code;
  std::string_view name; ///< `error_code` of the envelope.
  int status;            ///< HTTP status.
  int retry_after;       ///< Seconds a client should wait; 0 = `retry_after: null`.
  std::string_view
      message; ///< For a person, used where the failure has no words of its own.
};

inline constexpr auto error_table = std::array{
    error_spec{errc::none, "OK", 200, 0, ""},
    error_spec{errc::invalid_request, "INVALID_REQUEST", 400, 0,
               "The request is malformed."},
    error_spec{errc::invalid_preference, "INVALID_PREFERENCE", 400, 0,
               "The preference is not valid."},
    error_spec{errc::invalid_query, "INVALID_QUERY", 400, 0, "The query is not valid."},
    error_spec{errc::invalid_input, "INVALID_INPUT", 400, 0,
               "The inference input is not valid."},
    error_spec{errc::duplicate_header, "DUPLICATE_HEADER", 400, 0,
               "A header that may come once came twice."},
    error_spec{errc::auth_missing, "AUTH_MISSING", 401, 0,
               "No access token was sent. Sign in to the workspace, or send the token in "
               "X-Forwarded-Access-Token."},
    error_spec{
        errc::auth_malformed, "AUTH_MALFORMED", 401, 0,
        "The access token is not printable ASCII without blanks of at most 8 KiB."},
    error_spec{errc::auth_expired, "AUTH_EXPIRED", 401, 0,
               "The access token has expired. Sign in again."},
    error_spec{errc::auth_invalid, "AUTH_INVALID", 401, 0,
               "The workspace refuses the access token. Sign in again."},
    error_spec{errc::auth_user_identity_failed, "AUTH_USER_IDENTITY_FAILED", 401, 0,
               "The workspace does not name an active user for this token."},
    error_spec{errc::catalog_permission_denied, "CATALOG_PERMISSION_DENIED", 403, 0,
               "Unity Catalog denies access. Ask an owner for the missing privilege."},
    error_spec{errc::model_permission_denied, "MODEL_PERMISSION_DENIED", 403, 0,
               "You may not use this serving endpoint. Ask its owner for CAN QUERY."},
    error_spec{
        errc::token_scope_missing, "TOKEN_SCOPE_MISSING", 403, 0,
        "The token lacks an OAuth scope. Add it under the app's user authorization "
        "and sign in again."},
    error_spec{errc::not_found, "NOT_FOUND", 404, 0, "There is no such route."},
    error_spec{errc::preference_not_found, "PREFERENCE_NOT_FOUND", 404, 0,
               "You have no preference of that key."},
    error_spec{errc::catalog_not_found, "CATALOG_NOT_FOUND", 404, 0,
               "The catalog was not found."},
    error_spec{errc::schema_not_found, "SCHEMA_NOT_FOUND", 404, 0,
               "The schema was not found."},
    error_spec{errc::table_not_found, "TABLE_NOT_FOUND", 404, 0,
               "The table was not found."},
    error_spec{errc::endpoint_not_found, "ENDPOINT_NOT_FOUND", 404, 0,
               "The serving endpoint was not found."},
    error_spec{errc::method_not_allowed, "METHOD_NOT_ALLOWED", 405, 0,
               "This route does not take that method; see the Allow header."},
    error_spec{errc::precondition_failed, "PRECONDITION_FAILED", 412, 0,
               "The preference is not in the state that the request requires."},
    error_spec{errc::unsupported_media_type, "UNSUPPORTED_MEDIA_TYPE", 415, 0,
               "Send the body as application/json."},
    error_spec{errc::rate_limited, "RATE_LIMITED", 429, 1,
               "Too many requests. Wait before the next one."},
    error_spec{errc::internal_error, "INTERNAL_ERROR", 500, 0,
               "Something went wrong here. Report it with the correlation id."},
    error_spec{
        errc::data_corrupted, "DATA_CORRUPTED", 500, 0,
        "The stored value can't be read. Save the preference again, or delete it."},
    error_spec{errc::upstream_invalid_response, "UPSTREAM_INVALID_RESPONSE", 502, 0,
               "Databricks gave an answer that is not valid for its API."},
    error_spec{errc::lakebase_not_configured, "LAKEBASE_NOT_CONFIGURED", 503, 0,
               "No database is configured. Set PGHOST, PGDATABASE and PGUSER (or the "
               "LAKEBASE_ variables)."},
    error_spec{errc::database_unavailable, "DATABASE_UNAVAILABLE", 503, 10,
               "The database can't be reached. Try again shortly."},
    error_spec{errc::workspace_not_configured, "WORKSPACE_NOT_CONFIGURED", 503, 0,
               "No workspace is configured. Set DATABRICKS_HOST."},
    error_spec{errc::warehouse_not_configured, "WAREHOUSE_NOT_CONFIGURED", 503, 0,
               "No SQL warehouse is configured. Set DATABRICKS_WAREHOUSE_ID."},
    error_spec{errc::catalog_unavailable, "CATALOG_UNAVAILABLE", 503, 10,
               "Unity Catalog or the SQL warehouse is unavailable. Try again shortly."},
    error_spec{errc::query_timeout, "QUERY_TIMEOUT", 503, 10,
               "The query did not finish in time and was cancelled."},
    error_spec{errc::model_unavailable, "MODEL_UNAVAILABLE", 503, 10,
               "The model failed. Try again shortly."},
    error_spec{errc::model_timeout, "MODEL_TIMEOUT", 503, 30,
               "The model did not answer within timeout_seconds."},
    error_spec{errc::endpoint_not_ready, "ENDPOINT_NOT_READY", 503, 30,
               "The serving endpoint exists but is not ready."},
    error_spec{errc::identity_unavailable, "IDENTITY_UNAVAILABLE", 503, 5,
               "The workspace can't be reached to tell who you are. Try again shortly."},
    error_spec{errc::service_unavailable, "SERVICE_UNAVAILABLE", 503, 2,
               "This part of the service is down or unreachable. Try again shortly."},
    error_spec{errc::overloaded, "OVERLOADED", 503, 1, "Too busy. Try again shortly."},
};

constexpr bool error_table_is_complete() {
  if (error_table.size() != static_cast<std::size_t>(errc::count_))
    return false;
  for (std::size_t i = 0; i < error_table.size(); ++i)
    if (static_cast<std::size_t>(error_table[i].code) != i)
      return false;
  return true;
}
static_assert(error_table_is_complete(), "one row for each errc, in order");

constexpr const error_spec& spec_of(errc code) {
  return error_table[static_cast<std::size_t>(code)];
}

std::string to_string(errc code);

/// What travels as the context of a `caf::error` of ours: the words and facts that go out
/// with the row of the table. Nothing in it may be a secret.
struct failure {
  errc code = errc::internal_error;
  std::string message; ///< Empty: the row's own message.
  std::string details; ///< JSON object text for `technical_details`; empty: `{}`.
  caf::optional<std::int32_t> retry_after; ///< Overrides the row's; whole seconds.
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, failure& x) {
  return f(caf::meta::type_name("failure"), x.code, x.message, x.details, x.retry_after);
}

/// One broken rule of a 400 answer: `technical_details.errors[i]`.
struct fault {
  std::string
      field; ///< The name as the client wrote it, e.g. `limit` or `filters.age.gt`.
  std::string reason; ///< The rule: "must be between 1 and 1000".
};
using faults = std::vector<fault>;

/// The error that stands for `x`; crosses processes unchanged.
caf::error make_error(failure x);
/// The error of a row as it stands. CAF finds it by ADL: a handler may `return errc::x`.
caf::error make_error(errc code);
/// A 400 that lists every fault; `code` is one of the 400 codes. `found` must not be
/// empty.
caf::error make_error(errc code, const faults& found);

/// What `err` is to a client. Errors of CAF become one of ours: a peer that is gone or
/// silent is `service_unavailable`, everything else a defect (`internal_error`).
failure failure_of(const caf::error& err);

} // namespace lakegate

CAF_BEGIN_TYPE_ID_BLOCK(lakegate_core, 200)
  CAF_ADD_TYPE_ID(lakegate_core, (lakegate::failure))
CAF_END_TYPE_ID_BLOCK(lakegate_core)
