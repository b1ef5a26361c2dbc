#include "gateway/src/endpoints/endpoints.hpp"

#include "gateway/src/ask.hpp"
#include "gateway/src/json/endpoint.hpp"
#include "gateway/src/parameters.hpp"

namespace lakegate::gateway::endpoints {

void list_endpoints(const directory& services, const exchange_ptr& http) {
  ask(services.model_serving, http,
      model_serving::list_endpoints{http->caller_with_token()},
      [](model_serving::endpoint_list& got) {
        return json_answer(json::render(got.items));
      });
}

} // namespace lakegate::gateway::endpoints
