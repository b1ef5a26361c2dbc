#pragma once

#include "gateway/src/http_message.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace asio {
class io_context;
} // namespace asio

namespace lakegate::gateway {

/// Limits and times of the HTTP side. RESTinio ends the connection where one is passed.
struct http_limits {
  /// Also kept so low that all servers together leave three quarters of the process'
  /// descriptors.
  std::size_t max_connections = 1024;
  std::size_t max_pipelined = 64; ///< Requests of one connection that are open at once.
  std::size_t max_target_bytes =
      16 * 1024; ///< Three names of 255 escaped characters fit.
  std::size_t max_header_name_bytes = 128;
  std::size_t max_header_value_bytes = 12 * 1024;
  std::size_t max_headers = 64;
  std::uint64_t max_body_bytes = 32 * 1024 * 1024;
  std::chrono::milliseconds read = std::chrono::seconds{15};  ///< For one whole request.
  std::chrono::milliseconds write = std::chrono::seconds{30}; ///< For one answer.
  std::chrono::milliseconds handle = std::chrono::seconds{330}; ///< Last resort.
};

struct http_server_config {
  std::string host = "127.0.0.1";
  std::uint16_t port = 0; ///< 0: any free one.
  /// How many of them this process runs; several accept on one port by SO_REUSEPORT.
  std::size_t servers = 1;
  http_limits limits;
};

/// Something that wants to know that its client has gone away.
class abandonable {
public:
  virtual ~abandonable() = default;
  /// The connection closed before the answer went out.
  virtual void abandon() noexcept = 0;
};

/// What the server hands each request to, on the event loop and never while RESTinio is
/// still inside its own read path (answers given there are lost when requests come
/// pipelined). What it returns is told when the client goes away. Must not throw.
using request_handler = std::function<std::weak_ptr<abandonable>(
    http_request, std::unique_ptr<response_sink>)>;

/// The public port of one event loop; the only code that knows RESTinio. Everything but
/// the constructor and destructor is called on the thread that runs `loop`.
///
/// What RESTinio 0.6.16 refuses itself (malformed requests, passed limits, time) ends the
/// connection without an answer.
class http_server {
public:
  http_server(asio::io_context& loop, http_server_config config, request_handler handler);
  /// The loop must have ended.
  ~http_server();

  /// Binds and accepts. Throws std::runtime_error with a sentence if it can't.
  void open();
  /// Accepts no more; open connections go on, and each ends with its next answer.
  void close();

  std::uint16_t port() const noexcept;      ///< After `open`, on any thread.
  std::size_t connections() const noexcept; ///< Open ones. Any thread.
  /// As many as may be open, with regard to the process' descriptors.
  std::size_t max_connections() const noexcept;
  std::size_t unsent() const noexcept; ///< Answers that have not left yet. Any thread.

private:
  struct impl;
  std::shared_ptr<impl> impl_;
};

} // namespace lakegate::gateway
