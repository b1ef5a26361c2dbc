#pragma once

#include "gateway/src/http_message.hpp"

#include <lakegate/contracts/preferences.hpp>
#include <lakegate/core/errors.hpp>

#include <string>
#include <string_view>

namespace lakegate::gateway {

/// True if the `If-None-Match` of a read says that the client has `etag` already (weak
/// comparison, RFC 9110, 13.1.2). A malformed header matches nothing.
bool has_current(const http_request& request, std::string_view etag);

/// What `If-Match` and `If-None-Match` demand of a write. A weak tag never matches
/// (RFC 9110, 13.1.1); of `If-None-Match` only `*` is taken.
preferences::precondition read_precondition(const http_request& request, faults& found);

} // namespace lakegate::gateway
