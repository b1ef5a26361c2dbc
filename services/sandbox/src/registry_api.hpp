#pragma once

#include "services/sandbox/src/router.hpp"
#include "services/sandbox/src/unity_api.hpp"

namespace lakegate::sandbox {

/// Models: Unity Catalog's registry, the workspace's old one, and the MLmodel files
/// behind the Files API.
void add_registry_routes(route_table& routes, const unity_reader& reader);

} // namespace lakegate::sandbox
