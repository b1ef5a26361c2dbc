#include "shared/databricks/src/identity_json.hpp"
#include "shared/databricks/src/rest_calls.hpp"

namespace lakegate::databricks {

namespace {

using identity_impl = identity_actor::extend<takes_http_result>;

identity_impl::behavior_type identity(identity_impl::stateful_pointer<rest_state> self,
                                      workspace_ptr where) {
  self->state.calls.emplace(std::move(where), "identity", self->ctrl());
  return {
      [self](const get_current_user& cmd) -> caf::result<workspace_user> {
        rest_request what;
        what.operation = "get_current_user";
        what.target = "/api/2.0/preview/scim/v2/Me";
        what.max_response_bytes = 1024 * 1024;
        return rest_call<workspace_user>(self, cmd.ctx, std::move(what), read_user);
      },
      [self](const http_result& result) { self->state.calls->finish(result); },
  };
}

} // namespace

identity_actor spawn_identity(caf::actor_system& system, workspace_ptr where) {
  return system.spawn(identity, std::move(where));
}

} // namespace lakegate::databricks
