#pragma once

#include "services/model-serving/src/journal_room.hpp"
#include "services/model-serving/src/journal_segment.hpp"
#include "services/model-serving/src/journal_types.hpp"

#include <caf/expected.hpp>

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace lakegate::model_serving {

/// The inference log on its way to the table: files of one directory that survive the
/// process, each record a frame with length and CRC-32C. Room is set aside first, by
/// preallocating it, so that a record whose model was called always fits.
///
/// Thread safe; two threads of its own: one writes (all that waits in one write), one
/// syncs, reads and deletes. Callbacks run on those threads; they must not block or
/// throw. No CAF inside: the owner turns callbacks
/// into messages.
class journal {
public:
  /// Locks the directory (created if need be), recovers what is in it, starts. The error
  /// is a sentence: not a directory, in use by another process, not writable.
  static caf::expected<std::unique_ptr<journal>> open(journal_config config);

  ~journal(); ///< Closes it.
  journal(const journal&) = delete;
  journal& operator=(const journal&) = delete;

  /// Sets `bytes` aside for one record; null if they are not preallocated already.
  journal_room_ptr try_reserve(std::uint64_t bytes);
  /// The same, preallocating first. Null: the disk or `max_bytes` is full.
  void reserve(std::uint64_t bytes, std::function<void(journal_room_ptr)> done);

  enum class outcome { written, fallback_written, failed };
  /// Writes `frame` into `room`; when it needs more and there is no more, what `fallback`
  /// (may be empty) makes, which must fit. `done` comes when the kernel has it (the disk,
  /// with `sync_always`).
  void append(std::string frame, std::function<std::string()> fallback,
              const journal_room_ptr& room, std::function<void(outcome)> done);

  journal_position begin() const; ///< Of what is not committed.
  journal_position end() const;   ///< Behind the last written record.

  /// Reads records from `from` on, at least one if there is one, until one of the limits
  /// is reached. An empty batch: none are there.
  void read(journal_position from, std::size_t max_records, std::uint64_t max_bytes,
            std::function<void(journal_batch)> done);
  /// The `records` records before `upto` are in the table: files that hold nothing else
  /// are deleted.
  void commit(journal_position upto, std::size_t records);
  /// Keeps a record that the table will not take, in the directory's file `rejected`.
  /// `done` gets false if that can't be: then nothing of it is kept there.
  void reject(log_record x, std::function<void(bool)> done);

  struct state {
    std::uint64_t records = 0; ///< Not committed.
    std::uint64_t bytes = 0;   ///< Of all files.
    bool is_full = false; ///< Setting room aside failed, and no file was deleted since.
  };
  state get_state() const;

  /// Finishes what was handed over, syncs, ends the threads, unlocks the directory.
  /// What is handed over later is dropped, callbacks too. Idempotent.
  void close();

private:
  struct append_item {
    std::string frame;
    std::function<std::string()> fallback;
    std::uint64_t reserved;
    std::function<void(outcome)> done;
  };
  struct reserve_item {
    std::uint64_t bytes;
    std::function<void(journal_room_ptr)> done;
  };
  struct sealed {
    std::shared_ptr<journal_segment> segment;
    std::uint64_t end;
  };

  explicit journal(journal_config config) : config_{std::move(config)} {}
  caf::error start();
  void recover();

  void write_loop();
  void write_all(std::vector<append_item> items);
  outcome place(append_item& item);
  journal_room_ptr make_room(std::uint64_t bytes);
  journal_room_ptr set_aside(std::uint64_t bytes);
  bool grow(std::uint64_t bytes);
  bool rotate(std::uint64_t at_least);
  void set_full(bool now);
  void settle_room() { ledger_->room = allocated_ - written_ - ledger_->outstanding; }

  void keep_loop();
  void run_on_keeper(std::function<void()> job);
  journal_batch read_now(journal_position from, std::size_t max_records,
                         std::uint64_t max_bytes) const;
  void commit_now(journal_position upto);
  bool reject_now(const log_record& x) const;
  journal_position end_locked() const;
  void tidy_up();

  const journal_config config_;
  int lock_descriptor_ = -1;

  const std::shared_ptr<journal_ledger> ledger_ = std::make_shared<journal_ledger>();
  std::mutex& mutex_ = ledger_->mutex; ///< Guards all below but the threads, too.
  std::condition_variable writer_wakes_;
  std::condition_variable keeper_wakes_;
  bool writer_stops_ = false;
  bool keeper_stops_ = false;
  std::vector<append_item> appends_;
  std::vector<reserve_item> reserves_;
  std::deque<std::function<void()>> jobs_;
  std::vector<std::shared_ptr<journal_segment>> unsynced_;
  std::map<std::uint64_t, sealed> sealed_;   ///< By number; all but `current_`.
  std::shared_ptr<journal_segment> current_; ///< Null until room was set aside.
  journal_position committed_;
  std::uint64_t next_number_ = 1;
  std::uint64_t written_ = 0;   ///< End of the last record in `current_`.
  std::uint64_t allocated_ = 0; ///< Preallocated end of `current_`.
  std::uint64_t bytes_ = 0;
  std::uint64_t records_ = 0;
  bool full_ = false;

  std::thread writer_;
  std::thread keeper_;
};

} // namespace lakegate::model_serving
