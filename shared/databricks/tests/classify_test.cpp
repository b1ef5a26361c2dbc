#include "shared/databricks/src/classify.hpp"

#include <gtest/gtest.h>

#include <ostream>

namespace lakegate::databricks {

namespace {

struct row {
  const char* name;
  int status;
  std::string body;
  std::vector<http::header> headers;
  upstream_failure expected;
};

void PrintTo(const row& x, std::ostream* out) {
  *out << x.name;
}

upstream_failure failure(failure_kind kind, std::string code, std::string message) {
  upstream_failure result;
  result.kind = kind;
  result.error_code = std::move(code);
  result.message = std::move(message);
  return result;
}

upstream_failure denial_of(std::string privilege, std::string type, std::string name,
                           std::string code, std::string message) {
  auto result =
      failure(failure_kind::permission_denied, std::move(code), std::move(message));
  result.privilege = std::move(privilege);
  result.resource_type = std::move(type);
  result.resource_name = std::move(name);
  return result;
}

upstream_failure missing(std::string type, std::string name, std::string code,
                         std::string message) {
  auto result = failure(failure_kind::not_found, std::move(code), std::move(message));
  result.resource_type = std::move(type);
  result.resource_name = std::move(name);
  return result;
}

upstream_failure without_scope(std::string scope, std::string message) {
  auto result = failure(failure_kind::scope_missing, "", std::move(message));
  result.scope = std::move(scope);
  return result;
}

upstream_failure waiting(upstream_failure x, std::int32_t seconds) {
  x.retry_after = seconds;
  return x;
}

upstream_failure limited(std::string code, std::string message) {
  return failure(failure_kind::rate_limited, std::move(code), std::move(message));
}

class ClassifyingAnAnswer : public ::testing::TestWithParam<row> {};

TEST_P(ClassifyingAnAnswer, KnowsTheFailure) {
  http::response answer;
  answer.status = GetParam().status;
  answer.body = GetParam().body;
  answer.headers = GetParam().headers;
  if (!answer.find_header("content-type"))
    answer.headers.push_back({"content-type", "application/json"});

  auto result = classify(answer);

  const auto& expected = GetParam().expected;
  EXPECT_EQ(result.kind, expected.kind);
  EXPECT_EQ(result.http_status, GetParam().status);
  EXPECT_EQ(result.error_code, expected.error_code);
  EXPECT_EQ(result.message, expected.message);
  EXPECT_EQ(result.retry_after, expected.retry_after);
  EXPECT_EQ(result.resource_type, expected.resource_type);
  EXPECT_EQ(result.resource_name, expected.resource_name);
  EXPECT_EQ(result.privilege, expected.privilege);
  EXPECT_EQ(result.scope, expected.scope);
  EXPECT_TRUE(result.sent);
}

const std::vector<row> token_rows{
    {"malformed_credential",
     401,
     R"({"error_code":401,"message":"Credential was not sent or was of an unsupported type for this API."})",
     {{"www-authenticate", "Bearer realm=\"DatabricksRealm\""}},
     failure(failure_kind::token_invalid, "",
             "Credential was not sent or was of an unsupported type for this API.")},
    {"invalid_token_is_403",
     403,
     R"({"error_code":403,"message":"Invalid access token."})",
     {{"x-databricks-reason-phrase", "Invalid access token."}},
     failure(failure_kind::token_invalid, "", "Invalid access token.")},
    {"invalid_token_with_request_id",
     403,
     R"({"error_code":403,"message":"Invalid access token. [ReqId: 01ef-2a]"})",
     {},
     failure(failure_kind::token_invalid, "", "Invalid access token.")},
    {"invalid_token_with_text_code",
     403,
     R"({"error_code":"PERMISSION_DENIED","message":"Invalid access token. [ReqId: 7]"})",
     {},
     failure(failure_kind::token_invalid, "PERMISSION_DENIED", "Invalid access token.")},
    {"expired_token_401",
     401,
     R"({"error_code":401,"message":"Access token has expired"})",
     {},
     failure(failure_kind::token_expired, "", "Access token has expired")},
    {"expired_token_403",
     403,
     R"({"error_code":403,"message":"Token is expired."})",
     {},
     failure(failure_kind::token_expired, "", "Token is expired.")},
    {"expired_jwt_403",
     403,
     R"({"error_code":403,"message":"JWT has expired"})",
     {},
     failure(failure_kind::token_expired, "", "JWT has expired")},
    {"revoked_token",
     403,
     R"({"error_code":403,"message":"Token was revoked."})",
     {},
     failure(failure_kind::token_invalid, "", "Token was revoked.")},
    {"unauthenticated_in_words",
     401,
     R"({"error_code":"UNAUTHENTICATED","message":"Request had no credentials."})",
     {},
     failure(failure_kind::token_invalid, "UNAUTHENTICATED",
             "Request had no credentials.")},
    {"unauthenticated_over_400",
     400,
     R"({"error_code":"UNAUTHENTICATED","message":"The token expired"})",
     {},
     failure(failure_kind::token_expired, "UNAUTHENTICATED", "The token expired")},
    {"empty_401", 401, "", {}, failure(failure_kind::token_invalid, "", "")},
    {"scim_401",
     401,
     R"({"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"detail":"No token","status":"401"})",
     {},
     failure(failure_kind::token_invalid, "SCIM_401", "No token")},
    {"oauth_invalid_client",
     401,
     R"({"error":"invalid_client","error_description":"Client authentication failed"})",
     {},
     failure(failure_kind::token_invalid, "invalid_client",
             "Client authentication failed")},
    {"oauth_invalid_client_over_400",
     400,
     R"({"error":"invalid_client","error_description":"Client authentication failed"})",
     {},
     failure(failure_kind::token_invalid, "invalid_client",
             "Client authentication failed")},
    {"okta",
     401,
     R"({"errorCode":"invalid_client","errorSummary":"Invalid value for client_id."})",
     {},
     failure(failure_kind::token_invalid, "invalid_client",
             "Invalid value for client_id.")},
    {"missing_scope",
     403,
     R"({"error_code":403,"message":"Provided OAuth token does not have required scopes: sql [ReqId: a-b]"})",
     {},
     without_scope("sql", "Provided OAuth token does not have required scopes: sql")},
    {"invalid_scope",
     403,
     R"({"error_code":403,"message":"Invalid scope, required scopes: postgres"})",
     {},
     without_scope("postgres", "Invalid scope, required scopes: postgres")},
    {"scope_in_the_challenge",
     403,
     "",
     {{"WWW-Authenticate",
       R"(Bearer realm="x", error="insufficient_scope", scope="model-serving")"}},
     without_scope("model-serving", "")},
};

