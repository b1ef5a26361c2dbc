#pragma once

#include <lakegate/runtime/wire.hpp>

#include <algorithm>
#include <deque>
#include <optional>
#include <utility>

namespace lakegate::runtime {

/// Cuts frames that are too large for one message. `wire::chunk_mix` of them take turns,
/// chunk by chunk; the others wait, so that the receiver never holds more unfinished
/// ones. Only `wire::chunk_window` chunks are under way at a time: what is sent between
/// them never waits behind more than those.
template <class Chunk>
class chunk_sender {
public:
  using frame = decltype(Chunk::part);

  void push(frame whole) { waiting_.push_back({std::move(whole), 0}); }

  /// The next chunk if there is one and room for it.
  std::optional<Chunk> next() {
    if (waiting_.empty() || under_way_ >= wire::chunk_window)
      return std::nullopt;
    auto x = std::move(waiting_.front());
    waiting_.pop_front();
    Chunk result;
    result.part = copy_head(x.whole);
    result.part.bytes = x.whole.bytes.substr(x.offset, wire::chunk_bytes);
    result.offset = x.offset;
    result.total = x.whole.bytes.size();
    x.offset += result.part.bytes.size();
    if (x.offset < result.total) {
      auto behind = std::min<std::size_t>(waiting_.size(), wire::chunk_mix - 1);
      waiting_.insert(waiting_.begin() + static_cast<std::ptrdiff_t>(behind),
                      std::move(x));
    }
    ++under_way_;
    return result;
  }

  /// One chunk arrived.
  void acknowledged() noexcept {
    if (under_way_ > 0)
      --under_way_;
  }

  /// Sends no more of this one.
  void drop(std::uint64_t id) {
    std::erase_if(waiting_, [&](const transfer& x) { return x.whole.id == id; });
  }

  /// Something waits, or is not acknowledged.
  bool is_busy() const noexcept { return !waiting_.empty() || under_way_ > 0; }

  void clear() {
    waiting_.clear();
    under_way_ = 0;
  }

private:
  struct transfer {
    frame whole;
    std::uint64_t offset = 0;
  };

  static wire::command_frame copy_head(const wire::command_frame& x) {
    return {x.id, x.kind, x.budget, {}};
  }
  static wire::reply_frame copy_head(const wire::reply_frame& x) {
    return {x.id, x.kind, {}, x.report};
  }

  std::deque<transfer> waiting_;
  std::size_t under_way_ = 0;
};

} // namespace lakegate::runtime
