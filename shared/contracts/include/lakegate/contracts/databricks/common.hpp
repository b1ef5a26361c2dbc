#pragma once

#include <lakegate/contracts/caller.hpp>
#include <lakegate/core/errors.hpp>
#include <lakegate/core/json_text.hpp>

#include <caf/optional.hpp>
#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

/// What a process asks of a Databricks workspace, one message a REST call. The real
/// actors
/// (`shared/databricks`) and the GoogleMock ones of the integration tests have these
/// types. They do not retry and decide nothing: retries, paging, deadlines over several
/// calls and the API's error codes are their callers' business.
namespace lakegate::databricks {

/// Part of every message: whose rights, which request, how long.
struct call_context {
  access_token token;
  std::string correlation_id;
  std::string traceparent;
  caf::timespan time_left{};
  std::uint64_t call_id = 0; ///< For `cancel_call`; 0 = can't be cancelled.
  meter_ptr meter{};         ///< Told of the call. Never leaves the process.
};

/// The context of a workspace call on behalf of `who`.
call_context context_of(const caller& who);

/// What went wrong upstream, apart from any API of ours.
enum class failure_kind : std::uint8_t {
  none,
  not_configured,    ///< No workspace host.
  token_invalid,     ///< 401, or the 403 that means "Invalid access token."
  token_expired,     ///< The same, where the workspace says so.
  scope_missing,     ///< 403 for a good token without an OAuth scope.
  permission_denied, ///< 403 for a missing privilege.
  not_found,         ///< 404.
  invalid_argument,  ///< 400 and other 4xx: the request was understood and refused.
  rate_limited,      ///< 429.
  unavailable,       ///< 5xx, or no connection.
  timeout,           ///< No answer within `time_left`.
  invalid_response,  ///< Answered, but not with its API: HTML, broken JSON, wrong types,
                     ///< too large.
  cancelled,         ///< By `cancel_call`.
  overloaded,        ///< Too many calls of this process in flight; never sent.
  held_back, ///< Never sent: the workspace failed too often a moment ago. `retry_after`
             ///< says how long; to repeat it before is useless.
  count_
};

struct upstream_failure {
  failure_kind kind = failure_kind::none;
  std::int32_t http_status = 0; ///< 0: no answer.
  std::string error_code; ///< Databricks' own, e.g. TABLE_DOES_NOT_EXIST; may be empty.
  std::string message;    ///< Databricks' own, without stack traces, SQL text and plans.
  caf::optional<std::int32_t> retry_after; ///< Seconds, as sent, at most 60.
  std::string resource_type; ///< Of a denial, or of what is missing: "Schema".
  std::string resource_name; ///< Of a denial, or of what is missing: "main.sales".
  std::string privilege;     ///< Of a denial: "USE SCHEMA".
  std::string scope;         ///< Of `scope_missing`.
  bool sent = true; ///< False: the request certainly never reached the workspace.
};

/// As an error between actors; category "databricks".
caf::error make_error(upstream_failure x);
/// The failure inside `err`; CAF's own errors are `unavailable` (peer gone) or `timeout`.
upstream_failure failure_in(const caf::error& err);

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, call_context& x) {
  return f(caf::meta::type_name("call_context"), x.token, x.correlation_id, x.traceparent,
           x.time_left, x.call_id);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, upstream_failure& x) {
  return f(caf::meta::type_name("upstream_failure"), x.kind, x.http_status, x.error_code,
           x.message, x.retry_after, x.resource_type, x.resource_name, x.privilege,
           x.scope, x.sent);
}

} // namespace lakegate::databricks
