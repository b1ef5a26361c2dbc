#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <list>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

#include "shared/runtime/src/log_limiter.hpp"

namespace lakegate::log {

/// Where lines go: a bounded buffer, and a thread that writes it every 20 ms while there
/// is something in it. Made at the first use and never destroyed, so that it outlives
/// every thread. All functions are thread safe.
class sink {
public:
  static sink& instance();

  /// Appends `line`, which ends in a line feed; counts it as dropped if the buffer is
  /// full. `soon`: without waiting for the timer.
  void append(std::string_view line, bool soon);

  /// False: `name` has had its lines for this second, and this one is counted instead.
  bool admit(std::string_view name);

  /// Writes what is buffered and how much was held back so far, on the calling thread: it
  /// may be the last chance. Gives up after a second without progress, so that a stuck
  /// reader can't keep the process from ending.
  void flush();

  bool open_file(const std::string& path);

  /// The member that names the process, as JSON with the comma in front; lives forever.
  const std::string& process() const noexcept;
  void set_process(std::string_view name);

private:
  using lock = std::unique_lock<std::mutex>;

  sink();
  void run();
  /// Waits until nobody writes, at most `limit`; false if somebody still does.
  bool wait_until_idle(lock& held, std::chrono::milliseconds limit);
  /// Writes all that is buffered; unlocks `held` meanwhile. Nobody may be writing.
  void write_all(lock& held, int patience_ms, limiter::time_point counts_until);
  /// Moves what is buffered to `spare_`, with lines that tell what was dropped, and what
  /// was held back in seconds that are over at `counts_until`.
  void take(limiter::time_point counts_until);
  void write(std::string_view text, int patience_ms);

  std::mutex mutex_;
  std::condition_variable wake_; ///< For the thread: there is something to write.
  std::condition_variable idle_; ///< For who waits to write: nobody does.
  std::string buffer_;
  bool soon_ = false;
  std::uint64_t dropped_ = 0;
  limiter limiter_;
  bool writing_ =
      false; ///< Somebody writes `spare_` to `fd_`; both are theirs meanwhile.
  std::string spare_;
  int fd_;

  std::list<std::string> process_members_; ///< Keeps old ones: a thread may be copying.
  std::atomic<const std::string*> process_;
  std::thread writer_;
};

/// Appends the head of a line: `{"time":…,"level":…` and the process. Uses no lock.
void begin_line(std::string& out, std::string_view level, std::string_view event);

} // namespace lakegate::log
