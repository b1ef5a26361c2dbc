#pragma once

#include "services/model-serving/src/endpoints.hpp"
#include "services/model-serving/src/inference.hpp"
#include "services/model-serving/src/inference_log.hpp"
#include "services/model-serving/src/schema_detection.hpp"

#include <lakegate/contracts/model_serving.hpp>

#include <caf/actor_system.hpp>

#include <functional>

namespace lakegate::model_serving {

/// The actors behind the service, one a concern.
struct model_serving_parts {
  endpoints_actor endpoints;
  schema_detection_actor detection;
  inference_actor inferences;
  inference_log_actor log;
  std::function<service_status()> status; ///< Thread safe, at once.
};

/// The service as its contract has it: hands each command to the actor it concerns.
service_actor spawn_model_serving(caf::actor_system& system, model_serving_parts parts);

} // namespace lakegate::model_serving
