#include "services/model-serving/src/journal.hpp"

#include "services/model-serving/src/rejected_rows.hpp"

#include <lakegate/core/errors.hpp>
#include <lakegate/runtime/log.hpp>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace lakegate::model_serving {

namespace {

caf::error sentence(std::string text) {
  return lakegate::make_error(
      failure{errc::internal_error, std::move(text), {}, caf::none});
}

} // namespace

caf::expected<std::unique_ptr<journal>> journal::open(journal_config config) {
  std::unique_ptr<journal> result{new journal{std::move(config)}};
  if (auto fault = result->start())
    return fault;
  return result;
}

caf::error journal::start() {
  auto name = config_.directory.string();
  std::error_code fault;
  if (std::filesystem::create_directories(config_.directory, fault))
    std::filesystem::permissions(config_.directory, std::filesystem::perms::owner_all,
                                 fault);
  if (fault)
    return sentence("The journal directory " + name
                    + " can't be created: " + fault.message() + ".");
  lock_descriptor_ =
      ::open((config_.directory / "lock").c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600);
  if (lock_descriptor_ < 0)
    return sentence("The journal directory " + name
                    + " is not writable: " + std::strerror(errno) + ".");
  if (::flock(lock_descriptor_, LOCK_EX | LOCK_NB) != 0)
    return sentence("The journal directory " + name
                    + " is in use by another process; set LAKEGATE_JOURNAL_DIR to one of "
                      "its own for each replica.");
  recover();
  writer_ = std::thread{[this] { write_loop(); }};
  keeper_ = std::thread{[this] { keep_loop(); }};
  return {};
}

void journal::recover() {
  for (const auto& path : journal_segment::list(config_.directory)) {
    auto found = journal_segment::recover(path);
    if (!found.segment) {
      log::error("journal_segment_unreadable", {{"file", path.filename().string()}});
      continue;
    }
    auto number = found.segment->number();
    next_number_ = std::max(next_number_, number + 1);
    if (found.torn_bytes > 0)
      log::warn("journal_tail_dropped",
                {{"segment", number}, {"bytes", found.torn_bytes}});
    if (found.records == 0) {
      found.segment->remove();
      continue;
    }
    bytes_ += found.end;
    records_ += found.records;
    sealed_.emplace(number, sealed{std::move(found.segment), found.end});
  }
  if (records_ > 0)
    log::info("journal_recovered", {{"records", records_}, {"bytes", bytes_}});
}

journal::~journal() {
  close();
}

void journal::close() {
  if (writer_.joinable()) {
    {
      std::lock_guard guard{mutex_};
      writer_stops_ = true;
    }
    writer_wakes_.notify_one();
    writer_.join();
    {
      std::lock_guard guard{mutex_};
      keeper_stops_ = true;
    }
    keeper_wakes_.notify_one();
    keeper_.join();
    tidy_up();
  }
  if (lock_descriptor_ >= 0)
    ::close(std::exchange(lock_descriptor_, -1));
}

/// Leaves nothing behind of which all is in the table.
void journal::tidy_up() {
  if (!current_)
    return;
  if (committed_ >= end_locked())
    current_->remove();
  else
    current_->truncate(written_);
}

journal_position journal::begin() const {
  std::lock_guard guard{mutex_};
  auto first = current_ ? current_->number() : next_number_;
  if (!sealed_.empty())
    first = sealed_.begin()->first;
  return std::max(committed_, journal_position{first, 0});
}

journal_position journal::end() const {
  std::lock_guard guard{mutex_};
  return end_locked();
}

journal_position journal::end_locked() const {
  if (current_)
    return {current_->number(), written_};
  if (!sealed_.empty())
    return {sealed_.rbegin()->first, sealed_.rbegin()->second.end};
  return std::max(committed_, journal_position{next_number_, 0});
}

journal::state journal::get_state() const {
  std::lock_guard guard{mutex_};
  return {records_, bytes_, full_};
}

void journal::read(journal_position from, std::size_t max_records,
                   std::uint64_t max_bytes, std::function<void(journal_batch)> done) {
  run_on_keeper([this, from, max_records, max_bytes, done = std::move(done)] {
    done(read_now(from, max_records, max_bytes));
  });
}

