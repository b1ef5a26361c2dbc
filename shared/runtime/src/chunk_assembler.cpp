#include "shared/runtime/src/chunk_assembler.hpp"

#include <utility>

namespace lakegate::runtime {

chunk_assembler::outcome chunk_assembler::add(std::uint64_t id, std::uint64_t offset,
                                              std::uint64_t total,
                                              const std::string& bytes) {
  auto i = open_.find(id);
  if (i == open_.end() && offset == 0 && total <= max_message_
      && open_bytes_ + total <= max_open_) {
    i = open_.emplace(id, unfinished{{}, total}).first;
    i->second.bytes.reserve(total);
    open_bytes_ += total;
  }
  if (i == open_.end())
    return {state::refused, {}};
  auto& x = i->second;
  if (total != x.total || offset != x.bytes.size() || bytes.empty()
      || bytes.size() > total - offset) {
    drop(id);
    return {state::refused, {}};
  }
  x.bytes += bytes;
  if (x.bytes.size() < total)
    return {state::more, {}};
  outcome result{state::complete, std::move(x.bytes)};
  drop(id);
  return result;
}

void chunk_assembler::drop(std::uint64_t id) {
  auto i = open_.find(id);
  if (i == open_.end())
    return;
  open_bytes_ -= i->second.total;
  open_.erase(i);
}

} // namespace lakegate::runtime
