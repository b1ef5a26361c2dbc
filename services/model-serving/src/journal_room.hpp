#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>

namespace lakegate::model_serving {

/// What of a journal's preallocated bytes is set aside. Shared with those who hold room,
/// since they may outlive the journal.
struct journal_ledger {
  std::mutex mutex;
  std::uint64_t outstanding = 0; ///< Set aside for records that are not yet written.
  std::uint64_t room = 0;        ///< What can still be set aside at once.
};

/// Bytes of a journal that are set aside for one record. They return when the last one
/// who holds them lets go without a record in their place: also when an actor dies, or a
/// message on its way to one is dropped.
class journal_room {
public:
  /// Of bytes that `ledger` counts as outstanding.
  journal_room(std::shared_ptr<journal_ledger> ledger, std::uint64_t bytes) noexcept
      : ledger_{std::move(ledger)}, bytes_{bytes} {}
  ~journal_room() {
    std::lock_guard guard{ledger_->mutex};
    ledger_->outstanding -= bytes_;
    ledger_->room += bytes_;
  }
  journal_room(const journal_room&) = delete;
  journal_room& operator=(const journal_room&) = delete;

  /// For the journal, which holds the ledger's mutex: the bytes are its own to return.
  std::uint64_t spend() noexcept { return std::exchange(bytes_, 0); }

private:
  std::shared_ptr<journal_ledger> ledger_;
  std::uint64_t bytes_;
};

/// Shared, since CAF may copy a message.
using journal_room_ptr = std::shared_ptr<journal_room>;

} // namespace lakegate::model_serving