const std::vector<row> refusal_rows{
    {"denied_with_details",
     403,
     R"({"error_code":"PERMISSION_DENIED","message":"User does not have EXTERNAL USE SCHEMA on Schema 'icebase.telemetry'.","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"PERMISSION_DENIED","domain":"unity-catalog.databricks.com","metadata":{"principalName":"User","msg":"EXTERNAL USE SCHEMA","resourceType":"Schema","resourceName":"icebase.telemetry"}},{"@type":"type.googleapis.com/google.rpc.RequestInfo","request_id":"1","serving_data":""}]})",
     {},
     denial_of("EXTERNAL USE SCHEMA", "Schema", "icebase.telemetry", "PERMISSION_DENIED",
               "User does not have EXTERNAL USE SCHEMA on Schema 'icebase.telemetry'.")},
    {"denied_in_words_only",
     403,
     R"({"error_code":"PERMISSION_DENIED","message":"User does not have USE CATALOG on Catalog 'x'."})",
     {},
     denial_of("USE CATALOG", "Catalog", "x", "PERMISSION_DENIED",
               "User does not have USE CATALOG on Catalog 'x'.")},
    {"denied_as_text",
     403,
     "PERMISSION_DENIED: User does not have SELECT on Table 'a.b.c'.",
     {{"content-type", "text/plain"}},
     denial_of("SELECT", "Table", "a.b.c", "PERMISSION_DENIED",
               "User does not have SELECT on Table 'a.b.c'.")},
    {"denied_by_number",
     403,
     R"({"error_code":403,"message":"Source IP address: 1.2.3.4 is blocked"})",
     {},
     failure(failure_kind::permission_denied, "",
             "Source IP address: 1.2.3.4 is blocked")},
    {"denial_with_unknown_details",
     403,
     R"({"error_code":"PERMISSION_DENIED","message":"No","details":[{"@type":"x/unknown","a":[1]},7,null]})",
     {},
     failure(failure_kind::permission_denied, "PERMISSION_DENIED", "No")},
    {"missing_table",
     404,
     R"({"error_code":"TABLE_DOES_NOT_EXIST","message":"Table 'main.sales.orders' does not exist."})",
     {},
     missing("Table", "main.sales.orders", "TABLE_DOES_NOT_EXIST",
             "Table 'main.sales.orders' does not exist.")},
    {"missing_schema_with_details",
     404,
     R"({"error_code":"SCHEMA_DOES_NOT_EXIST","message":"Schema 'main.x' does not exist.","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"RESOURCE_DOES_NOT_EXIST","metadata":{"resourceType":"Schema","resourceIdentifier":"main.x"}}]})",
     {},
     missing("Schema", "main.x", "SCHEMA_DOES_NOT_EXIST",
             "Schema 'main.x' does not exist.")},
    {"missing_catalog_of_the_open_source_server",
     404,
     R"({"error_code":"CATALOG_NOT_FOUND","message":"Catalog not found: x"})",
     {},
     missing("", "", "CATALOG_NOT_FOUND", "Catalog not found: x")},
    {"missing_over_400",
     400,
     R"({"error_code":"RESOURCE_DOES_NOT_EXIST","message":"Endpoint with name 'x' does not exist."})",
     {},
     missing("", "", "RESOURCE_DOES_NOT_EXIST",
             "Endpoint with name 'x' does not exist.")},
    {"missing_without_code",
     404,
     R"({"message":"Not Found"})",
     {},
     missing("", "", "", "Not Found")},
    {"missing_file",
     404,
     R"({"error_code":"NOT_FOUND","message":"Volume 'x' does not exist.","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"FILES_API_RESOURCE_NOT_FOUND","domain":"filesystem.databricks.com","metadata":{"unity_catalog_error_message":"x"}}]})",
     {},
     missing("Volume", "x", "NOT_FOUND", "Volume 'x' does not exist.")},
    {"api_1_2",
     400,
     R"({"error":"Unknown cluster id"})",
     {},
     failure(failure_kind::invalid_argument, "", "Unknown cluster id")},
    {"bad_parameter",
     400,
     R"({"error_code":"INVALID_PARAMETER_VALUE","message":"abc is not a valid endpoint id."})",
     {},
     failure(failure_kind::invalid_argument, "INVALID_PARAMETER_VALUE",
             "abc is not a valid endpoint id.")},
    {"model_refuses_without_its_stack",
     400,
     R"({"error_code":"BAD_REQUEST","message":"Failed to enforce schema. Error: Model is missing inputs ['a'].","stack_trace":"Traceback (most recent call last):\n secret"})",
     {},
     failure(failure_kind::invalid_argument, "BAD_REQUEST",
             "Failed to enforce schema. Error: Model is missing inputs ['a'].")},
    {"stack_inside_the_message",
     400,
     R"({"error_code":"BAD_REQUEST","message":"It broke.\nTraceback (most recent call last):\n  File \"secret.py\""})",
     {},
     failure(failure_kind::invalid_argument, "BAD_REQUEST", "It broke.")},
    {"external_model",
     400,
     R"({"error":{"message":"max_tokens is too large","type":"invalid_request_error","code":null}})",
     {},
     failure(failure_kind::invalid_argument, "", "max_tokens is too large")},
    {"conflict",
     409,
     R"({"error_code":"ABORTED","message":"Try again"})",
     {},
     failure(failure_kind::invalid_argument, "ABORTED", "Try again")},
    {"unsupported_media_type",
     415,
     "This predictor only supports JSON",
     {{"content-type", "text/plain"}},
     failure(failure_kind::invalid_argument, "", "This predictor only supports JSON")},
    {"payload_too_large", 413, "", {}, failure(failure_kind::invalid_argument, "", "")},
    {"html_page",
     404,
     "<html><head><title>404 Not Found</title></head><body>x</body></html>",
     {{"content-type", "text/html"}},
     failure(failure_kind::not_found, "", "404 Not Found")},
    {"html_with_pre",
     400,
     "<!DOCTYPE html><html><body><pre>Reason: bad id</pre></body></html>",
     {{"content-type", "text/html; charset=utf-8"}},
     failure(failure_kind::invalid_argument, "", "Reason: bad id")},
};

