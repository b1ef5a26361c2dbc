#include "gateway/src/endpoints/endpoints.hpp"

#include "gateway/src/json/user.hpp"
#include "gateway/src/parameters.hpp"

namespace lakegate::gateway::endpoints {

void get_my_workspace(const directory& services, const exchange_ptr& http) {
  if (services.workspace_url.empty())
    return http->fail(errc::workspace_not_configured);
  http->answer(json_answer(
      json::render_user_and_workspace(*http->context().who, services.workspace_url)));
}

} // namespace lakegate::gateway::endpoints
