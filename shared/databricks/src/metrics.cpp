#include "shared/databricks/src/metrics.hpp"

#include <lakegate/runtime/metrics.hpp>

namespace lakegate::databricks {

upstream_metrics::upstream_metrics(prometheus::Registry& registry, std::string process,
                                   std::size_t max_in_flight)
    : registry_{registry}, process_{std::move(process)},
      in_flight_{runtime::gauge_of(registry, "lakegate_upstream_in_flight",
                                   "Calls that the workspace has not answered yet.",
                                   {{"process", process_}})} {
  runtime::gauge_of(registry, "lakegate_upstream_in_flight_limit",
                    "Calls that may be in flight; beyond, OVERLOADED.",
                    {{"process", process_}})
      .Set(static_cast<double>(max_in_flight));
}

void upstream_metrics::call_finished(std::string_view operation, failure_kind kind,
                                     std::chrono::microseconds took) {
  auto outcome = outcome_of(kind);
  std::lock_guard guard{mutex_};
  auto& histogram = histograms_[{operation, outcome}];
  if (!histogram)
    histogram = &runtime::latency_of(registry_, "lakegate_upstream_seconds",
                                     "Calls of the Databricks workspace.",
                                     {{"process", process_},
                                      {"operation", std::string{operation}},
                                      {"outcome", std::string{outcome}}});
  runtime::observe(*histogram, took);
}

std::string_view outcome_of(failure_kind kind) {
  switch (kind) {
  case failure_kind::none:
    return "ok";
  case failure_kind::token_invalid:
  case failure_kind::token_expired:
  case failure_kind::scope_missing:
  case failure_kind::permission_denied:
    return "denied";
  case failure_kind::not_found:
  case failure_kind::invalid_argument:
    return "refused";
  case failure_kind::rate_limited:
    return "rate_limited";
  case failure_kind::timeout:
    return "timeout";
  case failure_kind::invalid_response:
    return "invalid_response";
  case failure_kind::cancelled:
    return "cancelled";
  case failure_kind::not_configured:
  case failure_kind::unavailable:
  case failure_kind::overloaded:
  case failure_kind::held_back:
  case failure_kind::count_:
    break;
  }
  return "unavailable";
}

} // namespace lakegate::databricks