void journal::commit(journal_position upto, std::size_t records) {
  {
    // At once, so that whoever asks for the state next does not count them any more.
    std::lock_guard guard{mutex_};
    records_ -= std::min<std::uint64_t>(records_, records);
  }
  run_on_keeper([this, upto] { commit_now(upto); });
}

void journal::reject(log_record x, std::function<void(bool)> done) {
  run_on_keeper(
      [this, x = std::move(x), done = std::move(done)] { done(reject_now(x)); });
}

void journal::run_on_keeper(std::function<void()> job) {
  {
    std::lock_guard guard{mutex_};
    if (keeper_stops_)
      return;
    jobs_.push_back(std::move(job));
  }
  keeper_wakes_.notify_one();
}

void journal::keep_loop() {
  using clock = std::chrono::steady_clock;
  std::unique_lock lock{mutex_};
  auto due = clock::time_point::max();
  for (;;) {
    auto is_called = [this] { return keeper_stops_ || !jobs_.empty(); };
    if (unsynced_.empty())
      keeper_wakes_.wait(lock, [&] { return is_called() || !unsynced_.empty(); });
    if (!unsynced_.empty() && due == clock::time_point::max())
      due = clock::now() + config_.sync_interval;
    if (!unsynced_.empty())
      keeper_wakes_.wait_until(lock, due, is_called);
    if (!jobs_.empty()) {
      auto job = std::move(jobs_.front());
      jobs_.pop_front();
      lock.unlock();
      job();
      lock.lock();
    }
    if (!unsynced_.empty() && (keeper_stops_ || clock::now() >= due)) {
      auto segments = std::exchange(unsynced_, {});
      due = clock::time_point::max();
      lock.unlock();
      for (auto& x : segments)
        if (!x->sync())
          log::error("journal_sync_failed", {{"reason", std::strerror(errno)}});
      sync_directory(config_.directory);
      lock.lock();
    }
    if (keeper_stops_ && jobs_.empty() && unsynced_.empty())
      return;
  }
}

journal_batch journal::read_now(journal_position from, std::size_t max_records,
                                std::uint64_t max_bytes) const {
  std::vector<sealed> extents;
  journal_position last;
  {
    std::lock_guard guard{mutex_};
    last = end_locked();
    for (auto x = sealed_.lower_bound(from.segment); x != sealed_.end(); ++x)
      extents.push_back(x->second);
    if (current_)
      extents.push_back({current_, written_});
  }
  journal_batch result;
  result.end = from;
  std::uint64_t bytes = 0;
  auto has_place = [&] {
    return result.records.size() < max_records && bytes < max_bytes;
  };
  for (const auto& [segment, end] : extents) {
    if (!has_place())
      break;
    if (segment->number() > result.end.segment)
      result.end = {segment->number(), 0};
    result.end.offset =
        segment->read(result.end.offset, end, [&](log_record x, std::uint64_t size) {
          result.records.push_back(std::move(x));
          bytes += size;
          return has_place();
        });
    if (has_place() && result.end.offset < end) {
      log::error("journal_segment_damaged", {{"segment", segment->number()},
                                             {"bytes_lost", end - result.end.offset}});
      result.end.offset = end;
    }
  }
  if (result.records.empty())
    result.end = std::max(result.end, last);
  return result;
}

void journal::commit_now(journal_position upto) {
  std::vector<std::shared_ptr<journal_segment>> done;
  {
    std::lock_guard guard{mutex_};
    committed_ = std::max(committed_, upto);
    while (!sealed_.empty()) {
      auto& [segment, end] = sealed_.begin()->second;
      if (journal_position{segment->number(), end} > upto)
        break;
      bytes_ -= end;
      done.push_back(std::move(segment));
      sealed_.erase(sealed_.begin());
    }
    // Nobody may ask for room before this is known: a service that is not ready gets no
    // work.
    if (!done.empty())
      set_full(false);
  }
  for (auto& x : done)
    x->remove();
}

bool journal::reject_now(const log_record& x) const {
  const auto is_kept = append_rejected_row(config_.directory / "rejected", x);
  if (!is_kept)
    log::error("journal_reject_failed",
               {{"request_id", x.request_id}, {"reason", std::strerror(errno)}});
  return is_kept;
}

} // namespace lakegate::model_serving
