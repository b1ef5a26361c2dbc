#pragma once

#include "services/model-serving/src/inference.hpp"
#include "services/model-serving/src/inference_log.hpp"
#include "services/model-serving/src/journal_types.hpp"
#include "services/model-serving/src/schema_detection.hpp"

#include <lakegate/databricks/oauth.hpp>
#include <lakegate/databricks/workspace.hpp>
#include <lakegate/postgres/database.hpp>
#include <lakegate/runtime/node.hpp>
#include <lakegate/runtime/settings.hpp>

#include <caf/expected.hpp>

#include <vector>

namespace lakegate::model_serving {

/// All that the service is told. A database without a host is none, a workspace likewise.
struct config {
  runtime::node_config node;
  postgres::database_config database;
  databricks::workspace_config workspace;
  databricks::service_principal principal; ///< Logs in to a database without a password.
  journal_config journal;                  ///< Unused without a database.
  inference_config inferences;
  inference_log_config log;
  schema_detection_config detection;
};

/// The settings of this service alone: `journal.*` and `inference.*`.
std::vector<runtime::setting> own_settings();
/// The whole table of its process.
std::vector<runtime::setting> all_settings();

caf::expected<config> read_config(const runtime::settings& values);

} // namespace lakegate::model_serving
