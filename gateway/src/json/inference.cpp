#include "gateway/src/json/inference.hpp"

#include <lakegate/core/json_view.hpp>
#include <lakegate/core/json_writer.hpp>
#include <lakegate/core/rules.hpp>

#include <chrono>
#include <utility>

namespace lakegate::gateway::json {

namespace {

void write(json_writer& w, const model_serving::inference_log_entry& x) {
  w.begin_object();
  w.member("id", x.id).member("request_id", x.request_id);
  w.member("endpoint_name", x.endpoint_name).member("user_id", x.user_id);
  w.member("inputs", x.inputs).member("predictions", x.predictions);
  w.member("status", x.status).member("execution_time_ms", x.execution_time_ms);
  w.member("error_message", x.error_message);
  w.member("created_at", x.created_at).member("completed_at", x.completed_at);
  w.end_object();
}

std::string parse_endpoint_name(json_view value, faults& found) {
  constexpr auto field = "endpoint_name";
  if (!value.exists()) {
    found.push_back({field, "is required"});
    return {};
  }
  auto text = value.string();
  if (!text) {
    found.push_back({field, "must be a string"});
    return {};
  }
  rules::check_identifier(field, *text, found);
  return std::move(*text);
}

json_text parse_inputs(json_view value, faults& found) {
  constexpr auto field = "inputs";
  if (!value.exists())
    found.push_back({field, "is required"});
  else if (!value.is_object())
    found.push_back({field, "must be a JSON object"});
  else if (value.size() == 0)
    found.push_back({field, "must not be empty"});
  else if (value.raw().size() > rules::max_inputs_bytes)
    found.push_back({field, "must be at most 16 MiB (16777216 bytes), is "
                                + std::to_string(value.raw().size())});
  else
    return json_text::trusted(std::string{value.raw()});
  return {};
}

void parse_timeout(json_view value, caf::timespan& timeout, faults& found) {
  if (value.is_null())
    return;
  auto seconds = value.integer();
  if (!seconds || *seconds < 1 || *seconds > rules::max_timeout_seconds)
    found.push_back({"timeout_seconds", "must be a whole number between 1 and 300"});
  else
    timeout = std::chrono::seconds{*seconds};
}

} // namespace

std::string render(const model_serving::inference& x) {
  json_writer w;
  w.begin_object();
  w.member("request_id", x.request_id).member("endpoint_name", x.endpoint_name);
  w.member("predictions", x.predictions).member("status", "SUCCESS");
  w.member("execution_time_ms", x.execution_time_ms).member("error_message", nullptr);
  w.member("completed_at", x.completed_at).end_object();
  return std::move(w).str();
}

std::string render(const model_serving::inference_log_page& x,
                   const model_serving::list_inference_logs& asked) {
  json_writer w;
  w.begin_object().key("logs").begin_array();
  for (const auto& entry : x.items)
    write(w, entry);
  w.end_array().member("total_count", x.total);
  w.member("limit", asked.limit).member("offset", asked.offset).end_object();
  return std::move(w).str();
}

model_serving::invoke_model parse_invoke_model(const json_text& body, faults& found) {
  json_view members{body};
  model_serving::invoke_model result;
  result.endpoint_name = parse_endpoint_name(members["endpoint_name"], found);
  result.inputs = parse_inputs(members["inputs"], found);
  parse_timeout(members["timeout_seconds"], result.timeout, found);
  return result;
}

} // namespace lakegate::gateway::json
