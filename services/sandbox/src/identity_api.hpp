#pragma once

#include "services/sandbox/src/accounts.hpp"
#include "services/sandbox/src/router.hpp"

namespace lakegate::sandbox {

/// SCIM `Me`, OIDC discovery and the token endpoint for service principals.
void add_identity_routes(route_table& routes, accounts& who);

} // namespace lakegate::sandbox
