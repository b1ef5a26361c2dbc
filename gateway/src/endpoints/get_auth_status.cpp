#include "gateway/src/endpoints/endpoints.hpp"

#include "gateway/src/json/user.hpp"
#include "gateway/src/parameters.hpp"

namespace lakegate::gateway::endpoints {

void get_auth_status(const directory&, const exchange_ptr& http) {
  const auto& context = http->context();
  // A token without a usable user is a good token all the same.
  auto accepted =
      context.who != nullptr
      || failure_of(context.identity_error).code == errc::auth_user_identity_failed;
  http->answer(json_answer(json::render_auth_status(accepted, context.who.get())));
}

} // namespace lakegate::gateway::endpoints
