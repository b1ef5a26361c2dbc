#include "shared/runtime/src/link_metrics.hpp"

#include <lakegate/runtime/metrics.hpp>

namespace lakegate::runtime {

namespace {

prometheus::Labels labels_of(const std::string& process, const std::string& service) {
  return {{"process", process}, {"service", service}};
}

prometheus::Histogram::BucketBoundaries batch_buckets() {
  return {1, 2, 4, 8, 16, 32, 64, 128, 256};
}

} // namespace

link_metrics::link_metrics(prometheus::Registry& registry, const std::string& process,
                           const std::string& service, std::size_t max_in_flight)
    : batch_{histogram_of(registry, "lakegate_link_batch_commands",
                          "Commands that went to a service in one message.",
                          batch_buckets(), labels_of(process, service))},
      in_flight_{gauge_of(registry, "lakegate_link_in_flight",
                          "Calls that a service has not answered yet.",
                          labels_of(process, service))},
      up_{gauge_of(registry, "lakegate_link_up", "Replicas that are connected.",
                   labels_of(process, service))},
      expired_{counter_of(registry, "lakegate_link_expired_total",
                          "Calls that a service did not answer within their budget.",
                          labels_of(process, service))},
      overloaded_{counter_of(registry, "lakegate_link_overloaded_total",
                             "Calls refused because too many were in flight.",
                             labels_of(process, service))},
      lost_{counter_of(registry, "lakegate_link_lost_total",
                       "Calls in flight when their replica was lost.",
                       labels_of(process, service))},
      late_{counter_of(registry, "lakegate_link_late_replies_total",
                       "Replies that nobody waited for any more.",
                       labels_of(process, service))},
      limit_{gauge_of(registry, "lakegate_link_in_flight_limit",
                      "Calls that may be in flight; beyond, OVERLOADED.",
                      labels_of(process, service))},
      max_in_flight_{static_cast<double>(max_in_flight)} {
  limit_.Increment(max_in_flight_);
}

link_metrics::~link_metrics() {
  limit_.Decrement(max_in_flight_);
}

void link_metrics::batch_sent(std::size_t commands) {
  batch_.Observe(static_cast<double>(commands));
}

void link_metrics::call_opened() {
  in_flight_.Increment();
}

void link_metrics::call_closed() {
  in_flight_.Decrement();
}

void link_metrics::replica_up() {
  up_.Increment();
}

void link_metrics::replica_down() {
  up_.Decrement();
}

void link_metrics::expired() {
  expired_.Increment();
}

void link_metrics::overloaded() {
  overloaded_.Increment();
}

void link_metrics::lost() {
  lost_.Increment();
}

void link_metrics::late() {
  late_.Increment();
}

unbatcher_metrics::unbatcher_metrics(prometheus::Registry& registry,
                                     const std::string& process,
                                     const std::string& service,
                                     std::size_t max_in_flight)
    : batch_{histogram_of(registry, "lakegate_unbatcher_batch_replies",
                          "Replies that went to a link in one message.", batch_buckets(),
                          labels_of(process, service))},
      mailbox_wait_{mailbox_wait_of(registry, process, service)},
      links_{gauge_of(registry, "lakegate_unbatcher_links", "Links that are attached.",
                      labels_of(process, service))},
      in_flight_{gauge_of(registry, "lakegate_unbatcher_in_flight",
                          "Commands that the service has not answered yet.",
                          labels_of(process, service))},
      expired_{counter_of(registry, "lakegate_unbatcher_expired_total",
                          "Commands dropped because their time was up.",
                          labels_of(process, service))},
      overloaded_{counter_of(registry, "lakegate_unbatcher_overloaded_total",
                             "Commands refused because too many were in flight.",
                             labels_of(process, service))},
      refused_{counter_of(registry, "lakegate_unbatcher_refused_total",
                          "Frames that are no command of this service.",
                          labels_of(process, service))} {
  gauge_of(registry, "lakegate_unbatcher_in_flight_limit",
           "Commands that may be in flight; beyond, OVERLOADED.",
           labels_of(process, service))
      .Set(static_cast<double>(max_in_flight));
}

void unbatcher_metrics::waited(call_meter& command,
                               std::chrono::steady_clock::time_point now) {
  if (now - sampled_ < std::chrono::milliseconds{1})
    return;
  sampled_ = now;
  observe(mailbox_wait_, command.mailbox_wait(now));
}

void unbatcher_metrics::replies_sent(std::size_t replies) {
  batch_.Observe(static_cast<double>(replies));
}

void unbatcher_metrics::link_attached() {
  links_.Increment();
}

void unbatcher_metrics::link_gone() {
  links_.Decrement();
}

void unbatcher_metrics::command_taken() {
  in_flight_.Increment();
}

void unbatcher_metrics::command_done() {
  in_flight_.Decrement();
}

void unbatcher_metrics::expired() {
  expired_.Increment();
}

void unbatcher_metrics::overloaded() {
  overloaded_.Increment();
}

void unbatcher_metrics::refused() {
  refused_.Increment();
}

} // namespace lakegate::runtime
