#include <lakegate/runtime/metrics.hpp>

namespace lakegate::runtime {

prometheus::Counter& counter_of(prometheus::Registry& registry, const std::string& name,
                                const std::string& help,
                                const prometheus::Labels& labels) {
  return prometheus::BuildCounter().Name(name).Help(help).Register(registry).Add(labels);
}

prometheus::Gauge& gauge_of(prometheus::Registry& registry, const std::string& name,
                            const std::string& help, const prometheus::Labels& labels) {
  return prometheus::BuildGauge().Name(name).Help(help).Register(registry).Add(labels);
}

prometheus::Histogram& latency_of(prometheus::Registry& registry, const std::string& name,
                                  const std::string& help,
                                  const prometheus::Labels& labels) {
  return histogram_of(registry, name, help, latency_buckets(), labels);
}

prometheus::Histogram&
histogram_of(prometheus::Registry& registry, const std::string& name,
             const std::string& help,
             const prometheus::Histogram::BucketBoundaries& buckets,
             const prometheus::Labels& labels) {
  auto& family = prometheus::BuildHistogram().Name(name).Help(help).Register(registry);
  return family.Add(labels, buckets);
}

prometheus::Histogram& mailbox_wait_of(prometheus::Registry& registry,
                                       const std::string& process,
                                       const std::string& service) {
  // A healthy one is far below the first of `latency_buckets`.
  static const prometheus::Histogram::BucketBoundaries buckets{
      0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.01, 0.05, 0.25, 1.0, 5.0};
  return histogram_of(registry, "lakegate_mailbox_wait_seconds",
                      "From a command's arrival to its being taken.", buckets,
                      {{"process", process}, {"service", service}});
}

const prometheus::Histogram::BucketBoundaries& latency_buckets() {
  static const prometheus::Histogram::BucketBoundaries buckets{
      0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1,
      0.25,   0.5,   1.0,    2.5,   5.0,  10.0,  30.0, 60.0};
  return buckets;
}

} // namespace lakegate::runtime
