#pragma once

#include "gateway/src/dispatch.hpp"
#include "gateway/src/http_server.hpp"
#include "gateway/src/identity.hpp"

#include <lakegate/databricks/workspace.hpp>
#include <lakegate/runtime/node.hpp>
#include <lakegate/runtime/peer_address.hpp>
#include <lakegate/runtime/settings.hpp>

#include <caf/expected.hpp>

#include <vector>

namespace lakegate::gateway {

/// All that the gateway can be told.
struct config {
  runtime::node_config node;
  http_server_config http;
  dispatch_config dispatch;
  identity_config identity;
  databricks::workspace_config workspace;
  std::size_t event_loops = 1;
  std::vector<runtime::peer_address> preferences; ///< Replicas of each service.
  std::vector<runtime::peer_address> catalog;
  std::vector<runtime::peer_address> model_serving;
};

/// The whole table of its process.
std::vector<runtime::setting> all_settings();

/// The error is a sentence (`runtime::sentence_of`).
caf::expected<config> read_config(const runtime::settings& values);

} // namespace lakegate::gateway
