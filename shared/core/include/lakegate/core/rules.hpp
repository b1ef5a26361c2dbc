#pragma once

#include <lakegate/core/errors.hpp>
#include <lakegate/core/json_view.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The rules of contract.md that more than one process applies: pure functions that
/// append to a list of faults, so that an answer can name all that is wrong at once.
namespace lakegate::rules {

inline constexpr std::int64_t max_limit = 1000;
inline constexpr std::size_t max_key_characters = 255;
inline constexpr std::size_t max_key_bytes = 1020;
inline constexpr std::size_t max_preference_value_bytes = 1024 * 1024;
inline constexpr std::size_t max_identifier_characters = 255;
inline constexpr std::size_t max_filter_conditions = 50;
inline constexpr std::size_t max_filter_members = 1000;
inline constexpr std::size_t max_inputs_bytes = 16 * 1024 * 1024;
inline constexpr std::int64_t max_timeout_seconds = 300;
inline constexpr std::size_t max_token_bytes = 8 * 1024;

/// 1-255 Unicode characters (at most 1,020 bytes), no control character, not blank, no
/// blank at either end, not `.` or `..`.
void check_preference_key(std::string_view field, std::string_view key, faults& found);

/// A catalog, schema, table, column or endpoint name: 1-255 characters of valid UTF-8
/// without control characters.
void check_identifier(std::string_view field, std::string_view name, faults& found);

void check_limit(std::string_view field, std::int64_t limit, faults& found); ///< 1-1000.
void check_offset(std::string_view field, std::int64_t offset, faults& found); ///< >= 0.

/// A number of a query string: decimal digits only, fits 63 bits. Digits behind a `-`
/// give a negative number, so that the range check that must follow names the range
/// instead of the syntax. Nothing, and a fault, otherwise.
std::optional<std::int64_t> parse_number(std::string_view field, std::string_view text,
                                         faults& found);

/// True if `text` is 1-128 of `A-Za-z0-9._-`.
bool is_correlation_id(std::string_view text) noexcept;

/// True if `text` is well-formed UTF-8.
bool is_utf8(std::string_view text) noexcept;

/// Unicode characters in valid UTF-8.
std::size_t count_characters(std::string_view text) noexcept;

} // namespace lakegate::rules
