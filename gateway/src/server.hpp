#pragma once

#include "gateway/src/config.hpp"

#include <lakegate/contracts/databricks/identity.hpp>
#include <lakegate/runtime/service_main.hpp>

#include <caf/actor_system.hpp>
#include <prometheus/registry.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>

namespace lakegate::gateway {

/// What tests may put in the place of the real thing; empty: the real one.
struct dependencies {
  std::function<databricks::identity_actor(caf::actor_system&)> identity;
};

/// The gateway: an actor system, the event loops and their HTTP servers. Needs no service
/// to start: links connect when there is something to connect to.
class server final : public runtime::running_part {
public:
  /// Throws std::runtime_error with a sentence if it can't listen.
  server(config settings, std::shared_ptr<prometheus::Registry> registry,
         dependencies replaced = {});
  ~server() override;

  /// Where the API listens.
  std::uint16_t http_port() const noexcept;

  void stop(std::chrono::milliseconds limit) override;
  bool is_ready() const override;

private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

} // namespace lakegate::gateway
