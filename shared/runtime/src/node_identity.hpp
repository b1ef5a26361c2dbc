#pragma once

#include <caf/actor_system_config.hpp>

namespace lakegate::runtime {

/// Gives the actor system a random node id. CAF 0.17.6 derives it from the network cards'
/// addresses and the process id, which are the same for all containers that share a
/// network namespace and start their process as number 1; nodes of one id refuse each
/// other.
void use_random_node_id(caf::actor_system_config& config);

} // namespace lakegate::runtime
