#pragma once

#include <lakegate/core/errors.hpp>

#include <prometheus/counter.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <caf/timespan.hpp>

#include <cstdint>
#include <memory>

namespace lakegate::catalog {

/// What the catalog service counts; resolved once, thread safe, lives as long as
/// `registry`.
class metrics {
public:
  explicit metrics(prometheus::Registry& registry);
  ~metrics();

  /// `outcome` is `none` for success.
  void query_finished(errc outcome, caf::timespan took);
  void query_returned(std::int64_t rows, std::size_t bytes);
  void listing_finished(errc outcome, caf::timespan took);
  void page_read();
  /// A request that was answered by a listing already under way.
  void listing_shared();
  void upstream_retried();
  void statement_cancelled();
  /// The preference `query_defaults` could not be read.
  void defaults_failed();

private:
  struct handles;
  std::unique_ptr<handles> handles_;
};
using metrics_ptr = std::shared_ptr<metrics>;

} // namespace lakegate::catalog
