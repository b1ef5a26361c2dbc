#include "services/model-serving/src/endpoints.hpp"

#include "services/model-serving/src/endpoint_view.hpp"
#include "services/model-serving/src/model_failure.hpp"

#include <lakegate/core/rules.hpp>

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <algorithm>

namespace lakegate::model_serving {

namespace {

struct endpoints_state {
  endpoints_config config;
  databricks::serving_actor serving;

  databricks::call_context context_of(const caller& who) const {
    auto result = databricks::context_of(who);
    if (result.time_left <= caf::timespan{0})
      result.time_left = config.default_time_left;
    return result;
  }
};

/// A question about endpoints calls no model, so none was late: the workspace was.
caf::error refusal_of(const caf::error& why, const std::string& endpoint_name) {
  auto x = databricks::failure_in(why);
  if (x.kind == databricks::failure_kind::timeout)
    x.kind = databricks::failure_kind::unavailable;
  return error_of(x, endpoint_name);
}

using self_pointer = endpoints_actor::stateful_pointer<endpoints_state>;

caf::result<endpoint_list> list(self_pointer self, const list_endpoints& x) {
  taken(x.who);
  auto answer = self->make_response_promise<endpoint_list>();
  auto context = self->state.context_of(x.who);
  self->request(self->state.serving, context.time_left,
                databricks::list_serving_endpoints{context})
      .then(
          [answer](const databricks::serving_endpoint_list& found) mutable {
            endpoint_list result;
            for (const auto& item : found.items)
              result.items.push_back(summary_of(item));
            std::sort(result.items.begin(), result.items.end(),
                      [](const auto& a, const auto& b) {
                        return a.endpoint_name < b.endpoint_name;
                      });
            answer.deliver(std::move(result));
          },
          [answer](const caf::error& why) mutable {
            answer.deliver(refusal_of(why, {}));
          });
  return answer;
}

caf::result<endpoint_details> get(self_pointer self, const get_endpoint& x) {
  taken(x.who);
  faults found;
  rules::check_identifier("endpoint_name", x.endpoint_name, found);
  if (!found.empty())
    return make_error(errc::invalid_request, found);
  auto answer = self->make_response_promise<endpoint_details>();
  auto context = self->state.context_of(x.who);
  self->request(self->state.serving, context.time_left,
                databricks::get_serving_endpoint{context, x.endpoint_name})
      .then(
          [self, answer](const databricks::serving_endpoint& item) mutable {
            answer.deliver(details_of(item, self->state.config.workspace_url));
          },
          [answer, name = x.endpoint_name](const caf::error& why) mutable {
            answer.deliver(refusal_of(why, name));
          });
  return answer;
}

} // namespace

endpoints_actor spawn_endpoints(caf::actor_system& system, endpoints_config config,
                                databricks::serving_actor serving) {
  return system.spawn([=](self_pointer self) {
    self->state.config = config;
    self->state.serving = serving;
    return endpoints_actor::behavior_type{
        [self](const list_endpoints& x) { return list(self, x); },
        [self](const get_endpoint& x) { return get(self, x); },
    };
  });
}

} // namespace lakegate::model_serving
