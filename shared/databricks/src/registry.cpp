#include "shared/databricks/src/rest_calls.hpp"

#include <lakegate/core/rules.hpp>

namespace lakegate::databricks {

namespace {

using registry_impl = registry_actor::extend<takes_http_result>;

/// Catalog, schema and model become a segment each (mlflow, the Files API's layout of
/// models); a name of another shape is no model's.
rest_request request_of(const get_mlmodel& cmd) {
  rest_request what;
  what.operation = "get_mlmodel";
  what.accept = "*/*";
  what.max_response_bytes = 4 * 1024 * 1024;
  std::string_view name = cmd.model_name;
  auto first = name.find('.');
  auto last = name.rfind('.');
  if (first == std::string_view::npos || first == last
      || name.find('.', first + 1) != last)
    return what;
  auto path =
      join_segments({name.substr(0, first), name.substr(first + 1, last - first - 1),
                     name.substr(last + 1), cmd.version, "MLmodel"});
  if (!path.empty())
    what.target = "/api/2.0/fs/files/Models" + path;
  return what;
}

caf::expected<mlmodel_file> read_mlmodel(http::response& answer) {
  auto failure = classify(answer);
  if (failure.kind != failure_kind::none)
    return make_error(std::move(failure));
  if (answer.body.starts_with('<') || !rules::is_utf8(answer.body))
    return invalid_answer(answer, "The answer is not an MLmodel file.");
  return mlmodel_file{std::move(answer.body)};
}

registry_impl::behavior_type
model_registry(registry_impl::stateful_pointer<rest_state> self, workspace_ptr where) {
  self->state.calls.emplace(std::move(where), "registry", self->ctrl());
  return {
      [self](const get_mlmodel& cmd) -> caf::result<mlmodel_file> {
        return rest_call<mlmodel_file>(self, cmd.ctx, request_of(cmd), read_mlmodel);
      },
      [self](const http_result& result) { self->state.calls->finish(result); },
  };
}

} // namespace

registry_actor spawn_registry(caf::actor_system& system, workspace_ptr where) {
  return system.spawn(model_registry, std::move(where));
}

} // namespace lakegate::databricks
