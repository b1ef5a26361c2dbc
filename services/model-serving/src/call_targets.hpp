#pragma once

#include <lakegate/core/circuit_breaker.hpp>
#include <lakegate/core/retry.hpp>

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace lakegate::model_serving {

/// What is remembered of one user's calls of one endpoint.
struct call_target {
  circuit_breaker breaker;
  retry_budget retries{0.1, 5};
  circuit_breaker::time_point last_used;
};

/// The targets of a process, a breaker and a retry budget each.
///
/// Keyed by user *and* endpoint: a 500 can be the fault of the inputs and a timeout that
/// of a caller's own `timeout_seconds`, so failures that one caller sees must not close
/// an endpoint for another. Not thread safe.
class call_targets {
public:
  explicit call_targets(breaker_config config, std::size_t max_targets = 10'000)
      : config_{config}, max_targets_{max_targets} {}

  call_target& at(const std::string& user_id, const std::string& endpoint_name,
                  circuit_breaker::time_point now);

  std::size_t open_breakers() const noexcept;
  std::size_t size() const noexcept { return targets_.size(); }

private:
  void make_place(circuit_breaker::time_point now);

  breaker_config config_;
  std::size_t max_targets_;
  std::map<std::pair<std::string, std::string>, call_target> targets_;
};

} // namespace lakegate::model_serving
