#pragma once

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <lakegate/runtime/settings.hpp>

namespace lakegate::runtime {

/// How an actor system reaches its peers and is reached.
struct node_config {
  std::string name;                      ///< `catalog`; for logs.
  std::string listen_host = "127.0.0.1"; ///< For the published actor.
  std::uint16_t listen_port = 0;         ///< 0: any free one; see `node::publish`.
  std::string tls_certificate;           ///< PEM paths; all three, or none on loopback.
  std::string tls_key;
  std::string tls_ca;
  bool insecure_private_network = false; ///< Knowingly none off loopback.
  std::size_t scheduler_threads = 1;
};

/// The settings that fill a node_config, to be spliced into a process' table: `node.*`.
std::vector<setting> node_settings(std::string_view default_port);
/// Refuses (in a sentence) a non-loopback address without TLS.
caf::expected<node_config> read_node_config(std::string name, const settings& values);

/// An actor system of ours with CAF's network layer: message types announced, scheduler
/// and heartbeats (1 s / 3 s) set, mutual TLS where configured. Not movable; its
/// destructor ends every actor that is left and returns within seconds.
class node {
public:
  explicit node(node_config config);
  ~node();
  node(const node&) = delete;
  node& operator=(const node&) = delete;

  caf::actor_system& system() noexcept;
  const node_config& config() const noexcept;

  /// Makes `actor` reachable; the port, or an error that says why not ("port taken").
  caf::expected<std::uint16_t> publish(const caf::strong_actor_ptr& actor);

private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

} // namespace lakegate::runtime
