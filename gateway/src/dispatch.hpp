#pragma once

#include "gateway/src/cors.hpp"
#include "gateway/src/directory.hpp"
#include "gateway/src/exchange.hpp"
#include "gateway/src/identity.hpp"
#include "gateway/src/metrics.hpp"
#include "gateway/src/rate_limiter.hpp"
#include "gateway/src/routes.hpp"
#include "gateway/src/web_site.hpp"

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace lakegate::gateway {

struct dispatch_config {
  std::chrono::milliseconds request_deadline = std::chrono::seconds{30};
  std::size_t max_in_flight = 1024;     ///< Beyond: OVERLOADED, at once.
  std::int64_t requests_per_second = 0; ///< Of one user; 0: any number.
  std::vector<std::string> cors_origins;
  /// What is served beside the API.
  std::shared_ptr<const web_site> site = web_site::console();
};

/// Takes every request from the socket to its endpoint in the order of the contract:
/// syntax, route, authentication, then the endpoint's own checks and work. Measures and
/// logs each once. One event loop.
class dispatcher final : public exchange_monitor,
                         public std::enable_shared_from_this<dispatcher> {
public:
  dispatcher(dispatch_config config, const directory& services,
             std::shared_ptr<identity> identities, gateway_metrics& metrics);

  /// Answers now or later; what it returns is to be told when the client goes away.
  std::weak_ptr<abandonable> dispatch(http_request request,
                                      std::unique_ptr<response_sink> to);

  /// Requests that are not answered yet. Any thread.
  std::size_t in_flight() const noexcept { return in_flight_; }

  void answered(const exchange& http, errc outcome, http_response& answer) override;
  void abandoned(const exchange& http) override;

private:
  void take(const exchange_ptr& http);
  bool find_route(const exchange_ptr& http);
  bool serve_file(const exchange_ptr& http, std::string& allowed);
  void authenticate(const exchange_ptr& http);
  void on_identity(const exchange_ptr& http, const user_ptr& who, const caf::error& why);
  void run(const exchange_ptr& http);
  void finished(const exchange& http, int status, errc outcome);
  void count_overload(const request_context& context);

  dispatch_config config_;
  directory services_;
  std::shared_ptr<identity> identities_;
  gateway_metrics& metrics_;
  route_table table_;
  cors_policy cors_;
  rate_limiter limiter_;
  std::atomic<std::size_t> in_flight_{0};
};

} // namespace lakegate::gateway
