#pragma once

#include <lakegate/runtime/wire.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace lakegate::runtime {

/// Puts chunks together again, bounded in bytes a message and in bytes of all unfinished.
class chunk_assembler {
public:
  explicit chunk_assembler(std::size_t max_message_bytes)
      : max_message_{max_message_bytes}, max_open_{wire::chunk_mix * max_message_bytes} {}

  enum class state { more, complete, refused };
  struct outcome {
    state what = state::more;
    std::string bytes; ///< If complete.
  };

  /// Refused: too large, too many unfinished, or not the chunk that must come next. What
  /// came of it before is dropped then.
  outcome add(std::uint64_t id, std::uint64_t offset, std::uint64_t total,
              const std::string& bytes);

  void drop(std::uint64_t id);
  bool is_empty() const noexcept { return open_.empty(); }

private:
  struct unfinished {
    std::string bytes;
    std::uint64_t total = 0;
  };

  std::size_t max_message_;
  std::size_t max_open_;
  std::uint64_t open_bytes_ = 0; ///< The sum of all totals.
  std::map<std::uint64_t, unfinished> open_;
};

} // namespace lakegate::runtime
