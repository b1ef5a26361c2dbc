#pragma once

#include <prometheus/registry.h>

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
               const std::string& service);

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
};

/// `lakegate_unbatcher_*{process,service}`.
class unbatcher_metrics {
public:
  unbatcher_metrics(prometheus::Registry& registry, const std::string& process,
                    const std::string& service);

  void replies_sent(std::size_t replies);
  void link_attached();
  void link_gone();
  void command_taken();
  void command_done();
  void expired();
  void overloaded();
  void refused();

private:
  prometheus::Histogram& batch_;
  prometheus::Gauge& links_;
  prometheus::Gauge& in_flight_;
  prometheus::Counter& expired_;
  prometheus::Counter& overloaded_;
  prometheus::Counter& refused_;
};

} // namespace lakegate::runtime
