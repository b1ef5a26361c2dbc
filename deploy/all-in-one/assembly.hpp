#pragma once

#include "gateway/src/server.hpp"
#include "services/catalog/src/service.hpp"
#include "services/model-serving/src/service.hpp"
#include "services/preferences/src/service.hpp"

#include <lakegate/runtime/service_main.hpp>
#include <lakegate/runtime/settings.hpp>

#include <caf/expected.hpp>
#include <prometheus/registry.h>

#include <chrono>
#include <memory>
#include <vector>

namespace lakegate {

/// What tests put in the place of the real parts.
struct replacements {
  gateway::dependencies gateway;
  catalog::dependencies catalog;
  model_serving::dependencies model_serving;
};

/// The settings of all four processes, each once. Where they listen for each other is not
/// among what matters: `assembly` lets each take a free port of loopback.
std::vector<runtime::setting> all_settings();

/// The four actor systems in one process, connected over loopback as separate processes
/// are: `lakegate-all` and the integration tests. Services can be ended and started one
/// by one.
class assembly {
public:
  /// The error is a sentence.
  static caf::expected<std::unique_ptr<assembly>>
  start(const runtime::settings& values, std::shared_ptr<prometheus::Registry> registry,
        replacements replaced = {});

  /// In the order in which they were started; the assembly no longer has them.
  static runtime::running_parts parts_of(std::unique_ptr<assembly> x);

  std::uint16_t http_port() const noexcept;
  /// Where the services listen, or listened before they were ended.
  std::uint16_t preferences_port() const noexcept;
  std::uint16_t catalog_port() const noexcept;
  std::uint16_t model_serving_port() const noexcept;

  void end_preferences() { preferences_.reset(); }
  void end_catalog() { catalog_.reset(); }
  void end_model_serving() { model_serving_.reset(); }
  /// As SIGTERM ends its process: within `grace`, what is in flight and the journal
  /// first.
  void stop_model_serving(std::chrono::milliseconds grace);
  /// On the port that it had before.
  void start_preferences();
  void start_catalog();
  void start_model_serving();

private:
  assembly() = default;

  std::shared_ptr<prometheus::Registry> registry_;
  replacements replaced_;
  preferences::config preferences_config_;
  catalog::config catalog_config_;
  model_serving::config model_serving_config_;
  std::unique_ptr<preferences::service> preferences_;
  std::unique_ptr<catalog::service> catalog_;
  std::unique_ptr<model_serving::service> model_serving_;
  std::unique_ptr<gateway::server> gateway_;
};

} // namespace lakegate
