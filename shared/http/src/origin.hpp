#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace lakegate::http {

/// Where a request goes: what `base_url` says, in parts.
struct origin {
  std::string base_url; ///< What it was read from.
  bool is_secure = false;
  std::string host; ///< Without the brackets of an IPv6 address.
  std::string port;
  std::string authority; ///< The Host header's value.
};

/// Reads `http://host[:port]` or `https://…`; nothing if it is anything else, or more.
std::optional<origin> parse_origin(std::string_view base_url);

} // namespace lakegate::http
