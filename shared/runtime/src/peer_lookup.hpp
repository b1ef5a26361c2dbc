#pragma once

#include <lakegate/runtime/peer_address.hpp>

#include <caf/actor_control_block.hpp>
#include <caf/allowed_unsafe_message_type.hpp>

#include <memory>
#include <vector>

namespace lakegate::runtime {

/// The addresses behind all names of a link; empty if nothing was found.
struct peers_found {
  std::vector<peer_address> addresses;
};

/// Whether something listens at the address of that replica.
struct peer_probed {
  std::uint32_t replica = 0;
  bool is_open = false;
};

/// A thread that does what would block an actor: looks names up, and tries whether an
/// address accepts connections before CAF's one connecting thread, which waits for
/// minutes on one that swallows packets, gets to see it. Answers by message to `owner`.
class peer_lookup {
public:
  explicit peer_lookup(const caf::strong_actor_ptr& owner);
  /// No message after that. Waits for the thread unless it hangs in a look-up.
  ~peer_lookup();
  peer_lookup(const peer_lookup&) = delete;
  peer_lookup& operator=(const peer_lookup&) = delete;

  /// Answered by one `peers_found`.
  void find(std::vector<peer_address> names);
  /// Answered by one `peer_probed`, after a second at most.
  void probe(std::uint32_t replica, peer_address where);

private:
  struct state;
  std::shared_ptr<state> state_;
};

/// The host is an IP address already.
bool is_literal(const std::string& host);

} // namespace lakegate::runtime

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(lakegate::runtime::peers_found)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(lakegate::runtime::peer_probed)
