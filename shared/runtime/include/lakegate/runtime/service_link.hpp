#pragma once

#include <lakegate/contracts/caller.hpp>
#include <lakegate/runtime/node.hpp>
#include <lakegate/runtime/peer_address.hpp>

#include <caf/expected.hpp>
#include <prometheus/registry.h>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace asio {
class io_context;
} // namespace asio

namespace lakegate::runtime {

struct link_config {
  std::string service; ///< `catalog`; for logs and metric labels.
  std::vector<peer_address> peers;
  std::size_t max_batch = 64; ///< Commands a message.
  std::size_t max_batch_bytes = 64 * 1024;
  std::size_t max_in_flight = 1024; ///< Beyond: `overloaded`, at once.
};

// The templates of this header are declared here and defined by the part that owns the
// link (see service_link.md beside the sources): for a contract such as
// catalog::service_actor
//
//   template <class Contract> class service_link            gateway side, on one asio
//   thread
//     service_link(node&, asio::io_context&, link_config, prometheus::Registry&)
//     template <class Command, class F>                     F:
//     void(caf::expected<Result>) std::uint64_t submit(Command, std::chrono::milliseconds
//     budget, F done)  -> ticket void cancel(std::uint64_t ticket) done is never called;
//     the service
//                                                           gets cancel_call where it
//                                                           takes it
//     bool is_up() const                                    at least one live replica
//     void close()                                          everything open:
//     service_unavailable
//
//   template <class Contract> Contract spawn_remote_service(node&, link_config, registry)
//     the same as an ordinary typed actor, for services that ask services (catalog →
//     preferences): forwards every command of the contract, answers service_unavailable
//     at once while no replica is up
//
//   template <class Contract>
//   caf::strong_actor_ptr spawn_unbatcher(node&, Contract service, unbatcher_config,
//   registry)
//     the service's published façade: hands each command with its remaining budget to the
//     typed actor, bounds what is in flight (overloaded), drops what is expired

} // namespace lakegate::runtime
