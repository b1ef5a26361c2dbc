#pragma once

#include "services/preferences/src/preferences.hpp"

#include <lakegate/databricks/oauth.hpp>
#include <lakegate/databricks/workspace.hpp>
#include <lakegate/postgres/database.hpp>
#include <lakegate/runtime/node.hpp>
#include <lakegate/runtime/settings.hpp>

#include <caf/expected.hpp>

#include <vector>

namespace lakegate::preferences {

/// All that the service is told. A database without a host is none.
struct config {
  runtime::node_config node;
  postgres::database_config database;
  databricks::workspace_config workspace;  ///< Only to log in to the database.
  databricks::service_principal principal; ///< Logs in to a database without a password.
  limits allowed;
};

/// The whole table of its process.
std::vector<runtime::setting> all_settings();

caf::expected<config> read_config(const runtime::settings& values);

} // namespace lakegate::preferences
