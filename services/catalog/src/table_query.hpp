#pragma once

#include "services/catalog/src/health.hpp"
#include "services/catalog/src/limits.hpp"
#include "services/catalog/src/metrics.hpp"

#include <lakegate/contracts/catalog.hpp>
#include <lakegate/contracts/databricks.hpp>
#include <lakegate/contracts/preferences.hpp>

#include <caf/actor_system.hpp>

#include <string>

namespace lakegate::catalog {

/// The queries of the catalog service.
using table_query_actor =
    caf::typed_actor<caf::replies_to<query_table>::with<query_result>,
                     // Cancels the statements of that call upstream.
                     caf::reacts_to<cancel_call>>;

struct table_query_dependencies {
  databricks::catalog_actor workspace;
  databricks::sql_actor warehouse;
  preferences::service_actor preferences; ///< May be null: no defaults then.
  std::string warehouse_id;               ///< Empty: `warehouse_not_configured`.
  limits bounds;
  metrics_ptr counters;
  health_ptr known;
};

/// Fills, checks, plans and runs queries: the page's statement and the count's side by
/// side, polled and gathered until both are done. Whatever ends a query early (its
/// deadline, its client, a failure of one of the two) cancels at the warehouse what still
/// runs there, even when its id becomes known only afterwards.
table_query_actor spawn_table_query(caf::actor_system& system,
                                    table_query_dependencies parts);

} // namespace lakegate::catalog
