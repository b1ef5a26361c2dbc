#pragma once

#include "gateway/src/exchange.hpp"

#include <lakegate/core/json_text.hpp>

#include <optional>

namespace lakegate::gateway {

/// Takes the body as a JSON object. Nothing if it is none: then the exchange has been
/// answered, with UNSUPPORTED_MEDIA_TYPE or INVALID_REQUEST (`on_nul` for `\u0000`).
std::optional<json_text> read_json_object(const exchange_ptr& http,
                                          errc on_nul = errc::invalid_request);

} // namespace lakegate::gateway
