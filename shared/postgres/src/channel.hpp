#pragma once

#include "shared/postgres/src/job.hpp"

#include <lakegate/postgres/database.hpp>

#include <atomic>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <vector>

namespace lakegate::postgres {

/// A descriptor that another thread makes readable (eventfd(2)).
class wake_up {
public:
  wake_up();
  ~wake_up();
  wake_up(const wake_up&) = delete;
  wake_up& operator=(const wake_up&) = delete;

  int descriptor() const noexcept { return descriptor_; }
  void raise() const noexcept;
  void lower() const noexcept;

private:
  int descriptor_;
};

/// Lets one event of a kind through every five seconds, so that an outage is a few lines
/// however many connections there are.
class log_gate {
public:
  bool opens();

private:
  std::mutex mutex_;
  std::optional<steady::time_point> last_;
};

/// What the POSTGRES actor and its connection threads share: the jobs that wait, and
/// whether the database is known to be down. Thread safe.
class channel {
public:
  using sink = std::function<void(std::vector<finished_job>)>;

  /// `deliver` is called on connection threads.
  channel(std::size_t connections, std::size_t max_waiting,
          std::shared_ptr<availability> state, sink deliver);

  /// Queues the jobs in order and wakes a connection for them. Those that there is no
  /// room for are answered `overloaded`, all of them `database_unavailable` while the
  /// database is known to be down.
  void push(std::vector<job> jobs);
  /// Puts jobs back that were taken before; they go first.
  void put_back(std::vector<job> jobs);
  /// Takes jobs in order while they fit, but no more than a connection's share, and none
  /// if this one is busy while another is idle; those whose time is up are answered.
  std::vector<job> take(std::size_t index, std::size_t in_flight, std::size_t count,
                        std::size_t bytes);
  std::size_t waiting() const;

  /// Called by connection threads about themselves.
  void connected(std::size_t index);
  void disconnected(std::size_t index);
  /// An attempt to connect failed. While no connection is up, all that waits is answered.
  void unreachable(const std::string& detail);
  void deliver(std::vector<finished_job> jobs) const;

  std::size_t connections_up() const noexcept { return up_; }

  log_gate& log_lost() noexcept { return lost_; }
  log_gate& log_restored() noexcept { return restored_; }
  log_gate& log_refused() noexcept { return refused_; }

  const wake_up& waker(std::size_t index) const { return *wakers_[index]; }

  /// Ends the threads: `stopping` becomes readable and stays so.
  void stop();
  const wake_up& stopping() const noexcept { return stopping_; }
  bool is_stopping() const noexcept { return stopped_; }

private:
  /// The connection to wake, if one sleeps; `wake` it without the lock, or it would
  /// wake up only to wait for that.
  std::optional<std::size_t> next_sleeper();
  std::optional<std::size_t> idle_sleeper();
  void wake(std::optional<std::size_t> index) const;
  std::vector<job> take_share(std::size_t count, std::size_t bytes,
                              std::vector<finished_job>& expired);

  const std::size_t max_waiting_;
  const std::shared_ptr<availability> state_;
  const sink deliver_;
  mutable std::mutex mutex_;
  std::deque<job> jobs_;
  std::vector<std::unique_ptr<wake_up>> wakers_;
  std::vector<bool> is_up_;
  std::vector<bool> is_busy_; ///< As of its last `take`.
  /// Has looked for jobs and nobody woke it since: so that one wake-up serves all jobs
  /// that come before it is awake.
  std::vector<bool> sleeps_;
  std::size_t next_ = 0;
  std::atomic<std::size_t> up_{0};
  bool down_ = false;
  std::atomic<bool> stopped_{false};
  wake_up stopping_;
  log_gate lost_;
  log_gate restored_;
  log_gate refused_;
};

/// The error of a job that got no answer in time or for want of a connection.
finished_job unavailable(const job& x);

} // namespace lakegate::postgres
