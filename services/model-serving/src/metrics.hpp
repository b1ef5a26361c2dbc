#pragma once

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string_view>

namespace lakegate::model_serving {

/// The metrics of this process; handles are resolved once. Thread safe.
class metrics {
public:
  explicit metrics(prometheus::Registry& registry); ///< Which must outlive it.

  enum class outcome {
    success,
    error,
    timeout,
    cancelled,
    invalid,
    overloaded,
    unlogged
  };
  void inference_finished(outcome how, std::chrono::nanoseconds took);
  void inference_retried();
  void breaker_opened();
  void breakers_open(std::size_t n);
  void inferences_in_flight(std::size_t n);
  /// What is configured; beyond it work is refused.
  void limits_are(std::size_t inferences, std::uint64_t journal_bytes);

  void journal_is(std::uint64_t records, std::uint64_t bytes);
  /// How long the oldest row that is not in the table has waited; 0: there is none.
  void journal_oldest(std::chrono::milliseconds age);
  void log_rows_written(std::size_t n);
  void log_row_rejected();
  void log_write_failed();

  /// `type` and `status` as in `detected_schema`.
  void schema_detected(std::string_view status, std::chrono::nanoseconds took);
  void detection_event_lost();

private:
  std::array<prometheus::Counter*, 7> inferences_;
  prometheus::Histogram& inference_seconds_;
  prometheus::Counter& retries_;
  prometheus::Counter& breakers_opened_;
  prometheus::Gauge& breakers_open_;
  prometheus::Gauge& in_flight_;
  prometheus::Gauge& in_flight_limit_;
  prometheus::Gauge& journal_records_;
  prometheus::Gauge& journal_bytes_;
  prometheus::Gauge& journal_limit_;
  prometheus::Gauge& journal_oldest_;
  prometheus::Counter& rows_written_;
  prometheus::Counter& rows_rejected_;
  prometheus::Counter& writes_failed_;
  std::array<prometheus::Counter*, 3> detections_;
  prometheus::Histogram& detection_seconds_;
  prometheus::Counter& events_lost_;
};

} // namespace lakegate::model_serving
