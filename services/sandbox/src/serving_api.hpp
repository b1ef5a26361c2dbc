#pragma once

#include "services/sandbox/src/endpoints.hpp"
#include "services/sandbox/src/fare_model.hpp"
#include "services/sandbox/src/router.hpp"

#include <atomic>
#include <chrono>
#include <functional>
#include <string>

namespace lakegate::sandbox {

/// What the serving routes work with; all of it outlives them.
struct serving_services {
  endpoint_rights& rights;
  fare_model fares;
  std::chrono::milliseconds cold_start;     ///< Of `sleepy-model`'s first call.
  std::chrono::milliseconds token_interval; ///< Between the events of a stream.
  std::atomic<bool>& is_asleep;             ///< Of `sleepy-model`.
  std::function<void(std::chrono::milliseconds, std::function<void()>)> call_later;
};

/// The endpoint if the caller may see it, else the refusal.
std::variant<const served_endpoint*, http_response>
visible_endpoint(const call& c, std::string_view name, const endpoint_rights& rights);

/// `/api/2.0/serving-endpoints`: list, get, openapi.
void add_serving_routes(route_table& routes, const serving_services& services);

/// `/serving-endpoints/…`: invocations and the OpenAI-compatible routes.
void add_invocation_routes(route_table& routes, const serving_services& services);

} // namespace lakegate::sandbox
