#pragma once

#include <algorithm>
#include <chrono>
#include <mutex>
#include <string>

namespace lakegate::sandbox {

/// The one SQL warehouse: RUNNING, or stopped and then slow to start. Thread safe.
class warehouse {
public:
  explicit warehouse(std::string id) : id_{std::move(id)} {}

  const std::string& id() const noexcept { return id_; }

  /// RUNNING, STARTING or STOPPED.
  std::string state() const {
    const std::lock_guard guard{lock_};
    if (stopped_)
      return "STOPPED";
    return clock::now() < running_from_ ? "STARTING" : "RUNNING";
  }

  /// From now on the next start takes that long.
  void stop(std::chrono::milliseconds start_time) {
    const std::lock_guard guard{lock_};
    stopped_ = true;
    start_time_ = start_time;
  }

  /// Starts it if it is stopped; how long until it runs.
  std::chrono::milliseconds start() {
    const std::lock_guard guard{lock_};
    if (stopped_) {
      stopped_ = false;
      running_from_ = clock::now() + start_time_;
    }
    const auto left = running_from_ - clock::now();
    return std::max(std::chrono::milliseconds{0},
                    std::chrono::ceil<std::chrono::milliseconds>(left));
  }

private:
  using clock = std::chrono::steady_clock;
  std::string id_;
  mutable std::mutex lock_;
  bool stopped_ = false;
  std::chrono::milliseconds start_time_{0};
  clock::time_point running_from_{};
};

} // namespace lakegate::sandbox
