#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lakegate::sandbox {

struct header {
  std::string name;
  std::string value;
};

/// A request as it came, read whole.
struct http_request {
  std::string method;
  std::string path;  ///< As sent, still percent-encoded, without the query.
  std::string query; ///< As sent, without `?`.
  std::vector<header> headers;
  std::string body;

  /// Empty if it did not come. Names compare without case.
  std::string_view header_value(std::string_view name) const;
};

/// What becomes of the connection instead of a whole, honest answer.
enum class misbehaviour {
  none,
  reset,   ///< TCP reset, nothing sent.
  hang,    ///< Nothing is ever sent.
  truncate ///< Head and half the body, then the connection ends.
};

struct http_response {
  int status = 200;
  std::string body;
  std::string content_type = "application/json";
  std::vector<header> headers;
  /// Not empty: a `text/event-stream` of these events instead of the body, in order.
  std::vector<std::string> events;
  std::chrono::milliseconds event_interval{0};
  misbehaviour how = misbehaviour::none;
};

/// Answers a request; called once, from any thread.
using reply_function = std::function<void(http_response)>;

/// Takes each request, on the server's thread: must not block and must not answer within
/// the call.
using request_handler =
    std::function<void(std::shared_ptr<const http_request>, reply_function)>;

using query_values = std::map<std::string, std::string, std::less<>>;

/// Percent-decoding (RFC 3986, 2.1); nothing for a broken escape. `plus_is_blank` as in
/// forms.
std::optional<std::string> percent_decoded(std::string_view text,
                                           bool plus_is_blank = false);
std::string percent_encoded(std::string_view text);
/// `a=1&b=x%20y`, also the body of a form. The last of two equal names counts.
query_values parse_query(std::string_view text);

std::string base64_encoded(std::string_view bytes);
std::optional<std::string> base64_decoded(std::string_view text);

} // namespace lakegate::sandbox
