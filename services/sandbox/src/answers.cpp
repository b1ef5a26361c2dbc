#include "services/sandbox/src/answers.hpp"

#include "services/sandbox/src/sql_lexer.hpp"

#include <lakegate/core/ids.hpp>

namespace lakegate::sandbox {

namespace {

constexpr std::string_view unity_catalog_domain = "unity-catalog.databricks.com";

void write_details(json_writer& w, const api_error& e) {
  w.key("details").begin_array().begin_object();
  w.member("@type", "type.googleapis.com/google.rpc.ErrorInfo");
  w.member("reason", e.reason).member("domain", e.domain);
  w.key("metadata").begin_object();
  for (const auto& [name, value] : e.metadata)
    w.member(name, value);
  w.end_object().end_object().begin_object();
  w.member("@type", "type.googleapis.com/google.rpc.RequestInfo");
  w.member("request_id", make_uuid()).member("serving_data", "");
  w.end_object().end_array();
}

} // namespace

http_response json_answer(json_writer w) {
  http_response result;
  result.body = std::move(w).str();
  return result;
}

void write_double(json_writer& w, double x) {
  json_writer number;
  number.value(x);
  auto text = std::move(number).str();
  if (text.find_first_of(".eE\"") == std::string::npos)
    text += ".0";
  w.raw(text);
}

http_response error_answer(const api_error& e) {
  json_writer w;
  w.begin_object().member("error_code", e.error_code).member("message", e.message);
  if (!e.reason.empty())
    write_details(w, e);
  w.end_object();
  auto result = json_answer(std::move(w));
  result.status = e.status;
  return result;
}

http_response refused_credential(int status, std::string_view message) {
  json_writer w;
  w.begin_object().member("error_code", status).member("message", message).end_object();
  auto result = json_answer(std::move(w));
  result.status = status;
  result.headers.push_back({"x-databricks-reason-phrase", std::string{message}});
  if (status == 401)
    result.headers.push_back({"www-authenticate", "Bearer realm=\"DatabricksRealm\""});
  return result;
}

http_response invalid_parameter(std::string message) {
  return error_answer({400, "INVALID_PARAMETER_VALUE", std::move(message)});
}

http_response malformed_request(std::string_view reason) {
  return error_answer({400, "MALFORMED_REQUEST",
                       "Could not parse request object: " + std::string{reason}});
}

http_response privilege_missing(std::string_view privilege, std::string_view kind,
                                std::string_view name) {
  const auto text = "User does not have " + std::string{privilege} + " on "
                    + std::string{kind} + " '" + std::string{name} + "'.";
  return error_answer({403,
                       "PERMISSION_DENIED",
                       text,
                       "PERMISSION_DENIED",
                       unity_catalog_domain,
                       {{"principalName", "User"},
                        {"msg", privilege},
                        {"resourceType", kind},
                        {"resourceName", name}}});
}

http_response securable_missing(std::string_view kind, std::string_view name) {
  const auto code = to_upper(kind) + "_DOES_NOT_EXIST";
  const auto text = std::string{kind} + " '" + std::string{name} + "' does not exist.";
  return error_answer({404,
                       code,
                       text,
                       code,
                       unity_catalog_domain,
                       {{"resourceType", kind}, {"resourceIdentifier", name}}});
}

} // namespace lakegate::sandbox
