#include "services/model-serving/src/journal.hpp"

#include <lakegate/runtime/log.hpp>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

// The writing half of the journal: room, frames, files. All of it but the first four
// functions runs on the writer's thread.
namespace lakegate::model_serving {

journal_room_ptr journal::try_reserve(std::uint64_t bytes) {
  std::lock_guard guard{mutex_};
  return ledger_->room < bytes ? nullptr : set_aside(bytes);
}

journal_room_ptr journal::set_aside(std::uint64_t bytes) {
  auto result = std::make_shared<journal_room>(ledger_, bytes);
  ledger_->outstanding += bytes;
  ledger_->room -= bytes;
  return result;
}

void journal::reserve(std::uint64_t bytes, std::function<void(journal_room_ptr)> done) {
  {
    std::lock_guard guard{mutex_};
    if (writer_stops_)
      return;
    reserves_.push_back({bytes, std::move(done)});
  }
  writer_wakes_.notify_one();
}

void journal::append(std::string frame, std::function<std::string()> fallback,
                     const journal_room_ptr& room, std::function<void(outcome)> done) {
  {
    std::lock_guard guard{mutex_};
    if (writer_stops_)
      return;
    appends_.push_back(
        {std::move(frame), std::move(fallback), room->spend(), std::move(done)});
  }
  writer_wakes_.notify_one();
}

void journal::write_loop() {
  std::unique_lock lock{mutex_};
  for (;;) {
    writer_wakes_.wait(lock, [this] {
      return writer_stops_ || !appends_.empty() || !reserves_.empty();
    });
    if (appends_.empty() && reserves_.empty())
      return;
    auto appends = std::exchange(appends_, {});
    auto reserves = std::exchange(reserves_, {});
    lock.unlock();
    if (!appends.empty())
      write_all(std::move(appends));
    for (auto& x : reserves)
      x.done(make_room(x.bytes));
    lock.lock();
  }
}

void journal::write_all(std::vector<append_item> items) {
  std::vector<outcome> outcomes;
  std::vector<std::string_view> pieces;
  std::uint64_t used = 0;
  std::uint64_t offset = 0;
  {
    std::lock_guard guard{mutex_};
    if (!current_ || written_ >= config_.segment_bytes)
      rotate(0);
    for (auto& x : items) {
      outcomes.push_back(place(x));
      if (outcomes.back() != outcome::failed) {
        pieces.push_back(x.frame);
        used += pieces.back().size();
      }
    }
    offset = written_;
  }
  auto ok =
      pieces.empty()
      || (current_->write(offset, pieces) && (!config_.sync_always || current_->sync()));
  if (!ok)
    log::error("journal_write_failed", {{"reason", std::strerror(errno)}});
  bool is_first_unsynced = false;
  {
    std::lock_guard guard{mutex_};
    if (ok && !pieces.empty()) {
      written_ += used;
      records_ += pieces.size();
      if (!config_.sync_always
          && std::find(unsynced_.begin(), unsynced_.end(), current_) == unsynced_.end()) {
        unsynced_.push_back(current_);
        is_first_unsynced = unsynced_.size() == 1;
      }
    }
    for (const auto& x : items)
      ledger_->outstanding -= x.reserved;
    settle_room();
  }
  // Later writes are synced with the first one, when its time has come.
  if (is_first_unsynced)
    keeper_wakes_.notify_one();
  for (std::size_t i = 0; i < items.size(); ++i)
    items[i].done(ok ? outcomes[i] : outcome::failed);
}

/// Sets aside what `item` needs beyond `reserved`; else puts its fallback in place.
journal::outcome journal::place(append_item& item) {
  if (!current_)
    return outcome::failed;
  if (item.frame.size() > item.reserved) {
    auto extra = item.frame.size() - item.reserved;
    if (ledger_->room < extra && !grow(extra)) {
      item.frame = item.fallback ? item.fallback() : std::string{};
      return !item.frame.empty() && item.frame.size() <= item.reserved
                 ? outcome::fallback_written
                 : outcome::failed;
    }
    item.reserved += extra;
    ledger_->outstanding += extra;
    settle_room();
  }
  return outcome::written;
}

journal_room_ptr journal::make_room(std::uint64_t bytes) {
  std::lock_guard guard{mutex_};
  auto ok = current_ ? ledger_->room >= bytes || grow(bytes) : rotate(bytes);
  set_full(!ok);
  return ok ? set_aside(bytes) : nullptr;
}

void journal::set_full(bool now) {
  if (std::exchange(full_, now) != now)
    log::event(now ? log::level::error : log::level::info,
               now ? "journal_full" : "journal_has_room_again", {{"bytes", bytes_}});
}

/// Preallocates more of the current file: a segment's worth, or what is needed.
bool journal::grow(std::uint64_t bytes) {
  auto needed = written_ + ledger_->outstanding + bytes;
  for (auto end : {std::max(needed, allocated_ + config_.segment_bytes), needed}) {
    if (bytes_ + end - allocated_ > config_.max_bytes || !current_->allocate(end))
      continue;
    bytes_ += end - allocated_;
    allocated_ = end;
    settle_room();
    return true;
  }
  return false;
}

/// Goes on in a new file that has place for all that is set aside and `at_least` more; in
/// the old one if there is no room for it.
bool journal::rotate(std::uint64_t at_least) {
  auto unused = allocated_ - written_;
  auto needed = ledger_->outstanding + at_least;
  std::shared_ptr<journal_segment> fresh;
  std::uint64_t size = 0;
  for (auto x : {std::max(needed, config_.segment_bytes), needed}) {
    if (fresh || x == 0 || bytes_ - unused + x > config_.max_bytes)
      continue;
    fresh = journal_segment::create(config_.directory, next_number_, x);
    size = x;
  }
  if (!fresh)
    return false;
  if (current_ && written_ > 0) {
    current_->truncate(written_);
    sealed_.emplace(current_->number(), sealed{current_, written_});
  } else if (current_) {
    current_->remove();
  }
  if (config_.sync_always)
    sync_directory(config_.directory);
  bytes_ += size - unused;
  ++next_number_;
  current_ = std::move(fresh);
  written_ = 0;
  allocated_ = size;
  settle_room();
  return true;
}

} // namespace lakegate::model_serving
