#pragma once

#include <nlohmann/json.hpp>

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

namespace lakegate::integration {

/// Lets `count` threads go at the same moment, once all have arrived.
class start_barrier {
public:
  explicit start_barrier(std::size_t count) : missing_{count} {}

  void Wait() {
    std::unique_lock lock{mutex_};
    if (--missing_ == 0)
      all_here_.notify_all();
    else
      all_here_.wait(lock, [this] { return missing_ == 0; });
  }

private:
  std::mutex mutex_;
  std::condition_variable all_here_;
  std::size_t missing_;
};

/// What was seen of one register (a preference): writes and reads with the logical times
/// at which they began and ended. All writes here were acknowledged and have distinct
/// values. Thread safe.
class history {
public:
  void Initial(nlohmann::json value);
  std::uint64_t Begin(); ///< A moment before the request is sent.
  void Wrote(std::uint64_t begun, nlohmann::json value);
  void Read(std::uint64_t begun, nlohmann::json value);

  /// Checks that some order of all operations explains every read: an operation that
  /// ended before another began comes first, and each read sees the last write before it
  /// (linearizability, decided exactly: values are distinct, so each read names its
  /// write). Returns a sentence for each contradiction.
  std::vector<std::string> Unexplained() const;

private:
  struct operation {
    bool is_write = false;
    std::uint64_t begun = 0;
    std::uint64_t ended = 0;
    nlohmann::json value;
  };
  void add(operation x);

  mutable std::mutex mutex_;
  std::uint64_t clock_ = 0;
  std::vector<operation> operations_;
};

} // namespace lakegate::integration
