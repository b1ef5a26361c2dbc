#include "gateway/src/endpoints/endpoints.hpp"

#include "gateway/src/ask.hpp"
#include "gateway/src/json/endpoint.hpp"
#include "gateway/src/parameters.hpp"

#include <lakegate/core/rules.hpp>

namespace lakegate::gateway::endpoints {

void detect_schema(const directory& services, const exchange_ptr& http) {
  faults found;
  const auto& name = http->context().path_parameter;
  rules::check_identifier("endpoint_name", name, found);
  if (!found.empty())
    return http->fail(errc::invalid_request, found);
  ask(services.model_serving, http,
      model_serving::detect_schema{http->caller_with_token(), name},
      [](model_serving::detected_schema& got) { return json_answer(json::render(got)); });
}

} // namespace lakegate::gateway::endpoints
