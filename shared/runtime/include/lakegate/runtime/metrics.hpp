#pragma once

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <chrono>
#include <string>

/// How every process declares its metrics, so that families look alike everywhere.
///
/// Each function returns the one metric of that name and those labels, made at the first
/// call: parts of one process that share a registry share it, too. `help` of the first
/// call stays. Resolve a handle once and keep the reference; it lives as long as the
/// registry. All of them are thread safe; so are the metrics. They throw
/// std::invalid_argument for a name or label that Prometheus does not take, or that has
/// another type: a defect.
namespace lakegate::runtime {

/// `name` ends in `_total`.
prometheus::Counter& counter_of(prometheus::Registry& registry, const std::string& name,
                                const std::string& help,
                                const prometheus::Labels& labels = {});

prometheus::Gauge& gauge_of(prometheus::Registry& registry, const std::string& name,
                            const std::string& help,
                            const prometheus::Labels& labels = {});

/// A histogram of durations in seconds (`name` ends in `_seconds`) with
/// `latency_buckets`.
prometheus::Histogram& latency_of(prometheus::Registry& registry, const std::string& name,
                                  const std::string& help,
                                  const prometheus::Labels& labels = {});

/// A histogram with `buckets` of its own, e.g. for sizes.
prometheus::Histogram&
histogram_of(prometheus::Registry& registry, const std::string& name,
             const std::string& help,
             const prometheus::Histogram::BucketBoundaries& buckets,
             const prometheus::Labels& labels = {});

/// `lakegate_mailbox_wait_seconds{process,service}`: how long what comes in waits until
/// somebody takes it.
prometheus::Histogram& mailbox_wait_of(prometheus::Registry& registry,
                                       const std::string& process,
                                       const std::string& service);

/// The one set of latency buckets: 0.5 ms to 60 s.
const prometheus::Histogram::BucketBoundaries& latency_buckets();

/// Records a duration in a histogram of seconds.
template <class Rep, class Period>
void observe(prometheus::Histogram& histogram, std::chrono::duration<Rep, Period> took) {
  histogram.Observe(std::chrono::duration<double>{took}.count());
}

} // namespace lakegate::runtime
