#include "gateway/src/endpoints/endpoints.hpp"

#include "gateway/src/parameters.hpp"

namespace lakegate::gateway::endpoints {

void get_health(const directory&, const exchange_ptr& http) {
  http->answer(json_answer(R"({"status":"healthy"})"));
}

} // namespace lakegate::gateway::endpoints
