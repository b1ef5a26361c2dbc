#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lakegate::gateway {

/// The methods that a route can have; everything else is `other`.
enum class http_method : std::uint8_t { get, head, post, put, del, options, other };

std::string_view to_string(http_method method) noexcept;
http_method method_of(std::string_view name) noexcept;

struct header_field {
  std::string name;
  std::string value;
};

/// One request as it was read from the socket: nothing in it is decoded or checked.
struct http_request {
  http_method method = http_method::get;
  std::string target; ///< The raw request target.
  std::vector<header_field> headers;
  std::string body;
  bool wants_upgrade = false; ///< `Connection: upgrade` or the method CONNECT.
  std::chrono::steady_clock::time_point arrived = std::chrono::steady_clock::now();

  /// The first value of that header (names ignore case), or nullptr.
  const std::string* header(std::string_view name) const noexcept;
  /// How often that header came.
  std::size_t count(std::string_view name) const noexcept;
};

/// One answer. Content-Length, Connection and Date are the server's business.
struct http_response {
  int status = 200;
  std::vector<header_field> headers;
  std::string body;
  std::string_view content_type = "application/json"; ///< Sent where there is a body.
  bool close_connection = false;
  bool without_body = false; ///< For HEAD: the body is counted but not sent.

  /// The only way to set a header. Throws std::invalid_argument if the value holds a
  /// control character, so no text of a client can start a header of its own.
  http_response& set(std::string_view name, std::string value);
};

/// Where the one answer of a request goes. Called on the event loop, at most once; a
/// connection that is gone is no error. Must not outlive the loop's io_context.
class response_sink {
public:
  virtual ~response_sink() = default;
  virtual void send(http_response answer) = 0;
};

/// The status line and headers of `answer` as they go on the wire (RFC 9112), the blank
/// line included. `date` is an IMF-fixdate (RFC 9110, 5.6.7).
std::string render_head(const http_response& answer, bool keep_alive,
                        std::string_view date);

/// The IMF-fixdate of a moment.
std::string to_http_date(std::chrono::system_clock::time_point t);

/// True if both are the same word in ASCII, whatever its case.
bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept;

/// True if `name` is a token (RFC 9110, 5.6.2), as a header's name must be.
bool is_token(std::string_view name) noexcept;

} // namespace lakegate::gateway
