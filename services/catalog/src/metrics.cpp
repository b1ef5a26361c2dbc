#include "services/catalog/src/metrics.hpp"

#include <lakegate/runtime/metrics.hpp>

#include <array>
#include <string>

namespace lakegate::catalog {

namespace {

constexpr auto codes = static_cast<std::size_t>(errc::count_);
using outcome_counters = std::array<prometheus::Counter*, codes>;

/// One counter an error code of this service; all others share `INTERNAL_ERROR`.
constexpr auto outcomes = std::array{
    errc::none,
    errc::invalid_query,
    errc::auth_expired,
    errc::auth_invalid,
    errc::catalog_permission_denied,
    errc::token_scope_missing,
    errc::catalog_not_found,
    errc::schema_not_found,
    errc::table_not_found,
    errc::rate_limited,
    errc::internal_error,
    errc::upstream_invalid_response,
    errc::workspace_not_configured,
    errc::warehouse_not_configured,
    errc::catalog_unavailable,
    errc::query_timeout,
    errc::overloaded,
};

outcome_counters counters_of(prometheus::Registry& registry, const std::string& name,
                             const std::string& help) {
  outcome_counters result{};
  for (auto code : outcomes)
    result[static_cast<std::size_t>(code)] =
        &runtime::counter_of(registry, name, help, {{"outcome", to_string(code)}});
  for (auto& counter : result)
    if (!counter)
      counter = result[static_cast<std::size_t>(errc::internal_error)];
  return result;
}

} // namespace

struct metrics::handles {
  explicit handles(prometheus::Registry& r)
      : queries{counters_of(r, "lakegate_catalog_queries_total",
                            "Table queries by outcome.")},
        listings{
            counters_of(r, "lakegate_catalog_listings_total", "Listings by outcome.")},
        query_seconds{runtime::latency_of(r, "lakegate_catalog_query_seconds",
                                          "Time from command to answer of a query.")},
        listing_seconds{runtime::latency_of(r, "lakegate_catalog_listing_seconds",
                                            "Time from command to answer of a listing.")},
        rows{runtime::counter_of(r, "lakegate_catalog_rows_total", "Rows returned.")},
        bytes{runtime::counter_of(r, "lakegate_catalog_row_bytes_total",
                                  "JSON bytes of the rows returned.")},
        pages{runtime::counter_of(r, "lakegate_catalog_listing_pages_total",
                                  "Upstream pages read for listings.")},
        shared{runtime::counter_of(r, "lakegate_catalog_listings_shared_total",
                                   "Listings that joined one already under way.")},
        retries{runtime::counter_of(r, "lakegate_catalog_upstream_retries_total",
                                    "Workspace calls that were made again.")},
        cancelled{runtime::counter_of(r, "lakegate_catalog_statements_cancelled_total",
                                      "Statements cancelled at the warehouse.")},
        defaults{runtime::counter_of(r, "lakegate_catalog_query_defaults_failures_total",
                                     "Reads of query_defaults that failed.")} {}

  outcome_counters queries;
  outcome_counters listings;
  prometheus::Histogram& query_seconds;
  prometheus::Histogram& listing_seconds;
  prometheus::Counter& rows;
  prometheus::Counter& bytes;
  prometheus::Counter& pages;
  prometheus::Counter& shared;
  prometheus::Counter& retries;
  prometheus::Counter& cancelled;
  prometheus::Counter& defaults;
};

metrics::metrics(prometheus::Registry& registry)
    : handles_{std::make_unique<handles>(registry)} {}

metrics::~metrics() = default;

void metrics::query_finished(errc outcome, caf::timespan took) {
  handles_->queries[static_cast<std::size_t>(outcome)]->Increment();
  runtime::observe(handles_->query_seconds, took);
}

void metrics::query_returned(std::int64_t rows, std::size_t bytes) {
  handles_->rows.Increment(static_cast<double>(rows));
  handles_->bytes.Increment(static_cast<double>(bytes));
}

void metrics::listing_finished(errc outcome, caf::timespan took) {
  handles_->listings[static_cast<std::size_t>(outcome)]->Increment();
  runtime::observe(handles_->listing_seconds, took);
}

void metrics::page_read() {
  handles_->pages.Increment();
}

void metrics::listing_shared() {
  handles_->shared.Increment();
}

void metrics::upstream_retried() {
  handles_->retries.Increment();
}

void metrics::statement_cancelled() {
  handles_->cancelled.Increment();
}

void metrics::defaults_failed() {
  handles_->defaults.Increment();
}

} // namespace lakegate::catalog
