#pragma once

#include "gateway/src/service_port.hpp"

#include <lakegate/contracts/caller.hpp>
#include <lakegate/contracts/catalog.hpp>
#include <lakegate/contracts/model_serving.hpp>
#include <lakegate/contracts/preferences.hpp>

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace lakegate::gateway {

/// What `GET /health/ready` tells.
struct readiness_report {
  std::string status;                       ///< `ready`, `degraded` or `unready`.
  std::vector<component_status> components; ///< In the order of the contract.
};

/// Makes the report of what the three services said about themselves; each `answers` is
/// null where the service did not answer.
readiness_report make_report(const service_status* preferences,
                             const service_status* catalog,
                             const service_status* model_serving);

/// Asks the services how they are, at most once a second however often it is asked. One
/// event loop, `can_serve` apart.
class readiness : public std::enable_shared_from_this<readiness> {
public:
  using done = std::function<void(const readiness_report&)>;

  readiness(service_port<preferences::service_actor>& preferences,
            service_port<catalog::service_actor>& catalog,
            service_port<model_serving::service_actor>& model_serving);

  /// Calls `then` at once with a fresh report, or when all services answered or a second
  /// has passed.
  void check(done then);

  /// Looks whether any service can be reached; cheap, for a timer.
  void observe() noexcept;
  /// As of the last `observe`. Any thread.
  bool can_serve() const noexcept { return can_serve_; }

private:
  using answer = std::shared_ptr<service_status>;

  template <class Contract>
  void ask_service(service_port<Contract>& service, answer readiness::*slot);
  void one_answered();

  service_port<preferences::service_actor>& preferences_;
  service_port<catalog::service_actor>& catalog_;
  service_port<model_serving::service_actor>& model_serving_;
  answer from_preferences_;
  answer from_catalog_;
  answer from_model_serving_;
  std::size_t open_ = 0;
  std::vector<done> waiting_;
  readiness_report last_;
  std::chrono::steady_clock::time_point made_{};
  std::atomic<bool> can_serve_{false};
};

} // namespace lakegate::gateway
