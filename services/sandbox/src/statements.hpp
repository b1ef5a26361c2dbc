#pragma once

#include "services/sandbox/src/execution.hpp"
#include "services/sandbox/src/worker_pool.hpp"

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace lakegate::sandbox {

/// As `status.state` spells them.
enum class statement_state { pending, running, succeeded, failed, canceled, closed };
std::string_view to_string(statement_state state);
bool is_final(statement_state state);

/// A statement of the API, from its POST until an hour after its end. Thread safe.
class statement {
public:
  statement(std::string id, statement_request request, int pending_polls);

  const std::string& id() const noexcept { return id_; }
  const statement_request& request() const noexcept { return request_; }

  struct snapshot {
    statement_state state = statement_state::pending;
    std::shared_ptr<const result_table> result; ///< Of a succeeded one.
    statement_error error;                      ///< Of a failed one.
  };
  snapshot look() const;
  /// As `look`, but PENDING as many times as a scenario asked for.
  snapshot poll();
  /// Whether polls are to see PENDING although it may be done.
  bool is_held_back() const;
  bool is_cancel_wanted() const;

  /// Calls `f` once it is final; at once if it is. From any thread.
  void when_done(std::function<void()> f);

private:
  friend class statements;
  const std::string id_;
  const statement_request request_;
  mutable std::mutex lock_;
  snapshot now_;
  int pending_polls_ = 0;
  bool cancel_wanted_ = false;
  std::string database_; ///< Where its backend is, while it runs.
  std::string backend_;
  std::condition_variable backend_changed_;
  std::vector<std::function<void()>> waiting_;
  std::chrono::steady_clock::time_point ended_{};
};
using statement_ptr = std::shared_ptr<statement>;

/// All statements of the warehouse, and the threads that run them.
class statements {
public:
  statements(sessions& pool, std::size_t threads);

  /// Runs it; it stays PENDING for `start_delay` first. Nothing: too many are waiting.
  statement_ptr start(statement_request request, int pending_polls,
                      std::chrono::milliseconds start_delay);
  /// Nothing: there is none of that id, or it is somebody else's.
  statement_ptr find(std::string_view id, std::string_view user) const;
  /// Ends its query in PostgreSQL; it turns CANCELED when that has happened.
  void cancel(const statement_ptr& which);
  /// Frees its result.
  void close(const statement_ptr& which);
  void stop();

private:
  void run(const statement_ptr& which, std::chrono::steady_clock::time_point not_before);
  void finish(const statement_ptr& which, outcome result);
  /// Drops what ended an hour ago, and the oldest results beyond what memory may hold.
  void forget_old();

  sessions& pool_;
  mutable std::mutex lock_;
  std::condition_variable stopping_changed_;
  bool stopping_ = false;
  std::map<std::string, statement_ptr, std::less<>> all_;
  worker_pool workers_;
};

} // namespace lakegate::sandbox
