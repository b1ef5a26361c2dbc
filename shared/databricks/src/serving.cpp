#include "shared/databricks/src/rest_calls.hpp"
#include "shared/databricks/src/serving_json.hpp"

namespace lakegate::databricks {

namespace {

using serving_impl = serving_actor::extend<takes_http_result>;

constexpr std::string_view api = "/api/2.0";
/// Twice the largest request that an endpoint takes.
constexpr std::size_t max_answer_bytes = 32 * 1024 * 1024;

rest_request request_of(const list_serving_endpoints&) {
  rest_request what;
  what.operation = "list_serving_endpoints";
  what.target = std::string{api} + "/serving-endpoints";
  what.max_response_bytes = max_answer_bytes;
  return what;
}

rest_request request_of(const get_serving_endpoint& cmd) {
  rest_request what;
  what.operation = "get_serving_endpoint";
  if (auto path = join_segments({"serving-endpoints", cmd.name}); !path.empty())
    what.target = std::string{api} + path;
  return what;
}

rest_request request_of(const get_endpoint_openapi& cmd) {
  rest_request what;
  what.operation = "get_endpoint_openapi";
  what.accept = "text/plain";
  if (auto path = join_segments({"serving-endpoints", cmd.name, "openapi"});
      !path.empty())
    what.target = std::string{api} + path;
  return what;
}

/// The one path without /api/2.0.
rest_request request_of(const invoke_endpoint& cmd) {
  rest_request what;
  what.operation = "invoke_endpoint";
  what.verb = http::method::post;
  what.target = join_segments({"serving-endpoints", cmd.name, "invocations"});
  what.body = cmd.body.str();
  what.fails_alone = true;
  what.max_response_bytes = max_answer_bytes;
  return what;
}

serving_impl::behavior_type serving(serving_impl::stateful_pointer<rest_state> self,
                                    workspace_ptr where) {
  self->state.calls.emplace(std::move(where), "serving", self->ctrl());
  return {
      [self](const list_serving_endpoints& cmd) -> caf::result<serving_endpoint_list> {
        return rest_call<serving_endpoint_list>(self, cmd.ctx, request_of(cmd),
                                                read_endpoints);
      },
      [self](const get_serving_endpoint& cmd) -> caf::result<serving_endpoint> {
        return rest_call<serving_endpoint>(self, cmd.ctx, request_of(cmd), read_endpoint);
      },
      [self](const get_endpoint_openapi& cmd) -> caf::result<openapi_document> {
        return rest_call<openapi_document>(self, cmd.ctx, request_of(cmd), read_openapi);
      },
      [self](const invoke_endpoint& cmd) -> caf::result<invocation_answer> {
        return rest_call<invocation_answer>(self, cmd.ctx, request_of(cmd),
                                            read_invocation);
      },
      [self](const cancel_call& cmd) { self->state.calls->cancel(cmd.call_id); },
      [self](const http_result& result) { self->state.calls->finish(result); },
  };
}

} // namespace

serving_actor spawn_serving(caf::actor_system& system, workspace_ptr where) {
  return system.spawn(serving, std::move(where));
}

} // namespace lakegate::databricks
