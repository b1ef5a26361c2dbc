#include "shared/postgres/src/query_metrics.hpp"

#include <lakegate/runtime/metrics.hpp>

#include <algorithm>
#include <cctype>

namespace lakegate::postgres {

namespace {

std::string word_of(errc outcome) {
  if (outcome == errc::none)
    return "ok";
  auto result = to_string(outcome);
  std::ranges::transform(result, result.begin(),
                         [](unsigned char c) { return std::tolower(c); });
  return result;
}

} // namespace

query_metrics::query_metrics(std::shared_ptr<prometheus::Registry> registry,
                             std::string process, std::size_t max_waiting,
                             std::size_t max_connections)
    : registry_{std::move(registry)}, process_{std::move(process)},
      waiting_{runtime::gauge_of(*registry_, "lakegate_sql_waiting",
                                 "Queries that wait for a connection",
                                 {{"process", process_}})},
      connections_{runtime::gauge_of(*registry_, "lakegate_sql_connections",
                                     "Sessions with PostgreSQL that are up",
                                     {{"process", process_}})} {
  runtime::gauge_of(*registry_, "lakegate_sql_waiting_limit",
                    "Queries that may wait; beyond, OVERLOADED.", {{"process", process_}})
      .Set(static_cast<double>(max_waiting));
  runtime::gauge_of(*registry_, "lakegate_sql_connections_limit",
                    "Sessions with PostgreSQL that there should be.",
                    {{"process", process_}})
      .Set(static_cast<double>(max_connections));
}

void query_metrics::query_finished(const statement& what, errc outcome,
                                   std::chrono::steady_clock::duration took) {
  auto& histogram = seconds_[{what.name, outcome}];
  if (!histogram)
    histogram = &runtime::latency_of(*registry_, "lakegate_sql_seconds",
                                     "From a query's arrival to its answer",
                                     {{"process", process_},
                                      {"statement", std::string{what.name}},
                                      {"outcome", word_of(outcome)}});
  runtime::observe(*histogram, took);
}

void query_metrics::load(std::size_t waiting, std::size_t connections) {
  waiting_.Set(static_cast<double>(waiting));
  connections_.Set(static_cast<double>(connections));
}

} // namespace lakegate::postgres
