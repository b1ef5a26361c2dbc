#pragma once

#include <lakegate/core/call_meter.hpp>

#include <prometheus/registry.h>

#include <chrono>
#include <cstddef>
#include <string>

namespace prometheus {
class Counter;
class Gauge;
class Histogram;
} // namespace prometheus

namespace lakegate::runtime {

/// `lakegate_link_*{process,service}`. Several links of one process to one service add
/// up.
class link_metrics {
public:
  link_metrics(prometheus::Registry& registry, const std::string& process,
               const std::string& service, std::size_t max_in_flight);
  ~link_metrics();
  link_metrics(const link_metrics&) = delete;
  link_metrics& operator=(const link_metrics&) = delete;

  void batch_sent(std::size_t commands);
  void call_opened();
  void call_closed();
  void replica_up();
  void replica_down();
  void expired();
  void overloaded();
  void lost();
  void late();

private:
  prometheus::Histogram& batch_;
  prometheus::Gauge& in_flight_;
  prometheus::Gauge& up_;
  prometheus::Counter& expired_;
  prometheus::Counter& overloaded_;
  prometheus::Counter& lost_;
  prometheus::Counter& late_;
  prometheus::Gauge& limit_;
  double max_in_flight_;
};

/// `lakegate_unbatcher_*{process,service}` and the wait in the service's mailboxes.
class unbatcher_metrics {
public:
  unbatcher_metrics(prometheus::Registry& registry, const std::string& process,
                    const std::string& service, std::size_t max_in_flight);

  void replies_sent(std::size_t replies);
  void link_attached();
  void link_gone();
  void command_taken();
  void command_done();
  void expired();
  void overloaded();
  void refused();
  /// A command left the mailboxes, or gave up waiting there. Of those within the same
  /// millisecond the first is counted: a busy service need not pay for each.
  void waited(call_meter& command, std::chrono::steady_clock::time_point now);

private:
  prometheus::Histogram& batch_;
  prometheus::Histogram& mailbox_wait_;
  std::chrono::steady_clock::time_point sampled_{};
  prometheus::Gauge& links_;
  prometheus::Gauge& in_flight_;
  prometheus::Counter& expired_;
  prometheus::Counter& overloaded_;
  prometheus::Counter& refused_;
};

} // namespace lakegate::runtime
