#pragma once

#include <lakegate/testing/temporary_postgres.hpp>

#include <memory>
#include <string>

namespace lakegate::sandbox {
class workspace;
} // namespace lakegate::sandbox

namespace lakegate::integration {

/// Which workspace live mode speaks to, over HTTP: with TEST_MODE=live the one that
/// DATABRICKS_HOST names, else a sandbox that this process starts. What is not given is
/// empty, and tests that need it skip and say so.
struct live_workspace {
  std::string host;
  std::string warehouse_id; ///< DATABRICKS_WAREHOUSE_ID
  std::string token;        ///< DATABRICKS_TOKEN
  std::string second_token; ///< LAKEGATE_TEST_SECOND_TOKEN: another user's.
  std::string endpoint;     ///< LAKEGATE_TEST_ENDPOINT: a READY one that may be queried.
  std::string readable; ///< LAKEGATE_TEST_TABLE: catalog.schema.table, at least 3 rows.
  bool is_sandbox = false;

  /// One a process.
  static const live_workspace& shared();
};

} // namespace lakegate::integration
