#pragma once

#include "services/catalog/src/limits.hpp"

#include <lakegate/databricks/workspace.hpp>
#include <lakegate/runtime/node.hpp>
#include <lakegate/runtime/peer_address.hpp>
#include <lakegate/runtime/settings.hpp>

#include <caf/expected.hpp>

#include <string>
#include <vector>

namespace lakegate::catalog {

/// All that a catalog service must know to run.
struct config {
  runtime::node_config node;
  databricks::workspace_config workspace;
  std::string warehouse_id; ///< Empty: queries are `warehouse_not_configured`.
  /// Where the preferences services listen; empty: queries have no defaults.
  std::vector<runtime::peer_address> preferences;
  std::size_t max_in_flight = 1024;
  limits bounds;
};

/// The whole table of its process.
std::vector<runtime::setting> all_settings();

/// The error is a sentence that names the setting.
caf::expected<config> read_config(const runtime::settings& values);

} // namespace lakegate::catalog
