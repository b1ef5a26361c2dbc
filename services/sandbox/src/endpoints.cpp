#include "services/sandbox/src/endpoints.hpp"

#include <algorithm>

namespace lakegate::sandbox {

const served_endpoint* find_endpoint(std::string_view name) {
  const auto* found = std::find_if(endpoint_table.begin(), endpoint_table.end(),
                                   [&](const auto& e) { return e.name == name; });
  return found == endpoint_table.end() ? nullptr : found;
}

const served_endpoint* find_endpoint_of_model(std::string_view entity_name) {
  const auto* found =
      std::find_if(endpoint_table.begin(), endpoint_table.end(),
                   [&](const auto& e) { return e.entity_name == entity_name; });
  return found == endpoint_table.end() ? nullptr : found;
}

model_signature signature_of(model_kind kind) {
  switch (kind) {
  case model_kind::fare:
    return {{{"trip_distance", "double"}, {"pickup_hour", "long"}},
            {{"fare_amount", "double"}}};
  case model_kind::tickets:
    return {{{"text", "string"}}, {{"label", "string"}, {"score", "double"}}};
  case model_kind::sleepy:
    return {{{"celsius", "double"}}, {{"fahrenheit", "double"}}};
  case model_kind::broken:
  case model_kind::updating:
    return {{{"x", "double"}}, {{"y", "double"}}};
  case model_kind::chat:
  case model_kind::embedding:
  case model_kind::legacy:
    break;
  }
  return {};
}

bool endpoint_rights::may_query(std::string_view user, std::string_view endpoint) const {
  const std::lock_guard guard{lock_};
  const auto found = granted_.find(user);
  return found != granted_.end() && found->second.contains(endpoint);
}

void endpoint_rights::grant(std::string_view user, std::string_view endpoint) {
  const std::lock_guard guard{lock_};
  granted_[std::string{user}].emplace(endpoint);
}

void endpoint_rights::revoke(std::string_view user, std::string_view endpoint) {
  const std::lock_guard guard{lock_};
  const auto found = granted_.find(user);
  if (found != granted_.end())
    found->second.erase(std::string{endpoint});
}

void endpoint_rights::restore() {
  const std::lock_guard guard{lock_};
  granted_.clear();
  for (const auto& e : endpoint_table) {
    granted_["engineer@example.com"].emplace(e.name);
    granted_["sandbox-client"].emplace(e.name);
  }
  granted_["analyst@example.com"] = {"nyctaxi-fare", "sandbox-chat"};
}

} // namespace lakegate::sandbox
