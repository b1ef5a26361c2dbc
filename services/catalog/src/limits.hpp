#pragma once

#include <lakegate/core/retry.hpp>

#include <chrono>
#include <cstddef>

namespace lakegate::catalog {

/// The bounds of the catalog service's work; defaults of the settings.
struct limits {
  std::size_t max_pages = 1000; ///< Upstream pages of one listing.
  std::size_t max_result_bytes =
      8 * 1024 * 1024;                          ///< JSON of one answer's rows or tables.
  std::chrono::milliseconds first_poll{100};    ///< Then doubling …
  std::chrono::milliseconds longest_poll{2000}; ///< … up to this.
  std::chrono::milliseconds cancel_timeout{5000}; ///< For the cancelling of a statement.
  std::chrono::milliseconds defaults_timeout{2000}; ///< For `query_defaults`.
  int max_attempts = 3;                             ///< Of one workspace call.
  backoff retry;
};

} // namespace lakegate::catalog
