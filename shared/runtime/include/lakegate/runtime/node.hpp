#pragma once

#include <lakegate/runtime/settings.hpp>

#include <caf/actor_control_block.hpp>
#include <caf/actor_system.hpp>
#include <caf/expected.hpp>
#include <caf/io/middleman_actor.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace lakegate::runtime {

/// How an actor system reaches its peers and is reached.
struct node_config {
  std::string name{};                    ///< `catalog`; for logs and metric labels.
  std::string listen_host = "127.0.0.1"; ///< For the published actor.
  std::uint16_t listen_port = 0;         ///< 0: any free one; see `node::publish`.
  std::string tls_certificate{};         ///< PEM paths; all three, or none on loopback.
  std::string tls_key{};
  std::string tls_ca{};
  bool insecure_private_network = false; ///< Knowingly none off loopback.
  std::size_t scheduler_threads = 1;
};

/// The settings that fill a node_config, to be spliced into a process' table: `node.*`.
std::vector<setting> node_settings(std::string_view default_port);

/// Refuses (in a sentence) a non-loopback address without TLS.
caf::expected<node_config> read_node_config(std::string name, const settings& values);

/// What is wrong with `config`, in a sentence; empty: nothing.
std::string fault_of(const node_config& config);

/// An actor system of ours with CAF's network layer: message types announced, scheduler
/// and heartbeats (1 s / 3 s) set, mutual TLS where configured. Not movable.
class node {
public:
  /// Throws std::runtime_error with a sentence if a certificate can't be read, or if
  /// `fault_of` finds one.
  explicit node(node_config config);
  /// Ends what `end_with_me` was told, waits for the actors (5 s at most; what is left
  /// then is logged and abandoned) and closes the connections. Handles of its actors must
  /// not be used afterwards.
  ~node();
  node(const node&) = delete;
  node& operator=(const node&) = delete;

  caf::actor_system& system() noexcept;
  const node_config& config() const noexcept;

  /// Makes `actor` reachable; the port, or an error that says why not ("port taken").
  /// Blocks for an instant; not to be called from an actor.
  caf::expected<std::uint16_t> publish(const caf::strong_actor_ptr& actor);

  /// The destructor sends `actor` an exit message. Unbatchers and remote services are
  /// registered by who spawns them. Thread safe.
  void end_with_me(caf::strong_actor_ptr actor);

  /// Who connects to other nodes (over TLS where configured).
  caf::io::middleman_actor connector() noexcept;

private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

} // namespace lakegate::runtime
