#pragma once

#include "services/model-serving/src/config.hpp"
#include "services/model-serving/src/model_serving.hpp"

#include <lakegate/contracts/databricks.hpp>
#include <lakegate/runtime/service_main.hpp>

#include <prometheus/registry.h>

#include <cstdint>
#include <functional>
#include <memory>

namespace lakegate::model_serving {

/// What tests put in place of the real thing; empty: the real thing.
struct dependencies {
  std::function<databricks::serving_actor(caf::actor_system&)> serving;
  std::function<databricks::registry_actor(caf::actor_system&)> registry;
};

/// The MODEL SERVING service: an actor system with the service's actors, the journal, the
/// database's and the workspace's actors, published behind an unbatcher.
class service : public runtime::running_part {
public:
  /// Throws std::runtime_error with a sentence: the port is taken, the journal's
  /// directory is in use, a certificate can't be read.
  service(config options, std::shared_ptr<prometheus::Registry> registry,
          dependencies replaced = {});
  ~service() override;

  std::uint16_t port() const noexcept; ///< Of the published unbatcher.
  /// The service's own actor, for tests inside the process.
  const service_actor& actor() const noexcept;
  caf::actor_system& system() noexcept;

  /// Answers what is in flight, brings the journal into the table if the database is up.
  void stop(std::chrono::milliseconds limit) override;
  /// False when the journal is full or no workspace is configured.
  bool is_ready() const override;

private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

} // namespace lakegate::model_serving
