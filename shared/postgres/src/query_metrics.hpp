#pragma once

#include <lakegate/core/errors.hpp>
#include <lakegate/postgres/query.hpp>

#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <utility>

namespace lakegate::postgres {

/// What the POSTGRES actor counts; used by it alone.
class query_metrics {
public:
  query_metrics(std::shared_ptr<prometheus::Registry> registry, std::string process,
                std::size_t max_waiting, std::size_t max_connections);

  /// `errc::none`: it went well.
  void query_finished(const statement& what, errc outcome,
                      std::chrono::steady_clock::duration took);
  void load(std::size_t waiting, std::size_t connections);

private:
  std::shared_ptr<prometheus::Registry> registry_;
  std::string process_;
  std::map<std::pair<std::string_view, errc>, prometheus::Histogram*> seconds_;
  prometheus::Gauge& waiting_;
  prometheus::Gauge& connections_;
};

} // namespace lakegate::postgres
