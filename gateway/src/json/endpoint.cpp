#include "gateway/src/json/endpoint.hpp"

#include <lakegate/core/json_writer.hpp>

#include <utility>

namespace lakegate::gateway::json {

namespace {

void write_members(json_writer& w, const model_serving::endpoint& x) {
  w.member("endpoint_name", x.endpoint_name).member("endpoint_id", x.endpoint_id);
  w.member("model_name", x.model_name).member("model_version", x.model_version);
  w.member("state", x.state).member("task", x.task).member("creator", x.creator);
  w.member("creation_timestamp", x.creation_timestamp);
}

} // namespace

std::string render(const std::vector<model_serving::endpoint>& items) {
  json_writer w;
  w.begin_array();
  for (const auto& x : items) {
    w.begin_object();
    write_members(w, x);
    w.end_object();
  }
  w.end_array();
  return std::move(w).str();
}

std::string render(const model_serving::endpoint_details& x) {
  json_writer w;
  w.begin_object();
  write_members(w, x.summary);
  w.member("workload_url", x.workload_url);
  w.member("last_updated_timestamp", x.last_updated_timestamp);
  w.member("config", x.config).end_object();
  return std::move(w).str();
}

std::string render(const model_serving::detected_schema& x) {
  json_writer w;
  w.begin_object();
  w.member("endpoint_name", x.endpoint_name).member("detected_type", x.detected_type);
  w.member("status", x.status).member("schema", x.schema);
  w.member("example_json", x.example).member("error_message", x.error_message);
  w.member("latency_ms", x.latency_ms).member("detected_at", x.detected_at);
  w.end_object();
  return std::move(w).str();
}

} // namespace lakegate::gateway::json
