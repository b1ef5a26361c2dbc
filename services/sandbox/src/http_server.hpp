#pragma once

#include "services/sandbox/src/http.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace lakegate::sandbox {

/// The sandbox's HTTP/1.1 server (RESTinio, one thread). All of RESTinio's limits are
/// set. Shares nothing with the gateway's: the sandbox is there to test that one's
/// clients.
class http_server {
public:
  explicit http_server(request_handler handler);
  /// Closes every connection. Whoever may still answer a request must be gone before.
  ~http_server();

  /// Listens on `host`:`port` (0: any free one). Throws std::runtime_error with a
  /// sentence if it can't.
  void listen(const std::string& host, std::uint16_t port);
  std::uint16_t port() const; ///< 0 before `listen`.

  /// Runs `f` on the server's thread after `delay`; not at all if the server ends before.
  void call_later(std::chrono::milliseconds delay, std::function<void()> f);

  /// Accepts no more and ends its thread; answers given later go nowhere.
  void stop();

private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

} // namespace lakegate::sandbox
