#pragma once

#include "gateway/src/directory.hpp"
#include "gateway/src/exchange.hpp"
#include "gateway/src/http_message.hpp"

#include <lakegate/core/errors.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lakegate::gateway {

/// Who may call a route.
enum class access : std::uint8_t {
  open,     ///< Anybody; a token is not looked at.
  optional, ///< Anybody; a token is resolved if there is one, and may be bad.
  user,     ///< A user that the workspace names.
};

/// Parses, asks a service, renders; answers the exchange once, later or at once.
using endpoint = void (*)(const directory&, const exchange_ptr&);

/// One operation of the API. A pattern has at most one `{…}`, which takes one segment.
struct route {
  http_method method;
  std::string_view pattern;
  std::string_view
      operation; ///< In logs and metrics; the OpenAPI document's operationId.
  access who;
  endpoint run;
  /// What the client is told if the service asked has no word for it in time: what that
  /// service itself would say of its deadline.
  errc when_late = errc::service_unavailable;
};

/// The table of all routes.
std::span<const route> routes();

/// What a path and method lead to.
struct route_match {
  const route* found = nullptr; ///< Null: no such path, or see `allowed`.
  std::string_view collection;  ///< The pattern up to its `{…}`.
  std::string_view parameter;   ///< The segment that `{…}` took, still encoded.
  std::string allowed;          ///< What goes into Allow; empty: no such path.
};

/// Finds routes by the segments of a path, still encoded. GET routes take HEAD, too.
class route_table {
public:
  explicit route_table(std::span<const route> all);
  route_match match(http_method method, std::span<const std::string_view> segments) const;

private:
  struct row {
    const route* what;
    std::vector<std::string_view> segments;
    std::optional<std::size_t> parameter; ///< Index of the `{…}`.
  };
  static bool fits(const row& candidate, std::span<const std::string_view> segments);
  std::string allowed_of(std::span<const std::string_view> segments) const;

  std::vector<row> rows_;
};

} // namespace lakegate::gateway
