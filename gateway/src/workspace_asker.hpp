#pragma once

#include "gateway/src/identity.hpp"

#include <lakegate/contracts/databricks/identity.hpp>

#include <caf/actor_system.hpp>

namespace asio {
class io_context;
} // namespace asio

namespace lakegate::gateway {

/// Asks `workspace` from the event loop: an actor whose mailbox is `loop` sends the
/// requests and gets the answers there. `loop` must outlive `system`.
ask_workspace make_workspace_asker(caf::actor_system& system, asio::io_context& loop,
                                   databricks::identity_actor workspace);

} // namespace lakegate::gateway
