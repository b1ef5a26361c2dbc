#include "services/sandbox/src/statements.hpp"

#include "services/sandbox/src/sql.hpp"

#include <lakegate/core/ids.hpp>

#include <utility>

namespace lakegate::sandbox {

namespace {

constexpr std::size_t queue_limit = 256;
constexpr std::chrono::hours result_lifetime{1};
constexpr std::int64_t result_bytes_limit = 128LL * 1024 * 1024;
constexpr int cancel_attempts = 50;
constexpr std::chrono::milliseconds cancel_interval{20};

} // namespace

std::string_view to_string(statement_state state) {
  switch (state) {
  case statement_state::pending:
    return "PENDING";
  case statement_state::running:
    return "RUNNING";
  case statement_state::succeeded:
    return "SUCCEEDED";
  case statement_state::failed:
    return "FAILED";
  case statement_state::canceled:
    return "CANCELED";
  case statement_state::closed:
    break;
  }
  return "CLOSED";
}

bool is_final(statement_state state) {
  return state != statement_state::pending && state != statement_state::running;
}

statement::statement(std::string id, statement_request request, int pending_polls)
    : id_{std::move(id)}, request_{std::move(request)}, pending_polls_{pending_polls} {}

statement::snapshot statement::look() const {
  const std::lock_guard guard{lock_};
  return now_;
}

statement::snapshot statement::poll() {
  const std::lock_guard guard{lock_};
  if (pending_polls_ == 0)
    return now_;
  --pending_polls_;
  return {};
}

bool statement::is_held_back() const {
  const std::lock_guard guard{lock_};
  return pending_polls_ > 0;
}

bool statement::is_cancel_wanted() const {
  const std::lock_guard guard{lock_};
  return cancel_wanted_;
}

void statement::when_done(std::function<void()> f) {
  {
    const std::lock_guard guard{lock_};
    if (!is_final(now_.state)) {
      waiting_.push_back(std::move(f));
      return;
    }
  }
  f();
}

statements::statements(sessions& pool, std::size_t threads)
    : pool_{pool}, workers_{threads, queue_limit} {}

statement_ptr statements::start(statement_request request, int pending_polls,
                                std::chrono::milliseconds start_delay) {
  auto result =
      std::make_shared<statement>(make_uuid(), std::move(request), pending_polls);
  const auto not_before = std::chrono::steady_clock::now() + start_delay;
  {
    const std::lock_guard guard{lock_};
    forget_old();
    all_[result->id()] = result;
  }
  if (workers_.submit([this, result, not_before] { run(result, not_before); }))
    return result;
  const std::lock_guard guard{lock_};
  all_.erase(result->id());
  return nullptr;
}

statement_ptr statements::find(std::string_view id, std::string_view user) const {
  const std::lock_guard guard{lock_};
  const auto found = all_.find(id);
  return found != all_.end() && found->second->request().user == user ? found->second
                                                                      : nullptr;
}

void statements::run(const statement_ptr& which,
                     std::chrono::steady_clock::time_point not_before) {
  {
    std::unique_lock guard{lock_};
    stopping_changed_.wait_until(guard, not_before,
                                 [&] { return stopping_ || which->is_cancel_wanted(); });
    if (stopping_)
      return;
  }
  const auto started = [&](const std::string& database, const std::string& pid) {
    const std::lock_guard guard{which->lock_};
    if (which->cancel_wanted_)
      return false;
    which->database_ = database;
    which->backend_ = pid;
    which->now_.state = statement_state::running;
    return true;
  };
  const auto ended = [&] {
    // Waits for a cancellation on its way, so that it can't hit the backend's next user.
    const std::lock_guard guard{which->lock_};
    which->backend_.clear();
    which->backend_changed_.notify_all();
  };
  finish(which, execute(pool_, which->request(), {started, ended}));
}

void statements::finish(const statement_ptr& which, outcome result) {
  std::vector<std::function<void()>> waiting;
  {
    const std::lock_guard guard{which->lock_};
    which->ended_ = std::chrono::steady_clock::now();
    waiting = std::exchange(which->waiting_, {});
    auto& now = which->now_;
    if (now.state == statement_state::closed) {
      now.result = nullptr;
    } else if (auto* table = std::get_if<result_table>(&result)) {
      now.state = statement_state::succeeded;
      now.result = std::make_shared<const result_table>(std::move(*table));
    } else {
      now.error = std::get<statement_error>(std::move(result));
      now.state = which->cancel_wanted_ && now.error.sql_state == cancelled_state
                      ? statement_state::canceled
                      : statement_state::failed;
    }
  }
  for (const auto& f : waiting)
    f();
}

void statements::cancel(const statement_ptr& which) {
  std::unique_lock guard{which->lock_};
  if (is_final(which->now_.state))
    return;
  which->cancel_wanted_ = true;
  stopping_changed_.notify_all();
  // PostgreSQL ignores a cancellation that comes between two of the session's queries.
  for (int i = 0; i < cancel_attempts && !which->backend_.empty(); ++i) {
    pool_.run(which->database_, std::string{sql::cancel_backend}, {which->backend_});
    which->backend_changed_.wait_for(guard, cancel_interval,
                                     [&] { return which->backend_.empty(); });
  }
}

void statements::close(const statement_ptr& which) {
  cancel(which);
  const std::lock_guard guard{which->lock_};
  which->now_.state = statement_state::closed;
  which->now_.result = nullptr;
  which->ended_ = std::chrono::steady_clock::now();
}

void statements::forget_old() {
  const auto now = std::chrono::steady_clock::now();
  std::multimap<std::chrono::steady_clock::time_point, statement_ptr> ended;
  std::int64_t bytes = 0;
  for (const auto& [id, which] : all_) {
    const std::lock_guard guard{which->lock_};
    if (!is_final(which->now_.state))
      continue;
    ended.emplace(which->ended_, which);
    bytes += which->now_.result ? which->now_.result->bytes : 0;
  }
  for (const auto& [since, which] : ended) {
    if (bytes <= result_bytes_limit && now - since <= result_lifetime)
      break;
    const auto result = which->look().result;
    bytes -= result ? result->bytes : 0;
    all_.erase(which->id());
  }
}

void statements::stop() {
  {
    const std::lock_guard guard{lock_};
    stopping_ = true;
    for (const auto& [id, which] : all_)
      cancel(which);
  }
  stopping_changed_.notify_all();
  workers_.stop();
}

} // namespace lakegate::sandbox
