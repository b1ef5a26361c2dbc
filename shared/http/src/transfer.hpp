#pragma once

#include <lakegate/http/client.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace lakegate::http {

/// One call from `send` to its callback. Lives on the client's thread once it is queued.
class transfer {
public:
  using clock = std::chrono::steady_clock;

  transfer(std::uint64_t id, request what, client::callback done);

  std::uint64_t id() const noexcept { return id_; }
  clock::time_point due() const noexcept { return due_; }
  const request& what() const noexcept { return request_; }

  /// False: something in the request must not go on the wire (a line break in a header,
  /// no path).
  bool is_sendable() const;
  /// Writes the request's header block (RFC 9112, 2.1) over `out`.
  void write_head(std::string_view authority, std::string& out) const;
  /// Hands the body over to whoever sends it: a request that has one is sent once.
  std::string take_body() { return std::move(request_.body); }

  void is_being_sent() noexcept { is_sent_ = true; }
  /// True if the request may go once more, on another connection: a kept-alive connection
  /// broke before an answer began, and the request has no effect that could double. A few
  /// times, for all that are kept may have broken.
  bool may_repeat();

  /// The answer to one that came to nothing.
  static response failed(transport_failure why);
  void deliver(response answer);

private:
  std::uint64_t id_;
  request request_;
  client::callback done_;
  clock::time_point begun_;
  clock::time_point due_;
  int repetitions_ = 0;
  bool is_sent_ = false; ///< In part, perhaps.
};

} // namespace lakegate::http
