#pragma once

#include "gateway/src/exchange.hpp"

namespace lakegate::gateway {

/// Fills correlation id and traceparent from the headers, or makes them: the first thing
/// done, so that even a refusal can be traced.
void identify_request(exchange& http);

/// Refuses what RESTinio's parser lets pass though HTTP does not allow it (reliability:
/// blanks in header names, no or two Host headers), upgrades,
/// and headers twice that may come once. Takes the target apart. False: it has answered.
bool check_syntax(exchange& http);

} // namespace lakegate::gateway
