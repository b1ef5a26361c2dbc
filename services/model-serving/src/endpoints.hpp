#pragma once

#include <lakegate/contracts/databricks.hpp>
#include <lakegate/contracts/model_serving.hpp>

#include <caf/actor_system.hpp>
#include <caf/typed_actor.hpp>

#include <chrono>
#include <string>

namespace lakegate::model_serving {

struct endpoints_config {
  std::string workspace_url; ///< For `workload_url`; no slash at its end.
  /// For a caller that does not say how long it waits.
  std::chrono::milliseconds default_time_left{30'000};
};

/// The ENDPOINTS actor: what the caller may see, asked afresh each time. Errors:
/// `endpoint_not_found`, `model_permission_denied`, `model_unavailable`, `model_timeout`
/// and those of the token.
using endpoints_actor =
    caf::typed_actor<caf::replies_to<list_endpoints>::with<endpoint_list>,
                     caf::replies_to<get_endpoint>::with<endpoint_details>>;

endpoints_actor spawn_endpoints(caf::actor_system& system, endpoints_config config,
                                databricks::serving_actor serving);

} // namespace lakegate::model_serving
