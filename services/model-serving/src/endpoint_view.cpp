#include "services/model-serving/src/endpoint_view.hpp"

#include <lakegate/core/ids.hpp>

#include <chrono>

namespace lakegate::model_serving {

namespace {

caf::optional<std::string> if_any(const std::string& x) {
  return x.empty() ? caf::optional<std::string>{} : x;
}

caf::optional<std::string> time_of(const caf::optional<std::int64_t>& ms) {
  if (!ms)
    return caf::none;
  return to_rfc3339(
      std::chrono::system_clock::time_point{std::chrono::milliseconds{*ms}});
}

/// One segment of a path (RFC 3986, unreserved characters stay).
std::string percent_encoded(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  constexpr std::string_view unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                          "abcdefghijklmnopqrstuvwxyz0123456789-._~";
  std::string result;
  for (auto c : text) {
    if (unreserved.find(c) != std::string_view::npos) {
      result += c;
      continue;
    }
    auto byte = static_cast<unsigned char>(c);
    result += {'%', digits[byte >> 4], digits[byte & 15]};
  }
  return result;
}

} // namespace

std::string_view state_of(std::string_view ready, std::string_view config_update) {
  if (ready == "READY")
    return config_update == "IN_PROGRESS" ? "UPDATING" : "READY";
  return config_update == "IN_PROGRESS" ? "CREATING" : "FAILED";
}

endpoint summary_of(const databricks::serving_endpoint& x) {
  endpoint result;
  result.endpoint_name = x.name;
  result.endpoint_id = x.id;
  if (!x.entities.empty()) {
    result.model_name = if_any(x.entities.front().entity_name);
    result.model_version = if_any(x.entities.front().entity_version);
  }
  result.state = state_of(x.ready, x.config_update);
  result.task = if_any(x.task);
  result.creator = if_any(x.creator);
  result.creation_timestamp = time_of(x.created_at_ms);
  return result;
}

endpoint_details details_of(const databricks::serving_endpoint& x,
                            std::string_view workspace_url) {
  return {summary_of(x),
          std::string{workspace_url} + "/serving-endpoints/" + percent_encoded(x.name)
              + "/invocations",
          time_of(x.updated_at_ms), x.config};
}

} // namespace lakegate::model_serving
