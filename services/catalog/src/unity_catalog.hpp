#pragma once

#include "services/catalog/src/health.hpp"
#include "services/catalog/src/limits.hpp"
#include "services/catalog/src/metrics.hpp"

#include <lakegate/contracts/catalog.hpp>
#include <lakegate/contracts/databricks.hpp>

#include <caf/actor_system.hpp>

namespace lakegate::catalog {

/// The listings of the catalog service.
using unity_catalog_actor =
    caf::typed_actor<caf::replies_to<list_catalogs>::with<name_page>,
                     caf::replies_to<list_schemas>::with<name_page>,
                     caf::replies_to<list_table_names>::with<name_page>,
                     caf::replies_to<list_tables>::with<table_page>,
                     // The listing goes on for whoever else waits for it.
                     caf::reacts_to<cancel_call>>;

struct unity_catalog_dependencies {
  databricks::catalog_actor workspace;
  limits bounds;
  metrics_ptr counters;
  health_ptr known;
};

/// Follows every upstream list to its end and answers with the sorted part that was asked
/// for. Requests of the same token for the same list that are under way at the same time
/// share one walk through the pages; nothing is remembered afterwards, so that a right
/// that was revoked a moment ago is gone for the next request. Each waiter keeps its own
/// deadline.
unity_catalog_actor spawn_unity_catalog(caf::actor_system& system,
                                        unity_catalog_dependencies parts);

} // namespace lakegate::catalog
