#include "shared/databricks/src/classify.hpp"

#include "shared/databricks/src/error_body.hpp"
#include "shared/databricks/src/message_text.hpp"

#include <array>
#include <utility>
#include <variant>

namespace lakegate::databricks {

namespace {

struct code_row {
  std::string_view code;
  failure_kind kind;
};

/// Codes that say more than the status they come with (databricks-sdk-go,
/// apierr/error_mapping.go; the last ones are those of the open-source Unity Catalog).
constexpr auto code_table = std::array{
    code_row{"PERMISSION_DENIED", failure_kind::permission_denied},
    code_row{"UNAUTHENTICATED", failure_kind::token_invalid},
    code_row{"UNAUTHORIZED", failure_kind::token_invalid},
    code_row{"invalid_client", failure_kind::token_invalid},
    code_row{"invalid_grant", failure_kind::token_invalid},
    code_row{"unauthorized_client", failure_kind::token_invalid},
    code_row{"REQUEST_LIMIT_EXCEEDED", failure_kind::rate_limited},
    code_row{"RESOURCE_EXHAUSTED", failure_kind::rate_limited},
    code_row{"RESOURCE_DOES_NOT_EXIST", failure_kind::not_found},
    code_row{"NOT_FOUND", failure_kind::not_found},
    code_row{"ENDPOINT_NOT_FOUND", failure_kind::not_found},
    code_row{"CATALOG_DOES_NOT_EXIST", failure_kind::not_found},
    code_row{"SCHEMA_DOES_NOT_EXIST", failure_kind::not_found},
    code_row{"TABLE_DOES_NOT_EXIST", failure_kind::not_found},
    code_row{"INVALID_PARAMETER_VALUE", failure_kind::invalid_argument},
    code_row{"INVALID_STATE", failure_kind::invalid_argument},
    code_row{"BAD_REQUEST", failure_kind::invalid_argument},
    code_row{"MALFORMED_REQUEST", failure_kind::invalid_argument},
    code_row{"TEMPORARILY_UNAVAILABLE", failure_kind::unavailable},
    code_row{"WORKSPACE_TEMPORARILY_UNAVAILABLE", failure_kind::unavailable},
    code_row{"SERVICE_UNDER_MAINTENANCE", failure_kind::unavailable},
    code_row{"DEADLINE_EXCEEDED", failure_kind::unavailable},
    code_row{"INTERNAL_ERROR", failure_kind::unavailable},
    code_row{"CATALOG_NOT_FOUND", failure_kind::not_found},
    code_row{"SCHEMA_NOT_FOUND", failure_kind::not_found},
    code_row{"TABLE_NOT_FOUND", failure_kind::not_found},
};

failure_kind kind_of_transport(const http::response& answer) {
  using http::transport_failure;
  switch (answer.failure) {
  case transport_failure::none:
    break;
  case transport_failure::connect:
  case transport_failure::lost:
    return failure_kind::unavailable;
  case transport_failure::timeout:
    return failure_kind::timeout;
  case transport_failure::tls: // Not to be trusted, however often one asks.
  case transport_failure::too_large:
    return failure_kind::invalid_response;
  case transport_failure::malformed:
    return answer.sent ? failure_kind::invalid_response : failure_kind::invalid_argument;
  case transport_failure::cancelled:
    return failure_kind::cancelled;
  case transport_failure::overloaded:
    return failure_kind::overloaded;
  }
  return failure_kind::none;
}

std::string_view describe(http::transport_failure x) {
  using http::transport_failure;
  switch (x) {
  case transport_failure::connect:
    return "No connection to the workspace.";
  case transport_failure::lost:
    return "The connection to the workspace broke.";
  case transport_failure::tls:
    return "The workspace's certificate can't be verified.";
  case transport_failure::timeout:
    return "No answer from the workspace in time.";
  case transport_failure::too_large:
    return "The answer is over its limit.";
  case transport_failure::malformed:
    return "The answer is cut short or no HTTP, or the request can't be sent.";
  case transport_failure::overloaded:
    return "Too many calls are in flight.";
  case transport_failure::none:
  case transport_failure::cancelled:
    break;
  }
  return "";
}

bool is_html(const http::response& answer) {
  auto type = answer.find_header("content-type");
  return type && contains_ignoring_case(*type, "text/html");
}

/// RFC 6750, 3.1: `Bearer error="insufficient_scope", scope="sql"`.
std::string scope_of_challenge(const http::response& answer) {
  auto challenge = answer.find_header("www-authenticate").value_or("");
  constexpr std::string_view mark = "scope=\"";
  auto at = challenge.find(mark);
  if (challenge.find("insufficient_scope") == std::string_view::npos
      || at == std::string_view::npos)
    return {};
  auto rest = challenge.substr(at + mark.size());
  return std::string{rest.substr(0, rest.find('"'))};
}

failure_kind kind_of_token(std::string_view message) {
  return contains_ignoring_case(message, "expired") ? failure_kind::token_expired
                                                    : failure_kind::token_invalid;
}

/// A refused token often is a 403: then its text says so (recorded: "Invalid access
/// token." and "JWT has expired"), and `error_code` is a number.
bool is_about_the_token(const error_body& body) {
  return contains_ignoring_case(body.message, "invalid access token")
         || (body.code != "PERMISSION_DENIED"
             && (contains_ignoring_case(body.message, "token")
                 || contains_ignoring_case(body.message, "jwt"))
             && (contains_ignoring_case(body.message, "expired")
                 || contains_ignoring_case(body.message, "revoked")));
}

failure_kind kind_of_code(const error_body& body, failure_kind otherwise) {
  for (const auto& row : code_table)
    if (row.code == body.code)
      return row.kind == failure_kind::token_invalid ? kind_of_token(body.message)
                                                     : row.kind;
  return otherwise;
}

failure_kind kind_of_refusal(int status, const error_body& body) {
  if (status == 401)
    return kind_of_token(body.message);
  if (status == 403)
    return is_about_the_token(body) ? kind_of_token(body.message)
                                    : failure_kind::permission_denied;
  if (status == 429 || body.code == "REQUEST_LIMIT_EXCEEDED")
    return failure_kind::rate_limited;
  if (status >= 500 || status == 408 || status == 425)
    return failure_kind::unavailable;
  return kind_of_code(body, status == 404 ? failure_kind::not_found
                                          : failure_kind::invalid_argument);
}

upstream_failure classify_refusal(const http::response& answer) {
  auto body = read_error_body(answer);
  upstream_failure result;
  result.http_status = answer.status;
  result.scope = find_required_scope(body.message);
  if (result.scope.empty())
    result.scope = scope_of_challenge(answer);
  auto lacks_scope =
      !result.scope.empty() && (answer.status == 401 || answer.status == 403);
  result.kind =
      lacks_scope ? failure_kind::scope_missing : kind_of_refusal(answer.status, body);
  if (!lacks_scope)
    result.scope.clear();
  result.error_code = std::move(body.code);
  result.message = std::move(body.message);
  result.resource_type = std::move(body.resource_type);
  result.resource_name = std::move(body.resource_name);
  result.privilege = std::move(body.privilege);
  auto wait = http::parse_retry_after(answer.find_header("retry-after").value_or(""),
                                      std::chrono::system_clock::now());
  if (!wait)
    wait = body.retry_delay;
  if (wait)
    result.retry_after = *wait;
  return result;
}

upstream_failure invalid(const http::response& answer, std::string what) {
  upstream_failure result;
  result.kind = failure_kind::invalid_response;
  result.http_status = answer.status;
  result.message = std::move(what);
  return result;
}

} // namespace

upstream_failure classify(const http::response& answer) {
  if (answer.failure != http::transport_failure::none) {
    upstream_failure result;
    result.kind = kind_of_transport(answer);
    result.message = describe(answer.failure);
    result.sent = answer.sent;
    return result;
  }
  if (answer.status >= 400)
    return classify_refusal(answer);
  if (answer.status >= 300 || answer.status < 200)
    return invalid(answer, "The workspace redirects, as it does to its login page.");
  if (is_html(answer))
    return invalid(answer,
                   "The workspace answered with a web page, as its login is one.");
  upstream_failure success;
  success.http_status = answer.status;
  return success;
}

caf::error invalid_answer(const http::response& answer, std::string what) {
  return make_error(invalid(answer, std::move(what)));
}

caf::expected<json_text> read_json(http::response& answer) {
  if (auto failure = classify(answer); failure.kind != failure_kind::none)
    return make_error(std::move(failure));
  auto parsed = json_text::parse(std::move(answer.body));
  if (auto* json = std::get_if<json_text>(&parsed))
    return std::move(*json);
  return invalid_answer(answer, "The answer is not valid JSON.");
}

caf::expected<json_text> read_object(http::response& answer) {
  auto json = read_json(answer);
  if (json && !json->is_object())
    return invalid_answer(answer, "The answer is not a JSON object.");
  return json;
}

} // namespace lakegate::databricks
