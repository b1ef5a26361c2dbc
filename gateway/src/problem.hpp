#pragma once

#include "gateway/src/http_message.hpp"

#include <lakegate/core/errors.hpp>

#include <string_view>

namespace lakegate::gateway {

/// The envelope of every error (contract.md, section 2), with Retry-After where the
/// client should wait. Errors of CAF come out as one of ours (`failure_of`).
http_response to_response(const failure& what, std::string_view correlation_id);

} // namespace lakegate::gateway
