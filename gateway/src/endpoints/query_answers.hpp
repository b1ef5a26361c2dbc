#pragma once

#include "gateway/src/exchange.hpp"
#include "gateway/src/service_port.hpp"

#include <lakegate/contracts/catalog.hpp>

/// What both ways to query a table share.
namespace lakegate::gateway::endpoints {

/// Checks and sends `query` unless `found` holds faults; answers with the rows.
void run_query(service_port<catalog::service_actor>& service, const exchange_ptr& http,
               catalog::query_table query, faults found);

} // namespace lakegate::gateway::endpoints
