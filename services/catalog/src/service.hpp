#pragma once

#include "services/catalog/src/config.hpp"

#include <lakegate/contracts/catalog.hpp>
#include <lakegate/contracts/databricks.hpp>
#include <lakegate/contracts/preferences.hpp>
#include <lakegate/runtime/service_main.hpp>

#include <prometheus/registry.h>

#include <functional>
#include <memory>

namespace lakegate::catalog {

/// What a test may put in the place of the real peers; empty means the real one.
struct dependencies {
  std::function<databricks::catalog_actor(caf::actor_system&)> unity_catalog;
  std::function<databricks::sql_actor(caf::actor_system&)> sql;
  std::function<preferences::service_actor(caf::actor_system&)> preferences;
};

/// The catalog service whole: actor system, supervised actors, published port. `main`,
/// `lakegate-all` and the integration tests make one.
class service : public runtime::running_part {
public:
  /// Throws std::runtime_error with a sentence if it can't start.
  service(config settings, std::shared_ptr<prometheus::Registry> registry,
          dependencies parts = {});
  ~service() override;

  /// Of the published actor.
  std::uint16_t port() const noexcept;

  void stop(std::chrono::milliseconds limit) override;
  /// True from the start until it is stopped: what the workspace is like is for
  /// `get_status` to tell.
  bool is_ready() const override;

private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

} // namespace lakegate::catalog
