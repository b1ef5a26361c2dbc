#pragma once

#include "shared/postgres/src/handles.hpp"

#include <lakegate/postgres/connection.hpp>

#include <chrono>

namespace lakegate::postgres {

using steady = std::chrono::steady_clock;

struct connection::session {
  pgconn_ptr handle;
};

/// Waits until `socket` has one of `events` (poll(2)). False: the deadline passed, or
/// `interrupt` became readable first.
bool wait_until(int socket, short events, steady::time_point deadline,
                int interrupt = -1);

/// True if libpq can carry it: valid UTF-8 without NUL, at which libpq would cut it.
bool is_sendable(const parameter& x) noexcept;

} // namespace lakegate::postgres
