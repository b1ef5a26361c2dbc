#include "gateway/src/metrics.hpp"

#include <lakegate/runtime/metrics.hpp>

#include <string>

namespace lakegate::gateway {

namespace {

constexpr std::array<const char*, 4> source_names{"cache", "shared_call", "workspace",
                                                  "claim"};
static_assert(source_names.size() == static_cast<std::size_t>(identity_source::count_));

} // namespace

gateway_metrics::gateway_metrics(prometheus::Registry& registry)
    : registry_{registry}, in_flight_{runtime::gauge_of(
                               registry, "lakegate_gateway_requests_in_flight",
                               "Requests that wait for their answer.")},
      connections_{runtime::gauge_of(registry, "lakegate_gateway_connections",
                                     "Open client connections.")} {
  for (std::size_t i = 0; i < lookups_.size(); ++i)
    lookups_[i] = &runtime::counter_of(
        registry, "lakegate_gateway_identity_lookups_total",
        "Where the identity of a token came from.", {{"source", source_names[i]}});
}

void gateway_metrics::request_finished(std::string_view operation, int status,
                                       std::chrono::steady_clock::duration took) {
  auto& histogram = requests_[{operation, status}];
  if (histogram == nullptr)
    histogram = &runtime::latency_of(
        registry_, "lakegate_gateway_request_seconds",
        "From the last byte of a request to its answer.",
        {{"operation", std::string{operation}}, {"status", std::to_string(status)}});
  runtime::observe(*histogram, took);
}

} // namespace lakegate::gateway
