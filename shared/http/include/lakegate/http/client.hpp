#pragma once

#include <lakegate/http/message.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace lakegate::http {

/// How many calls a client carries and whom it trusts.
struct client_config {
  std::size_t max_in_flight = 512;           ///< Beyond: `transport_failure::overloaded`.
  std::size_t max_connections_per_host = 64; ///< Beyond: a call waits, its deadline runs.
  std::chrono::milliseconds connect_timeout{2000};
  std::string ca_file; ///< PEM; empty: the system's certificates.
};

/// The one HTTP client of a process, on a thread of its own. HTTP/1.1 (RFC 9112) over TLS
/// or plain, keep-alive. It follows no redirect, reads no proxy variable, netrc or
/// cookie, decodes no compression and repeats no request that carried a body. All
/// functions are safe on any thread.
class client {
public:
  using callback = std::function<void(response)>;

  explicit client(client_config config = {});
  /// Ends what is in flight as `cancelled`; each callback has run when this returns,
  /// unless it is called from a callback: then they run right after that one.
  ~client();
  client(const client&) = delete;
  client& operator=(const client&) = delete;

  /// Sends `what` and calls `done` exactly once, always on the client's thread and never
  /// inside `send`. `done` must not block or throw. The id names the call for `cancel`.
  std::uint64_t send(request what, callback done);

  /// Ends that call as `cancelled`, closing its connection; a call that is over is
  /// ignored.
  void cancel(std::uint64_t id);

private:
  class loop;
  std::shared_ptr<loop> loop_;
};

} // namespace lakegate::http
