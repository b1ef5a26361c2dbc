#include "gateway/src/endpoints/endpoints.hpp"

#include "gateway/src/ask.hpp"
#include "gateway/src/json/inference.hpp"
#include "gateway/src/parameters.hpp"

#include <lakegate/core/ids.hpp>
#include <lakegate/core/rules.hpp>

namespace lakegate::gateway::endpoints {

namespace {

constexpr std::int64_t default_limit = 50;

caf::optional<std::string> optional_text(const exchange& http, std::string_view name,
                                         faults& found) {
  auto value = http.context().target.query.text(name, found);
  return value ? caf::optional<std::string>{std::move(*value)} : caf::none;
}

caf::optional<std::string> read_time(const exchange& http, std::string_view name,
                                     faults& found) {
  auto text = optional_text(http, name, found);
  if (!text)
    return text;
  auto time = parse_rfc3339(*text);
  if (!time)
    found.push_back({std::string{name}, "must be an RFC 3339 time"});
  else
    text = to_rfc3339(*time);
  return text;
}

model_serving::list_inference_logs read_command(const exchange& http, faults& found) {
  model_serving::list_inference_logs cmd;
  auto asked = read_page(http, default_limit, found);
  cmd.limit = asked.limit;
  cmd.offset = asked.offset;
  cmd.endpoint_name = optional_text(http, "endpoint_name", found);
  if (cmd.endpoint_name)
    rules::check_identifier("endpoint_name", *cmd.endpoint_name, found);
  cmd.status = optional_text(http, "status", found);
  if (cmd.status && *cmd.status != "SUCCESS" && *cmd.status != "ERROR"
      && *cmd.status != "TIMEOUT")
    found.push_back({"status", "must be SUCCESS, ERROR or TIMEOUT"});
  cmd.since = read_time(http, "since", found);
  cmd.until = read_time(http, "until", found);
  return cmd;
}

} // namespace

void list_inference_logs(const directory& services, const exchange_ptr& http) {
  faults found;
  auto cmd = read_command(*http, found);
  if (!found.empty())
    return http->fail(errc::invalid_request, found);
  cmd.who = http->caller_without_token();
  ask(services.model_serving, http, cmd, [cmd](model_serving::inference_log_page& got) {
    return json_answer(json::render(got, cmd));
  });
}

} // namespace lakegate::gateway::endpoints
