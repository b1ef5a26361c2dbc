#pragma once

#include "services/preferences/src/config.hpp"

#include <lakegate/runtime/service_main.hpp>

#include <prometheus/registry.h>

#include <cstdint>
#include <functional>
#include <memory>

namespace lakegate::preferences {

/// What tests put in place of the real thing; empty: the real thing.
struct dependencies {
  std::function<postgres::database_actor(caf::actor_system&)> database;
};

/// The PREFERENCES service: an actor system with the service's actor and the database's,
/// supervised as one, published behind an unbatcher.
class service : public runtime::running_part {
public:
  /// Throws std::runtime_error with a sentence: the port is taken, a certificate can't be
  /// read. A database that is away is no reason.
  service(config options, std::shared_ptr<prometheus::Registry> registry,
          dependencies replaced = {});
  ~service() override;

  std::uint16_t port() const noexcept; ///< Of the published unbatcher.
  /// The service's own actor, for tests inside the process.
  const service_actor& actor() const noexcept;
  caf::actor_system& system() noexcept;

  /// Answers what is in flight.
  void stop(std::chrono::milliseconds limit) override;
  /// False while a database is configured but can't be reached.
  bool is_ready() const override;

private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

} // namespace lakegate::preferences