const std::vector<row> health_rows{
    {"rate_limit_as_text",
     429,
     "REQUEST_LIMIT_EXCEEDED: Exceeded workspace input tokens per minute rate limit for "
     "m.",
     {{"content-type", "text/plain"}, {"Retry-After", "7"}},
     waiting(limited("REQUEST_LIMIT_EXCEEDED",
                     "Exceeded workspace input tokens per minute rate limit for m."),
             7)},
    {"rate_limit_in_the_message",
     429,
     R"({"message":"REQUEST_LIMIT_EXCEEDED: Exceeded"})",
     {},
     limited("REQUEST_LIMIT_EXCEEDED", "REQUEST_LIMIT_EXCEEDED: Exceeded")},
    {"rate_limit_over_500",
     500,
     R"({"error_code":"REQUEST_LIMIT_EXCEEDED","message":"x"})",
     {},
     limited("REQUEST_LIMIT_EXCEEDED", "x")},
    {"rate_limit_for_ages",
     429,
     R"({"error_code":"RESOURCE_EXHAUSTED","message":"x"})",
     {{"retry-after", "1000000000"}},
     waiting(limited("RESOURCE_EXHAUSTED", "x"), 60)},
    {"rate_limit_with_junk", 429, "{}", {{"retry-after", "-1"}}, limited("", "")},
    {"rate_limit_with_retry_info",
     429,
     R"({"error_code":"RESOURCE_EXHAUSTED","message":"x","details":[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retry_delay":"42.5s"}]})",
     {},
     waiting(limited("RESOURCE_EXHAUSTED", "x"), 43)},
    {"internal_error",
     500,
     R"({"error_code":"INTERNAL_ERROR","message":"Internal error"})",
     {},
     failure(failure_kind::unavailable, "INTERNAL_ERROR", "Internal error")},
    {"model_crash",
     500,
     R"({"error_code":"BAD_REQUEST","message":"crash"})",
     {},
     failure(failure_kind::unavailable, "BAD_REQUEST", "crash")},
    {"not_implemented",
     501,
     R"({"message":"No stub found for pattern: GET /x"})",
     {},
     failure(failure_kind::unavailable, "", "No stub found for pattern: GET /x")},
    {"bad_gateway", 502, "", {}, failure(failure_kind::unavailable, "", "")},
    {"maintenance",
     503,
     R"({"error_code":"TEMPORARILY_UNAVAILABLE","message":"Soon"})",
     {{"Retry-After", "3"}},
     waiting(failure(failure_kind::unavailable, "TEMPORARILY_UNAVAILABLE", "Soon"), 3)},
    {"deadline_upstream",
     504,
     R"({"error_code":"DEADLINE_EXCEEDED","message":"x"})",
     {},
     failure(failure_kind::unavailable, "DEADLINE_EXCEEDED", "x")},
    {"request_timeout", 408, "", {}, failure(failure_kind::unavailable, "", "")},
    {"unavailable_over_400",
     400,
     R"({"error_code":"WORKSPACE_TEMPORARILY_UNAVAILABLE","message":"x"})",
     {},
     failure(failure_kind::unavailable, "WORKSPACE_TEMPORARILY_UNAVAILABLE", "x")},
    {"login_page",
     200,
     "<html>Sign in</html>",
     {{"content-type", "text/html; charset=utf-8"}},
     failure(failure_kind::invalid_response, "",
             "The workspace answered with a web page, as its login is one.")},
    {"redirect_to_login",
     303,
     "",
     {{"location", "/login.html?error=private-link-validation-error"}},
     failure(failure_kind::invalid_response, "",
             "The workspace redirects, as it does to its login page.")},
    {"success", 200, "{}", {}, failure(failure_kind::none, "", "")},
};

std::string name_of(const ::testing::TestParamInfo<row>& x) {
  return x.param.name;
}

INSTANTIATE_TEST_SUITE_P(Tokens, ClassifyingAnAnswer, ::testing::ValuesIn(token_rows),
                         name_of);
INSTANTIATE_TEST_SUITE_P(Refusals, ClassifyingAnAnswer, ::testing::ValuesIn(refusal_rows),
                         name_of);
INSTANTIATE_TEST_SUITE_P(Health, ClassifyingAnAnswer, ::testing::ValuesIn(health_rows),
                         name_of);

} // namespace

} // namespace lakegate::databricks
