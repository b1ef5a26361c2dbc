#include "services/model-serving/src/metrics.hpp"

#include <lakegate/runtime/metrics.hpp>

#include <algorithm>

namespace lakegate::model_serving {

namespace {

using namespace runtime;

const std::string prefix = "lakegate_model_serving_";

constexpr std::array outcomes{"success", "error",      "timeout", "cancelled",
                              "invalid", "overloaded", "unlogged"};
constexpr std::array detection_statuses{"SUCCESS", "FAILURE", "TIMEOUT"};

template <std::size_t N>
std::array<prometheus::Counter*, N>
counters_of(prometheus::Registry& registry, const std::string& name,
            const std::string& help, const std::string& label,
            const std::array<const char*, N>& values) {
  std::array<prometheus::Counter*, N> result;
  std::transform(values.begin(), values.end(), result.begin(), [&](const char* x) {
    return &counter_of(registry, name, help, {{label, x}});
  });
  return result;
}

} // namespace

metrics::metrics(prometheus::Registry& registry)
    : inferences_{counters_of(registry, prefix + "inferences_total",
                              "Invocations by how they ended.", "outcome", outcomes)},
      inference_seconds_{latency_of(registry, prefix + "inference_seconds",
                                    "Time of an invocation, retries included.")},
      retries_{
          counter_of(registry, prefix + "retries_total", "Serving calls made again.")},
      breakers_opened_{counter_of(registry, prefix + "breakers_opened_total",
                                  "Times a circuit breaker opened.")},
      breakers_open_{gauge_of(registry, prefix + "breakers_open",
                              "Circuit breakers that are open.")},
      in_flight_{gauge_of(registry, prefix + "inferences_in_flight",
                          "Invocations that are not answered yet.")},
      in_flight_limit_{gauge_of(registry, prefix + "inferences_in_flight_limit",
                                "Invocations at once; beyond, OVERLOADED.")},
      journal_records_{gauge_of(registry, prefix + "journal_records",
                                "Log rows that are not in the table yet.")},
      journal_bytes_{
          gauge_of(registry, prefix + "journal_bytes", "Size of the journal's files.")},
      journal_limit_{gauge_of(registry, prefix + "journal_limit_bytes",
                              "The most that the journal's files may take.")},
      journal_oldest_{gauge_of(registry, prefix + "journal_oldest_seconds",
                               "Age of the oldest row that is not in the table yet.")},
      rows_written_{counter_of(registry, prefix + "log_rows_written_total",
                               "Log rows brought into the table.")},
      rows_rejected_{counter_of(registry, prefix + "log_rows_rejected_total",
                                "Log rows that the table would not take.")},
      writes_failed_{counter_of(registry, prefix + "log_write_failures_total",
                                "Batches of log rows that failed and were kept.")},
      detections_{counters_of(registry, prefix + "schema_detections_total",
                              "Schema detections by status.", "status",
                              detection_statuses)},
      detection_seconds_{latency_of(registry, prefix + "schema_detection_seconds",
                                    "Time of a schema detection.")},
      events_lost_{counter_of(registry, prefix + "schema_detection_events_lost_total",
                              "Schema detections that left no row.")} {}

void metrics::inference_finished(outcome how, std::chrono::nanoseconds took) {
  inferences_[static_cast<std::size_t>(how)]->Increment();
  observe(inference_seconds_, took);
}

void metrics::inference_retried() {
  retries_.Increment();
}

void metrics::breaker_opened() {
  breakers_opened_.Increment();
}

void metrics::breakers_open(std::size_t n) {
  breakers_open_.Set(static_cast<double>(n));
}

void metrics::inferences_in_flight(std::size_t n) {
  in_flight_.Set(static_cast<double>(n));
}

void metrics::limits_are(std::size_t inferences, std::uint64_t journal_bytes) {
  in_flight_limit_.Set(static_cast<double>(inferences));
  journal_limit_.Set(static_cast<double>(journal_bytes));
}

void metrics::journal_is(std::uint64_t records, std::uint64_t bytes) {
  journal_records_.Set(static_cast<double>(records));
  journal_bytes_.Set(static_cast<double>(bytes));
}

void metrics::journal_oldest(std::chrono::milliseconds age) {
  journal_oldest_.Set(std::chrono::duration<double>{age}.count());
}

void metrics::log_rows_written(std::size_t n) {
  rows_written_.Increment(static_cast<double>(n));
}

void metrics::log_row_rejected() {
  rows_rejected_.Increment();
}

void metrics::log_write_failed() {
  writes_failed_.Increment();
}

void metrics::schema_detected(std::string_view status, std::chrono::nanoseconds took) {
  auto known = std::find(detection_statuses.begin(), detection_statuses.end(), status);
  if (known != detection_statuses.end())
    detections_[static_cast<std::size_t>(known - detection_statuses.begin())]
        ->Increment();
  observe(detection_seconds_, took);
}

void metrics::detection_event_lost() {
  events_lost_.Increment();
}

} // namespace lakegate::model_serving
