#include "shared/postgres/src/worker.hpp"

#include <lakegate/runtime/log.hpp>

#include <algorithm>
#include <array>

#include <poll.h>
#include <pthread.h>

namespace lakegate::postgres {

namespace {

using namespace std::chrono_literals;

/// However little time a caller gives, an answer may take this long before the connection
/// is thrown away, or one impatient caller could cost all others theirs. The caller
/// itself is answered in time by the actor.
constexpr auto minimal_patience = 100ms;

/// What PostgreSQL needs to report its own statement_timeout.
constexpr auto grace = 500ms;

} // namespace

worker::worker(const database_config& config, std::shared_ptr<channel> shared,
               std::size_t index)
    : config_{config}, channel_{std::move(shared)}, index_{index},
      random_{std::random_device{}()}, thread_{[this] { run(); }} {
  ::pthread_setname_np(thread_.native_handle(), "postgres");
}

worker::~worker() {
  channel_->stop();
  thread_.join();
}

void worker::run() {
  while (!channel_->is_stopping()) {
    if (pipeline_)
      step();
    else
      connect();
  }
  if (pipeline_)
    lose({"", "the process is stopping", "", ""});
}

void worker::step() {
  if (is_due_for_renewal() && pipeline_->in_flight() == 0) {
    pipeline_.reset();
    channel_->disconnected(index_);
    return;
  }
  send_what_waits();
  wait_for_events();
  if (socket_is_ready_ || pipeline_->is_broken())
    receive();
  else
    check_deadlines();
}

bool worker::is_due_for_renewal() const {
  return steady::now() >= renew_at_;
}

void worker::send_what_waits() {
  const auto in_flight = pipeline_->in_flight();
  const auto bytes = pipeline_->bytes_in_flight();
  if (is_due_for_renewal() || in_flight >= config_.max_batch
      || (in_flight > 0 && bytes >= config_.max_batch_bytes))
    return;
  auto batch =
      channel_->take(index_, in_flight, config_.max_batch - in_flight,
                     config_.max_batch_bytes - std::min(bytes, config_.max_batch_bytes));
  if (!batch.empty())
    pipeline_->send(std::move(batch));
}

void worker::wait_for_events() {
  auto until = pipeline_->is_broken() ? steady::now() : renew_at_;
  pipeline_->each_job([&](const job& x) { until = std::min(until, limit_of(x)); });
  // A minute bounds the sum below; nothing depends on it.
  const auto left = std::clamp<steady::duration>(until - steady::now(), 0ms, 60s);
  const short events = pipeline_->wants_to_write() ? POLLIN | POLLOUT : POLLIN;
  std::array<pollfd, 3> fds{{{pipeline_->socket(), events, 0},
                             {channel_->waker(index_).descriptor(), POLLIN, 0},
                             {channel_->stopping().descriptor(), POLLIN, 0}}};
  const auto wait = std::chrono::ceil<std::chrono::milliseconds>(left).count();
  ::poll(fds.data(), fds.size(), static_cast<int>(wait));
  if (fds[1].revents != 0)
    channel_->waker(index_).lower();
  if ((fds[0].revents & POLLOUT) != 0)
    pipeline_->flush();
  socket_is_ready_ = (fds[0].revents & ~POLLOUT) != 0;
}

void worker::receive() {
  pipeline::harvest found;
  const bool alive = pipeline_->receive(found);
  settle(std::move(found));
  if (alive)
    check_deadlines();
  else
    lose(pipeline_->reason());
}

void worker::settle(pipeline::harvest found) {
  std::vector<finished_job> answers;
  answers.reserve(found.done.size());
  for (auto& x : found.done)
    answers.push_back(finish(std::move(x)));
  channel_->deliver(std::move(answers));
  if (!found.again.empty())
    channel_->put_back(std::move(found.again));
}

finished_job worker::finish(pipeline::answered x) {
  if (auto* rows = std::get_if<result_ptr>(&x.result))
    return {x.what.id, std::move(*rows), {}};
  const auto& failed = std::get<sql_failure>(x.result);
  const auto code = errc_of(failed, x.what.what->is_write);
  // The message of class 22 quotes the value.
  const bool quotes = failed.sqlstate.starts_with("22");
  log::warn("statement_failed", {{"statement", x.what.what->name},
                                 {"sqlstate", failed.sqlstate},
                                 {"reason", quotes ? "" : failed.message},
                                 {"correlation_id", x.what.correlation_id},
                                 {"traceparent", x.what.traceparent}});
  return {x.what.id, nullptr, make_error(code)};
}

steady::time_point worker::limit_of(const job& x) const {
  const auto patience = x.sent + config_.connection.statement_timeout + grace;
  return std::min(std::max(x.deadline, x.sent + minimal_patience), patience);
}

/// libpq can't give up a single query, and PostgreSQL 15's cancel request blocks: a query
/// past its time costs the connection, and what else was under way goes to the next one.
void worker::check_deadlines() {
  const auto now = steady::now();
  bool is_late = false;
  pipeline_->each_job([&](const job& x) { is_late |= limit_of(x) <= now; });
  if (is_late)
    lose({"", "no answer in time", "", ""});
}

} // namespace lakegate::postgres
