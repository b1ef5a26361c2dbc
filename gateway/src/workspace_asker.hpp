#pragma once

#include <lakegate/contracts/databricks/identity.hpp>

#include <caf/actor_control_block.hpp>
#include <caf/actor_system.hpp>
#include <caf/expected.hpp>

#include <functional>
#include <memory>

namespace asio {
class io_context;
} // namespace asio

namespace lakegate::gateway {

/// Asks the workspace's identity actor from an event loop: an actor whose mailbox is
/// `loop` sends the requests and gets the answers there. Both `loop` and `system` must
/// outlive it.
class workspace_asker {
public:
  using done = std::function<void(caf::expected<databricks::workspace_user>)>;

  workspace_asker(caf::actor_system& system, asio::io_context& loop,
                  databricks::identity_actor workspace);
  ~workspace_asker();
  workspace_asker(const workspace_asker&) = delete;
  workspace_asker& operator=(const workspace_asker&) = delete;

  /// `then` is called once, on the loop, within the question's `time_left` and a little.
  void ask(databricks::get_current_user what, done then);

  /// Takes no more messages: what comes later is dropped, so that nothing of the actor
  /// system is left in the loop when the system ends. Called when the loop has ended.
  void close();

private:
  struct gate;
  std::shared_ptr<gate> gate_;
  caf::strong_actor_ptr self_;
  databricks::identity_actor workspace_;
};

} // namespace lakegate::gateway
