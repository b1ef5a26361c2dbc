#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lakegate {

/// A random UUID (version 4, RFC 9562) from a per-thread PRNG seeded by the system.
/// Unique, not unguessable: never a secret.
std::string make_uuid();

/// A UUID that begins with the milliseconds of `t` (version 7, RFC 9562, 5.7): keys made
/// one after another lie side by side in an index, so that a batch of rows touches few of
/// its pages. Otherwise as `make_uuid`.
std::string make_time_ordered_uuid(std::chrono::system_clock::time_point t);

/// A random 64-bit id, never 0.
std::uint64_t make_call_id();

/// A fresh W3C `traceparent` header (version 00, sampled).
std::string make_traceparent();

/// The `traceparent` to send on: same trace id and flags as `incoming`, a parent id of
/// our own. A malformed or absent `incoming` starts a new trace (W3C Trace Context, 3.2).
std::string continue_traceparent(std::string_view incoming);

/// RFC 3339, UTC, milliseconds, `Z`: `2026-11-22T12:00:00.123Z`.
std::string to_rfc3339(std::chrono::system_clock::time_point t);

/// Reads RFC 3339 with any offset and up to nanoseconds; nothing if malformed. A time
/// that the clock can't hold (before 1677, after 2262) becomes the nearest one that it
/// can.
std::optional<std::chrono::system_clock::time_point> parse_rfc3339(std::string_view text);

} // namespace lakegate
