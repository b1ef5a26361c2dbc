#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace lakegate::http {

/// Any bytes as exactly one path segment (RFC 3986, 3.3): all but unreserved characters
/// percent-encoded. The dots of `.` and `..` are encoded too, but a server may still read
/// them as steps: see `is_dot_segment`.
std::string encode_segment(std::string_view text);

/// True for `.` and `..`, which no path can carry as a name.
bool is_dot_segment(std::string_view text) noexcept;

/// Collects `?name=value&…` with every value encoded.
class query_builder {
public:
  query_builder& add(std::string_view name, std::string_view value);
  /// Adds nothing if `value` is empty.
  query_builder& add_if(std::string_view name, std::string_view value);
  /// Begins with `?`; empty if nothing was added.
  const std::string& str() const noexcept { return text_; }

private:
  std::string text_;
};

/// Scheme and authority of what a person pasted: `https://` if there is no scheme, path
/// and query dropped, no trailing slash, no user info. Nothing if there is no host or
/// another scheme than http or https.
std::optional<std::string> origin_of(std::string_view pasted);

/// The value of a query parameter of a pasted URL, undecoded; nothing if it has none.
std::optional<std::string> query_parameter_of(std::string_view pasted,
                                              std::string_view name);

} // namespace lakegate::http
