#include "services/preferences/src/config.hpp"

#include <lakegate/postgres/settings.hpp>

namespace lakegate::preferences {

std::vector<runtime::setting> all_settings() {
  return runtime::joined({runtime::node_settings("4241"), postgres::database_settings(),
                          databricks::workspace_settings(),
                          databricks::service_principal_settings()});
}

caf::expected<config> read_config(const runtime::settings& values) {
  config result;
  auto node = runtime::read_node_config("preferences", values);
  if (!node)
    return node.error();
  auto database = postgres::read_database_config(values);
  if (!database)
    return database.error();
  auto workspace = databricks::read_workspace_config("preferences", values);
  if (!workspace)
    return workspace.error();
  result.node = std::move(*node);
  result.database = std::move(*database);
  result.workspace = std::move(*workspace);
  result.principal = databricks::read_service_principal(
      values, postgres::lakebase_instance_name(values));
  return result;
}

} // namespace lakegate::preferences
