#pragma once

#include "shared/postgres/src/session.hpp"

#include <caf/error.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace lakegate::postgres {

/// A query on its way through a connection thread.
struct job {
  std::uint64_t id = 0; ///< The owner's name for its promise.
  const statement* what = nullptr;
  std::vector<parameter> parameters;
  steady::time_point deadline;
  std::string correlation_id;
  std::string traceparent;
  int attempts = 0;      ///< How often it was tried in vain.
  bool is_alone = false; ///< Shares no sync: others failed where it was.
  steady::time_point sent;

  std::size_t bytes() const noexcept {
    std::size_t result = what->name.size();
    for (const auto& x : parameters)
      result += x ? x->size() : 0;
    return result;
  }

  bool may_run_twice() const noexcept { return !what->is_write || what->is_repeatable; }
};

/// What became of a job: rows, or an error.
struct finished_job {
  std::uint64_t id = 0;
  rows_ptr rows;
  caf::error failed;
};

} // namespace lakegate::postgres
