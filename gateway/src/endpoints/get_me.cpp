#include "gateway/src/endpoints/endpoints.hpp"

#include "gateway/src/json/user.hpp"
#include "gateway/src/parameters.hpp"

namespace lakegate::gateway::endpoints {

void get_me(const directory&, const exchange_ptr& http) {
  http->answer(json_answer(json::render_user(*http->context().who)));
}

} // namespace lakegate::gateway::endpoints
