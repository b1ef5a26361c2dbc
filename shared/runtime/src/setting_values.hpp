#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

/// How the values of settings are written.
namespace lakegate::runtime {

std::optional<std::int64_t> parse_integer(std::string_view text) noexcept;
std::optional<bool> parse_flag(std::string_view text) noexcept;
/// `250ms`, `30s`, `5min`, `1h`; a bare number is seconds. Never negative.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) noexcept;

} // namespace lakegate::runtime
