#include "gateway/src/endpoints/endpoints.hpp"

#include "gateway/src/embedded_files.hpp"
#include "gateway/src/parameters.hpp"

namespace lakegate::gateway::endpoints {

void get_openapi(const directory&, const exchange_ptr& http) {
  http->answer(json_answer(std::string{embedded::openapi_json()}));
}

} // namespace lakegate::gateway::endpoints
