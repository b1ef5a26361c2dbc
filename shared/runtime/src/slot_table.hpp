#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace lakegate::runtime {

/// Values under ids that are never given out twice (generation : slot), so that a late
/// answer can't be taken for another's. Ids are never 0 and fit into 60 bits, as CAF's
/// message ids do. Scans are linear in the largest size there was.
template <class T>
class slot_table {
public:
  std::uint64_t insert(T value) {
    std::uint32_t slot;
    if (free_.empty()) {
      slot = static_cast<std::uint32_t>(slots_.size());
      slots_.emplace_back();
    } else {
      slot = free_.back();
      free_.pop_back();
    }
    auto& x = slots_[slot];
    x.value.emplace(std::move(value));
    ++size_;
    return x.generation << slot_bits | slot;
  }

  /// Null if the id was taken. Valid until the next insert.
  T* find(std::uint64_t id) noexcept {
    auto slot = id & slot_mask;
    if (slot >= slots_.size() || !slots_[slot].value
        || slots_[slot].generation != id >> slot_bits)
      return nullptr;
    return &*slots_[slot].value;
  }

  std::optional<T> take(std::uint64_t id) {
    auto* found = find(id);
    if (found == nullptr)
      return std::nullopt;
    std::optional<T> result{std::move(*found)};
    auto& x = slots_[id & slot_mask];
    x.value.reset();
    x.generation = (x.generation + 1) & generation_mask;
    if (x.generation == 0)
      x.generation = 1;
    free_.push_back(static_cast<std::uint32_t>(id & slot_mask));
    --size_;
    return result;
  }

  /// The ids of all values that `claim` holds for.
  template <class F>
  std::vector<std::uint64_t> ids_where(F claim) const {
    std::vector<std::uint64_t> result;
    for (std::size_t i = 0; i < slots_.size(); ++i)
      if (slots_[i].value && claim(*slots_[i].value))
        result.push_back(slots_[i].generation << slot_bits | i);
    return result;
  }

  std::size_t size() const noexcept { return size_; }

private:
  static constexpr unsigned slot_bits = 24;
  static constexpr std::uint64_t slot_mask = (1u << slot_bits) - 1;
  static constexpr std::uint64_t generation_mask = (std::uint64_t{1} << 36) - 1;

  struct slot_entry {
    std::optional<T> value;
    std::uint64_t generation = 1;
  };

  std::vector<slot_entry> slots_;
  std::vector<std::uint32_t> free_;
  std::size_t size_ = 0;
};

} // namespace lakegate::runtime
