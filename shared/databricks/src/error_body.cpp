#include "shared/databricks/src/error_body.hpp"

#include "shared/databricks/src/message_text.hpp"

#include <lakegate/core/json_view.hpp>
#include <lakegate/databricks/upstream_errors.hpp>

#include <charconv>
#include <cmath>
#include <variant>

namespace lakegate::databricks {

namespace {

std::string text_of(json_view x) {
  return x.string().value_or("");
}

std::string first_of(json_view object, std::initializer_list<std::string_view> names) {
  for (auto name : names)
    if (auto found = object[name].string(); found && !found->empty())
      return *found;
  return {};
}

/// `42.5s` (google.rpc.RetryInfo), rounded up.
std::optional<std::int32_t> read_delay(const std::string& text) {
  double seconds = 0;
  auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (problem != std::errc{} || std::string_view{end} != "s" || seconds < 0)
    return std::nullopt;
  return static_cast<std::int32_t>(std::ceil(std::min(seconds, 60.0)));
}

void read_detail(json_view detail, error_body& result) {
  auto type = text_of(detail["@type"]);
  if (type.ends_with("google.rpc.RetryInfo"))
    result.retry_delay = read_delay(text_of(detail["retry_delay"]));
  if (!type.ends_with("google.rpc.ErrorInfo"))
    return;
  auto facts = detail["metadata"];
  result.resource_type = text_of(facts["resourceType"]);
  result.resource_name = first_of(facts, {"resourceName", "resourceIdentifier"});
  if (text_of(detail["reason"]) == "PERMISSION_DENIED")
    result.privilege = text_of(facts["msg"]);
}

void read_json(json_view body, error_body& result) {
  result.code = first_of(body, {"error_code", "errorCode"});
  result.message = first_of(
      body, {"message", "error_description", "errorSummary", "detail", "error_message"});
  auto error = body["error"];
  if (result.message.empty())
    result.message = error.is_object() ? text_of(error["message"]) : text_of(error);
  else if (result.code.empty() && error.is_string())
    result.code = text_of(error); // OAuth: the code beside its description.
  if (body["schemas"].is_array() && body["detail"].exists() && result.code.empty()) {
    auto status = body["status"];
    result.code =
        "SCIM_" + (status.is_string() ? text_of(status) : std::string{status.raw()});
  }
  body["details"].each_element([&](json_view detail) {
    read_detail(detail, result);
    return true;
  });
}

/// What stands between two marks; empty if it isn't there.
std::string_view between(std::string_view text, std::string_view open,
                         std::string_view close) {
  auto begin = text.find(open);
  if (begin == std::string_view::npos)
    return {};
  text.remove_prefix(begin + open.size());
  auto end = text.find(close);
  return end == std::string_view::npos ? std::string_view{} : text.substr(0, end);
}

/// `REQUEST_LIMIT_EXCEEDED: Exceeded …`
void read_plain(std::string_view body, error_body& result) {
  auto size = body.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789");
  if (size != std::string_view::npos && size > 0 && body.substr(size, 2) == ": ") {
    result.code = body.substr(0, size);
    body.remove_prefix(size + 2);
  }
  result.message = body;
}

void read_html(std::string_view body, error_body& result) {
  auto text = between(body, "<pre>", "</pre>");
  result.message = text.empty() ? between(body, "<title>", "</title>") : text;
}

/// Where the sentences say what the details did not.
void read_sentence(error_body& result) {
  if (auto found = find_denial(result.message)) {
    if (result.privilege.empty())
      result.privilege = found->privilege;
    if (result.resource_type.empty())
      result.resource_type = found->resource_type;
    if (result.resource_name.empty())
      result.resource_name = found->resource_name;
    return;
  }
  auto quote = result.message.find(" '");
  auto end = result.message.find("' does not exist");
  if (!result.resource_type.empty() || quote == std::string::npos || end < quote + 2
      || end == std::string::npos || result.message.find(' ') != quote)
    return;
  result.resource_type = result.message.substr(0, quote);
  result.resource_name = result.message.substr(quote + 2, end - quote - 2);
}

} // namespace

error_body read_error_body(const http::response& answer) {
  error_body result;
  auto parsed = json_text::parse(answer.body);
  if (const auto* json = std::get_if<json_text>(&parsed))
    read_json(json_view{*json}, result);
  else if (answer.body.find("<html") != std::string::npos
           || answer.body.find("<HTML") != std::string::npos
           || answer.body.starts_with("<!"))
    read_html(answer.body, result);
  else
    read_plain(answer.body, result);
  if (result.code.empty() && !result.message.empty()) {
    error_body inner; // `message` itself may be of the form `CODE: text`.
    read_plain(result.message, inner);
    result.code = inner.code;
  }
  result.message = clean_message(result.message);
  read_sentence(result);
  return result;
}

} // namespace lakegate::databricks
