#include "services/catalog/src/config.hpp"

namespace lakegate::catalog {

namespace {

using runtime::duration_between;
using runtime::integer_between;
using namespace std::chrono_literals;

/// A warehouse's id becomes part of a request to the workspace.
std::string check_warehouse_id(std::string_view text) {
  auto is_fine = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
           || c == '-' || c == '_';
  };
  for (auto c : text)
    if (!is_fine(c))
      return "must be the id of a SQL warehouse, letters and digits";
  return {};
}

std::vector<runtime::setting> own_settings() {
  return {
      {"warehouse.id",
       {"DATABRICKS_WAREHOUSE_ID"},
       "",
       check_warehouse_id,
       "SQL warehouse that runs the queries; empty: they answer "
       "WAREHOUSE_NOT_CONFIGURED."},
      {"preferences.address",
       {"LAKEGATE_PREFERENCES_ADDRESS"},
       "127.0.0.1:4241",
       runtime::check_peer_addresses,
       "Where the preferences service listens (host:port, several separated by commas); "
       "asked for query_defaults."},
      {"catalog.max-in-flight",
       {"LAKEGATE_CATALOG_MAX_IN_FLIGHT"},
       "1024",
       integer_between(1, 100'000),
       "Commands that are worked on at once; beyond, OVERLOADED."},
      {"catalog.max-pages",
       {"LAKEGATE_CATALOG_MAX_PAGES"},
       "1000",
       integer_between(1, 100'000),
       "Upstream pages that one listing may have."},
      {"catalog.max-result-bytes",
       {"LAKEGATE_CATALOG_MAX_RESULT_BYTES"},
       "8388608",
       integer_between(1024, 32 * 1024 * 1024),
       "Largest JSON of one query's rows, or of one page of tables; beyond, 400."},
      {"catalog.longest-poll",
       {"LAKEGATE_CATALOG_LONGEST_POLL"},
       "2s",
       duration_between(100ms, 30s),
       "Longest pause between two looks at a statement that runs."},
      {"catalog.defaults-timeout",
       {"LAKEGATE_CATALOG_DEFAULTS_TIMEOUT"},
       "2s",
       duration_between(10ms, 30s),
       "How long a query waits for the preference query_defaults."},
      {"catalog.max-attempts",
       {"LAKEGATE_CATALOG_MAX_ATTEMPTS"},
       "3",
       integer_between(1, 10),
       "How often one call to the workspace is made at most."},
  };
}

} // namespace

std::vector<runtime::setting> all_settings() {
  return runtime::joined(
      {runtime::node_settings("4242"), databricks::workspace_settings(), own_settings()});
}

caf::expected<config> read_config(const runtime::settings& values) {
  auto node = runtime::read_node_config("catalog", values);
  if (!node)
    return node.error();
  auto workspace = databricks::read_workspace_config("catalog", values);
  if (!workspace)
    return workspace.error();
  auto peers = runtime::parse_peer_addresses(values.text("preferences.address"));
  if (!peers)
    return peers.error();
  config result;
  result.node = std::move(*node);
  result.workspace = std::move(*workspace);
  result.preferences = std::move(*peers);
  result.warehouse_id = values.text("warehouse.id");
  result.max_in_flight =
      static_cast<std::size_t>(values.integer("catalog.max-in-flight"));
  result.bounds.max_pages = static_cast<std::size_t>(values.integer("catalog.max-pages"));
  result.bounds.max_result_bytes =
      static_cast<std::size_t>(values.integer("catalog.max-result-bytes"));
  result.bounds.longest_poll = values.duration("catalog.longest-poll");
  result.bounds.defaults_timeout = values.duration("catalog.defaults-timeout");
  result.bounds.max_attempts = static_cast<int>(values.integer("catalog.max-attempts"));
  return result;
}

} // namespace lakegate::catalog
