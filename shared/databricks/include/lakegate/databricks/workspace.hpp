#pragma once

#include <lakegate/contracts/databricks.hpp>
#include <lakegate/core/circuit_breaker.hpp>
#include <lakegate/http/client.hpp>
#include <lakegate/runtime/settings.hpp>

#include <caf/actor_system.hpp>
#include <caf/expected.hpp>
#include <prometheus/registry.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace lakegate::databricks {

/// Which workspace, and how it is spoken to.
struct workspace_config {
  std::string host;         ///< `https://host[:port]`; empty: not configured.
  std::string workspace_id; ///< Sent as X-Databricks-Workspace-Id where known.
  std::string process;      ///< `catalog`: a label of the metrics.
  http::client_config http;
  /// Of each API. A probe that is slow is not waited for: it may be an honest long call.
  breaker_config breaker{.probe_limit = std::chrono::seconds{3}};
};

/// The settings that fill a workspace_config, to be spliced into a process' table.
std::vector<runtime::setting> workspace_settings();
/// Keeps scheme and host of DATABRICKS_HOST, adds `https://` where it lacks a scheme,
/// takes the workspace id from its `?o=` if there is no other. The error is a sentence.
caf::expected<workspace_config> read_workspace_config(std::string process,
                                                      const runtime::settings& values);

/// What the actors of one process share: HTTP client, configuration, a circuit breaker
/// for each API and metrics (`lakegate_upstream_seconds{process,operation,outcome}`).
/// `registry` must outlive it.
class workspace;
using workspace_ptr = std::shared_ptr<workspace>;
workspace_ptr make_workspace(workspace_config config, prometheus::Registry& registry);

/// The real actors: each message becomes one REST call with the token of its context and
/// ends when the answer comes or its `time_left` is over; while the breaker of its API is
/// open, at once (`held_back`). Errors carry an `upstream_failure` (`failure_in`). An
/// actor that ends drops its calls; the actors may be ended in any order and need not be
/// gone before `where`.
identity_actor spawn_identity(caf::actor_system& system, workspace_ptr where);
catalog_actor spawn_catalog(caf::actor_system& system, workspace_ptr where);
sql_actor spawn_sql(caf::actor_system& system, workspace_ptr where);
serving_actor spawn_serving(caf::actor_system& system, workspace_ptr where);
registry_actor spawn_registry(caf::actor_system& system, workspace_ptr where);

} // namespace lakegate::databricks
