#pragma once

#include "gateway/src/service_port.hpp"

#include <lakegate/contracts/catalog.hpp>
#include <lakegate/contracts/model_serving.hpp>
#include <lakegate/contracts/preferences.hpp>

#include <prometheus/registry.h>

#include <chrono>
#include <functional>
#include <memory>
#include <string>

namespace lakegate::gateway {

using preferences_port = service_port<preferences::service_actor>;
using catalog_port = service_port<catalog::service_actor>;
using model_serving_port = service_port<model_serving::service_actor>;
class readiness;

/// All that an endpoint may use besides its exchange. One an event loop.
struct directory {
  preferences_port& preferences;
  catalog_port& catalog;
  model_serving_port& model_serving;
  readiness& ready;
  std::shared_ptr<prometheus::Registry> registry;
  std::string workspace_url; ///< Empty: none is configured.
  /// For the answer of an invocation to travel after the model's own time is up.
  std::chrono::milliseconds invoke_grace = std::chrono::seconds{2};
};

} // namespace lakegate::gateway
