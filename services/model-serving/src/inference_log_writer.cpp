#include "services/model-serving/src/inference_log_state.hpp"

#include "services/model-serving/src/log_rows.hpp"
#include "services/model-serving/src/sql.hpp"

#include <lakegate/runtime/log.hpp>

#include <caf/send.hpp>

#include <algorithm>

// From the journal into the table.
namespace lakegate::model_serving {

namespace {

/// True for a failure that says nothing about the rows: the same batch may go later.
bool is_passing(const caf::error& why) {
  switch (failure_of(why).code) {
  case errc::database_unavailable:
  case errc::lakebase_not_configured:
  case errc::overloaded:
  case errc::service_unavailable:
    return true;
  default:
    return false;
  }
}

} // namespace

void inference_log_state::when_flushed(caf::timespan time_left,
                                       std::function<void(caf::error)> done) {
  auto end = journal_->end();
  if (position_ >= end)
    return done({});
  flushes_.push_back({end, self_->clock().now() + time_left, std::move(done)});
  if (phase_ == phase::idle || phase_ == phase::lingering)
    read_batch();
  else if (phase_ == phase::pausing)
    write_next();
}

void inference_log_state::settle_waiters() {
  auto waiting = std::exchange(flushes_, {});
  auto now = self_->clock().now();
  for (auto& x : waiting) {
    if (x.place <= position_)
      x.done({});
    else if (x.deadline < now)
      x.done(make_error(errc::database_unavailable));
    else
      flushes_.push_back(std::move(x));
  }
}

void inference_log_state::fail_waiters(const caf::error& why) {
  for (auto& x : std::exchange(flushes_, {}))
    x.done(is_passing(why) ? make_error(errc::database_unavailable) : why);
}

void inference_log_state::set_timer(phase next, std::chrono::milliseconds after) {
  phase_ = next;
  self_->delayed_send(self_, after, write_log_batch{++generation_});
}

void inference_log_state::on_timer(const write_log_batch& x) {
  if (x.generation != generation_)
    return;
  if (phase_ == phase::lingering)
    read_batch();
  else if (phase_ == phase::pausing)
    write_next();
}

void inference_log_state::read_batch() {
  phase_ = phase::reading;
  journal_->read(position_, config_.batch_records, config_.batch_bytes,
                 [me = inference_log_actor{self_}](journal_batch batch) {
                   caf::anon_send(me, journal_has_read{std::move(batch)});
                 });
}

void inference_log_state::on_batch(journal_batch batch) {
  batch_ = std::move(batch);
  ranges_.clear();
  if (!batch_.records.empty())
    ranges_.push_back({0, batch_.records.size()});
  write_next();
}

/// Writes the last of `ranges_`; when there is none the batch is done.
void inference_log_state::write_next() {
  if (ranges_.empty())
    return finish_batch();
  phase_ = phase::writing;
  ++generation_;
  auto [first, last] = ranges_.back();
  auto rows = std::span{batch_.records}.subspan(first, last - first);
  self_
      ->request(database_, config_.insert_timeout,
                postgres::query{&sql::insert_inference_logs,
                                insert_parameters(rows),
                                config_.insert_timeout,
                                {}})
      .then(
          [this, n = last - first](const postgres::rows_ptr&) {
            counted_->log_rows_written(n);
            pause_ = {};
            ranges_.pop_back();
            write_next();
          },
          [this](const caf::error& why) { on_write_failure(why); });
}

void inference_log_state::on_write_failure(const caf::error& why) {
  counted_->log_write_failed();
  if (!is_passing(why))
    return blame_row_or_table(why);
  fail_waiters(why);
  pause();
}

/// The table refused a batch. Asks whether it takes an empty one: if so the fault is in a
/// row, else in the table (an older form, say), and nothing is thrown away.
void inference_log_state::blame_row_or_table(const caf::error& why) {
  self_
      ->request(database_, config_.insert_timeout,
                postgres::query{&sql::insert_inference_logs,
                                insert_parameters({}),
                                config_.insert_timeout,
                                {}})
      .then([this, why](const postgres::rows_ptr&) { split_or_reject(why); },
            [this](const caf::error& table_fault) {
              log::error("inference_log_table_unusable",
                         {{"reason", to_string(failure_of(table_fault).code)}});
              fail_waiters(table_fault);
              pause();
            });
}

void inference_log_state::split_or_reject(const caf::error& why) {
  auto [first, last] = ranges_.back();
  if (last - first == 1)
    return journal_->reject(batch_.records[first],
                            [me = inference_log_actor{self_}, why](bool is_kept) {
                              caf::anon_send(me, journal_has_rejected{is_kept, why});
                            });
  auto middle = first + (last - first) / 2;
  ranges_.back() = {middle, last};
  ranges_.push_back({first, middle});
  write_next();
}

/// A row that can't be put aside either stays in the journal, and all behind it.
void inference_log_state::on_rejected(const journal_has_rejected& x) {
  if (!x.is_kept) {
    fail_waiters(make_error(errc::database_unavailable));
    return pause();
  }
  const auto& row = batch_.records[ranges_.back().first];
  log::error(
      "inference_log_row_rejected",
      {{"request_id", row.request_id}, {"reason", to_string(failure_of(x.why).code)}});
  counted_->log_row_rejected();
  ranges_.pop_back();
  write_next();
}

void inference_log_state::finish_batch() {
  if (position_ < batch_.end) {
    position_ = batch_.end;
    journal_->commit(position_, batch_.records.size());
  }
  auto is_last = batch_.records.empty();
  batch_ = {};
  report();
  phase_ = phase::idle;
  settle_waiters();
  if (phase_ != phase::idle || is_last || position_ >= journal_->end())
    return;
  if (flushes_.empty())
    set_timer(phase::lingering, config_.linger);
  else
    read_batch();
}

void inference_log_state::pause() {
  pause_ = std::clamp(pause_ * 2, config_.first_pause, config_.longest_pause);
  report();
  set_timer(phase::pausing, pause_);
}

void inference_log_state::report() const {
  auto now = journal_->get_state();
  counted_->journal_is(now.records, now.bytes);
  auto age = std::chrono::milliseconds{0};
  if (!batch_.records.empty())
    age = std::chrono::duration_cast<std::chrono::milliseconds>(
              std::chrono::system_clock::now().time_since_epoch())
          - std::chrono::milliseconds{batch_.records.front().completed_at_ms};
  counted_->journal_oldest(std::max(age, std::chrono::milliseconds{0}));
}

} // namespace lakegate::model_serving
