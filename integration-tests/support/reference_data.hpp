#pragma once

#include <lakegate/contracts/databricks.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

/// The data that all scenarios share, read only (scenarios.md): users, tables, endpoints.
namespace lakegate::integration {

inline const std::string user_a = "test-user-a@example.com";
inline const std::string user_b = "test-user-b@example.com";

/// The users of the concurrency stories: `user-1@example.com` … `user-7@example.com`.
std::vector<std::string> SevenUsers();

/// A table of the reference workspace. Cells are text, as the warehouse sends them.
struct reference_table {
  std::string catalog;
  std::string schema;
  std::string name;
  std::vector<databricks::column_info> columns;
  std::vector<std::string> primary_key;
  std::int64_t row_count = 0;
  /// Computed, so that a million rows cost nothing.
  std::function<std::vector<databricks::cell>(std::int64_t row)> row;

  std::string full_name() const { return catalog + "." + schema + "." + name; }
};

databricks::column_info Column(std::string name, std::string type_text,
                               bool nullable = true);

/// A table whose rows are listed.
reference_table Table(std::string catalog, std::string schema, std::string name,
                      std::vector<databricks::column_info> columns,
                      std::vector<std::vector<databricks::cell>> rows);

std::vector<reference_table> ReferenceTables();
std::vector<databricks::serving_endpoint> ReferenceEndpoints();

} // namespace lakegate::integration
