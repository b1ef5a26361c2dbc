#pragma once

#include <lakegate/core/access_token.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lakegate::http {

enum class method : std::uint8_t { get, post };

struct header {
  std::string name;
  std::string value;
};

struct request {
  method verb = method::get;
  std::string base_url; ///< `https://host[:port]`, nothing behind it.
  std::string target;   ///< Path and query, begins with `/`, percent-encoded already.
  std::vector<header> headers;
  access_token authorization; ///< The whole value of that header; empty: not sent.
  std::string body;           ///< Of a POST; may be empty.
  std::chrono::milliseconds time_left{}; ///< For all of it, waiting included.
  std::size_t max_response_bytes = 32 * 1024 * 1024;
};

enum class transport_failure : std::uint8_t {
  none,
  connect,   ///< Name, route, port or TLS handshake: no connection came about.
  tls,       ///< The peer's certificate is not to be trusted.
  timeout,   ///< No whole answer within `time_left`.
  lost,      ///< The connection ended before a whole header came, or broke.
  malformed, ///< Not HTTP, a body shorter than announced, or a request that can't be
             ///< sent.
  too_large, ///< Body or headers over their limit.
  cancelled,
  overloaded, ///< Too many calls in flight.
};

/// At most this much of a header block is taken.
inline constexpr std::size_t max_header_bytes = 64 * 1024;
inline constexpr std::size_t max_header_count = 128;

struct response {
  transport_failure failure = transport_failure::none;
  bool sent = true; ///< False: certainly nothing of the request left this process.
  int status = 0;   ///< 0 with a failure.
  std::vector<header> headers;
  std::string body;
  std::chrono::microseconds took{};

  /// The first header of that name, in any case; nothing if there is none.
  std::optional<std::string_view> find_header(std::string_view name) const;
};

/// Reads a Retry-After header (RFC 9110, 10.2.3): seconds or an HTTP date, seen from
/// `now`. At most `cap` seconds, at least 0; anything else is nothing.
std::optional<std::int32_t> parse_retry_after(std::string_view text,
                                              std::chrono::system_clock::time_point now,
                                              std::int32_t cap = 60);

} // namespace lakegate::http
