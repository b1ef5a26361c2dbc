#pragma once

#include "services/catalog/src/table_query.hpp"
#include "services/catalog/src/unity_catalog.hpp"

#include <lakegate/contracts/catalog.hpp>

#include <functional>
#include <string>

namespace lakegate::catalog {

/// What the CATALOG actor makes its parts of.
struct catalog_parts {
  std::function<databricks::catalog_actor(caf::actor_system&)> workspace;
  std::function<databricks::sql_actor(caf::actor_system&)> warehouse;
  preferences::service_actor preferences; ///< May be null; outlives the actor.
  std::string warehouse_id;
  limits bounds;
  metrics_ptr counters;
  health_ptr known;
};

/// Spawns the service as its contract has it. It hands listings to UNITY CATALOG and
/// queries to TABLE QUERY, answers `get_status` itself, and ends with its parts and they
/// with it, so that a supervisor can replace all of them at once.
service_actor spawn_catalog(caf::actor_system& system, const catalog_parts& parts);

} // namespace lakegate::catalog
