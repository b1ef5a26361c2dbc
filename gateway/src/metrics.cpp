#include "gateway/src/metrics.hpp"

#include <lakegate/runtime/metrics.hpp>

#include <string>

namespace lakegate::gateway {

namespace {

constexpr std::array<const char*, 4> source_names{"cache", "shared_call", "workspace",
                                                  "claim"};
constexpr std::array<const char*, 4> overload_names{"requests", "identity", "link",
                                                    "service"};
/// Fewer than for other latencies, and none by status: there are two dozen operations,
/// and one process shall not have more than 500 series.
const prometheus::Histogram::BucketBoundaries& request_buckets() {
  static const prometheus::Histogram::BucketBoundaries buckets{
      0.001, 0.005, 0.025, 0.1, 0.5, 1.0, 2.5, 10.0, 30.0};
  return buckets;
}

static_assert(source_names.size() == static_cast<std::size_t>(identity_source::count_));
static_assert(overload_names.size() == static_cast<std::size_t>(overload_place::count_));

} // namespace

gateway_metrics::gateway_metrics(prometheus::Registry& registry)
    : registry_{registry}, in_flight_{runtime::gauge_of(
                               registry, "lakegate_gateway_requests_in_flight",
                               "Requests that wait for their answer.")},
      connections_{runtime::gauge_of(registry, "lakegate_gateway_connections",
                                     "Open client connections.")},
      loop_wait_{runtime::mailbox_wait_of(registry, "gateway", "gateway")} {
  for (std::size_t i = 0; i < lookups_.size(); ++i)
    lookups_[i] = &runtime::counter_of(
        registry, "lakegate_gateway_identity_lookups_total",
        "Where the identity of a token came from.", {{"source", source_names[i]}});
  for (std::size_t i = 0; i < overloaded_.size(); ++i)
    overloaded_[i] =
        &runtime::counter_of(registry, "lakegate_gateway_overloaded_total",
                             "Answers OVERLOADED by who had too much at once.",
                             {{"where", overload_names[i]}});
}

void gateway_metrics::limits_are(std::size_t requests_in_flight,
                                 std::size_t connections) {
  runtime::gauge_of(registry_, "lakegate_gateway_requests_in_flight_limit",
                    "Requests that may wait; beyond, OVERLOADED.")
      .Increment(static_cast<double>(requests_in_flight));
  runtime::gauge_of(registry_, "lakegate_gateway_connections_limit",
                    "Client connections that may be open; beyond, none is accepted.")
      .Increment(static_cast<double>(connections));
}

void gateway_metrics::loop_waited(std::chrono::steady_clock::duration how_long) {
  runtime::observe(loop_wait_, how_long);
}

void gateway_metrics::request_finished(std::string_view operation, int status,
                                       std::chrono::steady_clock::duration took) {
  auto& found = requests_[{operation, status}];
  if (found.count == nullptr)
    found = {&runtime::counter_of(registry_, "lakegate_gateway_requests_total",
                                  "Requests answered.",
                                  {{"operation", std::string{operation}},
                                   {"status", std::to_string(status)}}),
             &runtime::histogram_of(registry_, "lakegate_gateway_request_seconds",
                                    "From the last byte of a request to its answer.",
                                    request_buckets(),
                                    {{"operation", std::string{operation}}})};
  found.count->Increment();
  runtime::observe(*found.seconds, took);
}

} // namespace lakegate::gateway
