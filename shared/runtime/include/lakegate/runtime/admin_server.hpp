#pragma once

#include <prometheus/registry.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace lakegate::runtime {

/// The admin port of a process: `GET /metrics` (Prometheus), `GET /health/live` (200
/// while the process lives), `GET /health/ready` (200 or 503 by `is_ready`), `GET|PUT
/// /log-level`. Threads of its own (civetweb, as prometheus-cpp's own exposer), loopback
/// by default, no authentication.
class admin_server {
public:
  struct readiness {
    bool ready = false;
    std::string body; ///< JSON.
  };

  /// Throws std::runtime_error with a sentence if the address can't be bound; it must be
  /// IPv4 (Debian's civetweb knows no IPv6). `ready` is
  /// called on a thread of the server and must not block.
  admin_server(const std::string& host, std::uint16_t port,
               std::shared_ptr<prometheus::Registry> registry,
               std::function<readiness()> ready);
  ~admin_server();

  std::uint16_t port() const; ///< The real one, when 0 was asked for.

private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

} // namespace lakegate::runtime
