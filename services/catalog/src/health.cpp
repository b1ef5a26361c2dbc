#include "services/catalog/src/health.hpp"

namespace lakegate::catalog {

void health::workspace_failed(databricks::failure_kind why) noexcept {
  using databricks::failure_kind;
  switch (why) {
  case failure_kind::not_configured:
    workspace_ = state::not_configured;
    break;
  case failure_kind::unavailable:
  case failure_kind::held_back:
  case failure_kind::timeout:
    workspace_ = state::down;
    break;
  case failure_kind::cancelled:
  case failure_kind::overloaded:
    break;
  default:
    workspace_ = state::up;
  }
}

service_status health::status() const {
  auto component = [](std::string name, state now, std::string down,
                      std::string not_configured) -> component_status {
    switch (now) {
    case state::down:
      return {std::move(name), "down", std::move(down)};
    case state::not_configured:
      return {std::move(name), "not_configured", std::move(not_configured)};
    case state::unknown:
      return {std::move(name), "up", "Not asked yet."};
    default:
      return {std::move(name), "up", ""};
    }
  };
  service_status result;
  result.components.push_back(component("workspace", workspace_,
                                        "The workspace did not answer its last call.",
                                        "Set DATABRICKS_HOST."));
  result.components.push_back(component(
      "warehouse", has_warehouse_ ? warehouse_.load() : state::not_configured,
      "The SQL warehouse failed its last statement.", "Set DATABRICKS_WAREHOUSE_ID."));
  return result;
}

} // namespace lakegate::catalog
