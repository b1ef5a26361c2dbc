#pragma once

#include "services/sandbox/src/router.hpp"
#include "services/sandbox/src/statements.hpp"
#include "services/sandbox/src/warehouse.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>

namespace lakegate::sandbox {

/// What the routes of the SQL APIs work with; all of it outlives them.
struct sql_services {
  statements& running;
  warehouse& house;
  std::size_t chunk_rows; ///< Rows of a result's chunk.
  /// Runs a function later, without blocking anybody.
  std::function<void(std::chrono::milliseconds, std::function<void()>)> call_later;
};

/// `/api/2.0/sql/statements` and `/api/2.0/sql/warehouses`.
void add_sql_routes(route_table& routes, const sql_services& services);

} // namespace lakegate::sandbox
