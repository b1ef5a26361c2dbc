#pragma once

#include <lakegate/contracts/databricks/common.hpp>

#include <prometheus/gauge.h>
#include <prometheus/registry.h>

#include <chrono>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

namespace lakegate::databricks {

/// `lakegate_upstream_seconds{process,operation,outcome}`: how long the workspace took,
/// by REST operation and what came of it. Both are closed sets; a series exists once it
/// has happened. `lakegate_upstream_in_flight{process}`, and its limit. Thread safe.
class upstream_metrics {
public:
  upstream_metrics(prometheus::Registry& registry, std::string process,
                   std::size_t max_in_flight);

  void call_opened() { in_flight_.Increment(); }
  void call_closed() { in_flight_.Decrement(); }

  /// `operation` must be a literal.
  void call_finished(std::string_view operation, failure_kind kind,
                     std::chrono::microseconds took);

private:
  prometheus::Registry& registry_;
  std::string process_;
  prometheus::Gauge& in_flight_;
  std::mutex mutex_;
  std::map<std::pair<std::string_view, std::string_view>, prometheus::Histogram*>
      histograms_;
};

/// The outcome label: `ok`, `denied`, `refused`, `rate_limited`, `unavailable`,
/// `timeout`, `invalid_response` or `cancelled`.
std::string_view outcome_of(failure_kind kind);

} // namespace lakegate::databricks
