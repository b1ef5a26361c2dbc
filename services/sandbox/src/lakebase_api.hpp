#pragma once

#include "services/sandbox/src/router.hpp"
#include "services/sandbox/src/sessions.hpp"

#include <string>

namespace lakegate::sandbox {

/// Lakebase in both its forms, `/api/2.0/database` and `/api/2.0/postgres`: one instance,
/// `sandbox`, that is the sandbox's PostgreSQL. A credential really lets the caller's
/// role in.
void add_lakebase_routes(route_table& routes, const sessions& pool,
                         std::string postgres_host);

} // namespace lakegate::sandbox
