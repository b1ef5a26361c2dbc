#pragma once

#include <cstdint>
#include <string_view>

namespace lakegate::sandbox {

/// FNV-1a, 64 bits; `hash` continues an earlier one.
constexpr std::uint64_t fnv1a(std::string_view text,
                              std::uint64_t hash = 14695981039346656037ULL) noexcept {
  for (const auto c : text)
    hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  return hash;
}

} // namespace lakegate::sandbox
