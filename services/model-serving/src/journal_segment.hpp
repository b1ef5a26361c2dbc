#pragma once

#include "services/model-serving/src/journal_record.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace lakegate::model_serving {

/// One file of the journal: frames from offset 0 on, behind them preallocated zeros. All
/// members report failures of the file system by their result and leave `errno` as the
/// system set it. Thread safe as long as nobody writes where another reads.
class journal_segment {
public:
  /// Makes a new file of `bytes` preallocated bytes; null if the disk has no room for it.
  static std::shared_ptr<journal_segment> create(const std::filesystem::path& directory,
                                                 std::uint64_t number,
                                                 std::uint64_t bytes);

  /// What `recover` found in a file of an earlier process.
  struct recovery {
    std::shared_ptr<journal_segment> segment; ///< Null if it can't be opened.
    std::uint64_t end = 0;                    ///< Behind the last whole frame.
    std::uint64_t records = 0;
    std::uint64_t torn_bytes = 0; ///< Written bytes behind `end` that are no whole frame.
  };
  /// Opens a file, checks each frame, and cuts it behind the last whole one.
  static recovery recover(const std::filesystem::path& path);

  /// The files of a directory, oldest first.
  static std::vector<std::filesystem::path> list(const std::filesystem::path& directory);

  ~journal_segment();
  journal_segment(const journal_segment&) = delete;
  journal_segment& operator=(const journal_segment&) = delete;

  std::uint64_t number() const noexcept { return number_; }

  /// Makes sure that the first `bytes` bytes can be written whatever else fills the disk.
  bool allocate(std::uint64_t bytes) noexcept;
  /// Writes all of `pieces` one behind the other, beginning at `offset`.
  bool write(std::uint64_t offset, const std::vector<std::string_view>& pieces) noexcept;
  bool sync() noexcept;
  bool truncate(std::uint64_t bytes) noexcept;
  void remove() noexcept;

  /// Gives each record of [offset, end) and the bytes of its frame to `sink`, until that
  /// returns false or a frame is not intact; returns the offset behind the last one
  /// given.
  std::uint64_t read(std::uint64_t offset, std::uint64_t end,
                     const std::function<bool(log_record, std::uint64_t)>& sink) const;

private:
  journal_segment(int descriptor, std::filesystem::path path, std::uint64_t number)
      : descriptor_{descriptor}, path_{std::move(path)}, number_{number} {}

  int descriptor_;
  std::filesystem::path path_;
  std::uint64_t number_;
};

/// Writes the directory's entries to disk.
bool sync_directory(const std::filesystem::path& directory) noexcept;

} // namespace lakegate::model_serving
