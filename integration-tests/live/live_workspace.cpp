#include "integration-tests/live/live_workspace.hpp"

#include "services/sandbox/src/workspace.hpp"

#include <cstdlib>

namespace lakegate::integration {

namespace {

std::string variable(const char* name) {
  const auto* value = std::getenv(name);
  return value ? value : "";
}

/// A sandbox with a PostgreSQL of its own, until the process ends.
struct local_sandbox {
  test::temporary_postgres cluster;
  std::unique_ptr<sandbox::workspace> workspace;

  local_sandbox() {
    sandbox::config config;
    config.port = 0;
    config.database.host = cluster.host();
    config.database.port = cluster.port();
    config.database.user = cluster.user();
    config.database.password = access_token{cluster.password()};
    workspace = std::make_unique<sandbox::workspace>(config);
  }
};

live_workspace in_a_sandbox() {
  static local_sandbox local;
  live_workspace x;
  x.is_sandbox = true;
  x.host = "http://127.0.0.1:" + std::to_string(local.workspace->port());
  x.warehouse_id = "sandbox";
  x.token = "sandbox-engineer";
  x.second_token = "sandbox-analyst";
  x.endpoint = "nyctaxi-fare";
  x.readable = "samples.tpch.nation";
  return x;
}

live_workspace as_the_environment_says() {
  live_workspace x;
  x.host = variable("DATABRICKS_HOST");
  x.warehouse_id = variable("DATABRICKS_WAREHOUSE_ID");
  x.token = variable("DATABRICKS_TOKEN");
  x.second_token = variable("LAKEGATE_TEST_SECOND_TOKEN");
  x.endpoint = variable("LAKEGATE_TEST_ENDPOINT");
  x.readable = variable("LAKEGATE_TEST_TABLE");
  return x;
}

} // namespace

const live_workspace& live_workspace::shared() {
  static const auto x =
      variable("TEST_MODE") == "live" ? as_the_environment_says() : in_a_sandbox();
  return x;
}

} // namespace lakegate::integration
