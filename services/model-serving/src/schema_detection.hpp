#pragma once

#include "services/model-serving/src/metrics.hpp"

#include <lakegate/contracts/databricks.hpp>
#include <lakegate/contracts/model_serving.hpp>
#include <lakegate/postgres/query.hpp>

#include <caf/actor_system.hpp>
#include <caf/typed_actor.hpp>

#include <chrono>
#include <functional>
#include <memory>

namespace lakegate::model_serving {

struct schema_detection_config {
  std::chrono::milliseconds budget{5'000};         ///< Of all upstream calls together.
  std::chrono::milliseconds openapi_budget{3'000}; ///< Leaves time for the registry.
  std::chrono::milliseconds event_timeout{5'000};
};

struct schema_detection_peers {
  databricks::serving_actor serving;
  databricks::registry_actor registry;
  postgres::database_actor database; ///< Null: no events are kept.
  std::shared_ptr<metrics> counted;
  std::function<std::chrono::system_clock::time_point()> wall_clock =
      std::chrono::system_clock::now;
};

/// The SCHEMA DETECTION actor. Asks for the endpoint; its task may be enough, else its
/// OpenAPI document, else the model's signature in the registry. Every answer leaves a
/// row in `schema_detection_events`, best effort.
using schema_detection_actor =
    caf::typed_actor<caf::replies_to<detect_schema>::with<detected_schema>>;

schema_detection_actor spawn_schema_detection(caf::actor_system& system,
                                              schema_detection_config config,
                                              schema_detection_peers peers);

} // namespace lakegate::model_serving
