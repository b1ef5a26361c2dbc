#include "services/model-serving/src/config.hpp"

#include <lakegate/postgres/settings.hpp>

#include <algorithm>

namespace lakegate::model_serving {

namespace {

/// Beside those that inferences hold, for as long as their models take.
constexpr std::size_t other_connections = 32;

} // namespace

std::vector<runtime::setting> own_settings() {
  using runtime::integer_between;
  return {
      {"journal.directory",
       {"LAKEGATE_JOURNAL_DIR"},
       ".lakegate/journal",
       runtime::anything(),
       "Directory of the inference log's journal; each replica needs one of its own"},
      {"journal.sync",
       {"LAKEGATE_JOURNAL_SYNC"},
       "interval",
       runtime::one_of({"interval", "always"}),
       "Against power loss: sync the journal every 10 ms, or always before an answer"},
      {"journal.max-mebibytes",
       {"LAKEGATE_JOURNAL_MAX_MEBIBYTES"},
       "1024",
       integer_between(16, 1024 * 1024),
       "Size of the journal at most; when it is full models are not called"},
      {"inference.max-in-flight",
       {"LAKEGATE_INFERENCE_MAX_IN_FLIGHT"},
       "256",
       integer_between(1, 10'000),
       "Inferences at once; beyond, callers are told to come back"},
      {"inference.max-attempts",
       {"LAKEGATE_INFERENCE_MAX_ATTEMPTS"},
       "3",
       integer_between(1, 10),
       "Serving calls for one inference at most, within its timeout and the retry "
       "budget"},
      {"inference.breaker-failures",
       {"LAKEGATE_INFERENCE_BREAKER_FAILURES"},
       "5",
       integer_between(1, 1'000),
       "Failures in a row within 10 s that keep a user's calls from an endpoint for a "
       "moment"},
  };
}

std::vector<runtime::setting> all_settings() {
  return runtime::joined({runtime::node_settings("4243"), postgres::database_settings(),
                          databricks::workspace_settings(),
                          databricks::service_principal_settings(), own_settings()});
}

caf::expected<config> read_config(const runtime::settings& values) {
  config result;
  auto node = runtime::read_node_config("model-serving", values);
  if (!node)
    return node.error();
  auto database = postgres::read_database_config(values);
  if (!database)
    return database.error();
  auto workspace = databricks::read_workspace_config("model-serving", values);
  if (!workspace)
    return workspace.error();
  result.node = std::move(*node);
  result.database = std::move(*database);
  result.workspace = std::move(*workspace);
  result.principal = databricks::read_service_principal(
      values, postgres::lakebase_instance_name(values));
  result.journal.directory = values.text("journal.directory");
  result.journal.sync_always = values.text("journal.sync") == "always";
  result.journal.max_bytes =
      static_cast<std::uint64_t>(values.integer("journal.max-mebibytes")) << 20;
  auto& inferences = result.inferences;
  inferences.max_in_flight =
      static_cast<std::size_t>(values.integer("inference.max-in-flight"));
  inferences.max_attempts = static_cast<int>(values.integer("inference.max-attempts"));
  inferences.breaker.failures =
      static_cast<int>(values.integer("inference.breaker-failures"));
  auto& http = result.workspace.http;
  auto connections = inferences.max_in_flight + other_connections;
  http.max_connections_per_host = std::max(http.max_connections_per_host, connections);
  http.max_in_flight = std::max(http.max_in_flight, connections);
  return result;
}

} // namespace lakegate::model_serving
