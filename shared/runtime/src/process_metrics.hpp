#pragma once

#include <prometheus/metric_family.h>

#include <vector>

namespace lakegate::runtime {

/// The metrics of the process itself under the names that every Prometheus client library
/// uses (`process_resident_memory_bytes` …), read from /proc (proc(5)) when asked. What
/// can't be read is left out.
std::vector<prometheus::MetricFamily> collect_process_metrics();

} // namespace lakegate::runtime
