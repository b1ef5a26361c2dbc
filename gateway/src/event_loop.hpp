#pragma once

#include "gateway/src/config.hpp"

#include <lakegate/contracts/databricks/identity.hpp>
#include <lakegate/runtime/node.hpp>

#include <prometheus/registry.h>

#include <chrono>
#include <cstdint>
#include <memory>

namespace asio {
class io_context;
} // namespace asio

namespace lakegate::gateway {

/// One thread that serves HTTP: a server, an identity cache and links of its own. Shares
/// nothing with other loops but metrics and, by SO_REUSEPORT, the port.
class event_loop {
public:
  /// Listens and runs. Throws std::runtime_error with a sentence if it can't listen.
  /// `io` must outlive `where`, and `where` this.
  event_loop(const config& settings, asio::io_context& io, runtime::node& where,
             databricks::identity_actor workspace,
             std::shared_ptr<prometheus::Registry> registry);
  /// Ends at once; what is open is answered SERVICE_UNAVAILABLE where it still can be.
  ~event_loop();

  std::uint16_t port() const noexcept;
  /// Any service can be reached. Any thread.
  bool can_serve() const noexcept;
  /// Accepts no more connections; each open one ends with its next answer. Any thread.
  void drain();
  /// Nothing waits for an answer or is being sent. Any thread.
  bool is_idle() const noexcept;

private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

} // namespace lakegate::gateway
