#pragma once

#include "services/model-serving/src/journal_record.hpp"

#include <chrono>
#include <compare>
#include <cstdint>
#include <filesystem>
#include <vector>

namespace lakegate::model_serving {

struct journal_config {
  std::filesystem::path directory;
  std::uint64_t segment_bytes = 4 * 1024 * 1024;
  std::uint64_t max_bytes = 1024ull * 1024 * 1024; ///< Of all files together.
  /// True: each record is on the disk before its `append` is done. False: within
  /// `sync_interval`.
  bool sync_always = false;
  std::chrono::milliseconds sync_interval{10};
};

/// A place between two records.
struct journal_position {
  std::uint64_t segment = 0;
  std::uint64_t offset = 0;

  // clang-tidy 14 takes the 0 that the default compares with for a null pointer.
  // NOLINTNEXTLINE(modernize-use-nullptr)
  friend auto operator<=>(const journal_position&, const journal_position&) = default;
};

/// Records in the order in which they were appended, and where they end.
struct journal_batch {
  std::vector<log_record> records;
  journal_position end;
};

} // namespace lakegate::model_serving
