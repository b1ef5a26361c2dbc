#include "services/sandbox/src/faults.hpp"

#include "services/sandbox/src/answers.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace lakegate::sandbox {

namespace {

constexpr std::array<std::string_view, 7> actions{
    "", "reset", "hang", "malformed", "html", "truncate", "pending"};

struct default_body {
  int status;
  std::string_view error_code;
  std::string_view message;
};
constexpr std::array<default_body, 8> default_bodies{{
    {400, "BAD_REQUEST", "The request is not valid."},
    {403, "PERMISSION_DENIED", "User does not have the required permission."},
    {404, "RESOURCE_DOES_NOT_EXIST", "The resource does not exist."},
    {429, "REQUEST_LIMIT_EXCEEDED", "Current request has exceeded the rate limit."},
    {500, "INTERNAL_ERROR", "Internal error."},
    {501, "NOT_IMPLEMENTED", "Not implemented."},
    {503, "TEMPORARILY_UNAVAILABLE", "The service is temporarily unavailable."},
    {504, "DEADLINE_EXCEEDED", "The deadline was exceeded."},
}};

http_response default_answer(int status) {
  const auto* found = std::find_if(default_bodies.begin(), default_bodies.end(),
                                   [&](const auto& d) { return d.status == status; });
  if (status == 401)
    return refused_credential(
        401, "Credential was not sent or was of an unsupported type for this API.");
  if (found == default_bodies.end())
    return error_answer({status, "UNKNOWN", "Scripted by a scenario."});
  return error_answer({status, found->error_code, std::string{found->message}});
}

} // namespace

std::variant<fault_rule, std::string> read_fault(json_view body) {
  fault_rule rule;
  rule.method = body["method"].string().value_or("");
  rule.pattern = body["route"].string().value_or("");
  if (rule.pattern.empty())
    return std::string{"route is missing: a path, `*` matches anything"};
  rule.user = body["user"].string().value_or("");
  rule.skip = body["skip"].integer().value_or(0);
  rule.times = body["times"].integer().value_or(1);
  rule.status = static_cast<int>(body["status"].integer().value_or(0));
  if (rule.status != 0 && (rule.status < 200 || rule.status > 599))
    return std::string{"status must be between 200 and 599"};
  const auto text = body["body"];
  rule.body = text.is_string() ? text.string().value_or("") : std::string{text.raw()};
  body["headers"].each_member([&](const std::string& name, json_view value) {
    rule.headers.push_back({name, value.string().value_or(std::string{value.raw()})});
    return true;
  });
  rule.delay = std::chrono::milliseconds{body["delay_ms"].integer().value_or(0)};
  rule.action = body["action"].string().value_or("");
  if (std::find(actions.begin(), actions.end(), rule.action) == actions.end())
    return std::string{
        "action must be reset, hang, malformed, html, truncate or pending"};
  rule.polls = static_cast<int>(body["polls"].integer().value_or(1));
  return rule;
}

std::optional<http_response> scripted_answer(const fault_rule& rule) {
  http_response result;
  if (rule.action == "reset" || rule.action == "hang") {
    result.how = rule.action == "reset" ? misbehaviour::reset : misbehaviour::hang;
    return result;
  }
  if (rule.action == "malformed") {
    result.body = R"({"catalogs":[{"name":"ma)";
  } else if (rule.action == "html") {
    result.content_type = "text/html; charset=utf-8";
    result.body = "<!doctype html><html><head><title>Databricks - Sign In</title></head>"
                  "<body>Sign in</body></html>";
  } else if (rule.status != 0) {
    if (rule.body.empty())
      result = default_answer(rule.status);
    else
      result.body = rule.body;
  } else {
    return std::nullopt;
  }
  if (rule.status != 0)
    result.status = rule.status;
  return result;
}

bool matches_pattern(std::string_view pattern, std::string_view text) {
  const auto star = pattern.find('*');
  if (star == std::string_view::npos)
    return pattern == text;
  if (!text.starts_with(pattern.substr(0, star)))
    return false;
  const auto rest = pattern.substr(star + 1);
  for (auto at = star; at <= text.size(); ++at)
    if (matches_pattern(rest, text.substr(at)))
      return true;
  return false;
}

void faults::add(fault_rule rule) {
  const std::lock_guard guard{lock_};
  rules_.push_back(std::move(rule));
}

void faults::clear() {
  const std::lock_guard guard{lock_};
  rules_.clear();
}

std::optional<fault_rule> faults::take(std::string_view method, std::string_view path,
                                       std::string_view user) {
  const std::lock_guard guard{lock_};
  for (auto rule = rules_.begin(); rule != rules_.end(); ++rule) {
    if ((!rule->method.empty() && rule->method != method)
        || (!rule->user.empty() && rule->user != user)
        || !matches_pattern(rule->pattern, path))
      continue;
    if (rule->skip > 0) {
      --rule->skip;
      continue;
    }
    auto result = *rule;
    if (rule->times > 0 && --rule->times == 0)
      rules_.erase(rule);
    return result;
  }
  return std::nullopt;
}

} // namespace lakegate::sandbox
