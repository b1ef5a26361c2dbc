#pragma once

#include "gateway/src/http_message.hpp"

#include <lakegate/core/access_token.hpp>
#include <lakegate/core/errors.hpp>

#include <chrono>
#include <optional>
#include <string_view>
#include <variant>

namespace lakegate::gateway {

/// The caller's access token: `X-Forwarded-Access-Token`, or where that header is absent
/// the one of `Authorization: Bearer`. `auth_missing` or `auth_malformed` otherwise.
std::variant<access_token, errc> read_token(const http_request& request);

/// When a token expires, if it is a JWT that says so (RFC 7519, 4.1.4). Nothing of it is
/// verified: the claim may only shorten a token's life here.
std::optional<std::chrono::system_clock::time_point> jwt_expiry(std::string_view token);

} // namespace lakegate::gateway
