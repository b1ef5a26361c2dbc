#include "services/model-serving/src/model_serving.hpp"

#include <caf/typed_event_based_actor.hpp>

namespace lakegate::model_serving {

service_actor spawn_model_serving(caf::actor_system& system, model_serving_parts parts) {
  return system.spawn([parts = std::move(parts)](service_actor::pointer self) {
    return service_actor::behavior_type{
        [=](list_endpoints& x) { return self->delegate(parts.endpoints, std::move(x)); },
        [=](get_endpoint& x) { return self->delegate(parts.endpoints, std::move(x)); },
        [=](detect_schema& x) { return self->delegate(parts.detection, std::move(x)); },
        [=](invoke_model& x) { return self->delegate(parts.inferences, std::move(x)); },
        [=](list_inference_logs& x) { return self->delegate(parts.log, std::move(x)); },
        [=](const cancel_call& x) { self->send(parts.inferences, x); },
        [=](const get_status&) { return parts.status(); },
    };
  });
}

} // namespace lakegate::model_serving
