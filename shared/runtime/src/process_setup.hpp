#pragma once

#include <chrono>

#include <signal.h>

/// What a process of ours does to itself, apart from what it serves.
namespace lakegate::runtime {

/// SIGTERM, SIGINT, SIGHUP: they all end the process in order.
sigset_t stop_signals() noexcept;

/// Blocks `stop_signals` in this thread and all that it starts, ignores SIGPIPE, allows
/// no core dump and no ptrace by the same user (both would show tokens), and raises the
/// limit of descriptors to the hard one. Called before any thread exists.
void set_up_process() noexcept;

/// Waits for one of `stop_signals`; its number.
int wait_for_stop_signal() noexcept;

/// From now on the process has `limit` to end; then it is ended with `exit_gave_up`.
void start_watchdog(std::chrono::milliseconds limit);

inline constexpr int exit_failure = 1;
inline constexpr int exit_gave_up = 70; ///< EX_SOFTWARE of sysexits(3).

} // namespace lakegate::runtime
