#pragma once

#include <lakegate/runtime/settings.hpp>

#include <prometheus/registry.h>

#include <chrono>
#include <functional>
#include <memory>
#include <string_view>
#include <vector>

namespace lakegate::runtime {

/// A part of a process that runs until it is stopped: one actor system with all its
/// actors. Its constructor starts it, `stop` ends it in order, its destructor at once.
class running_part {
public:
  virtual ~running_part() = default;
  /// Stops accepting work, finishes what is in flight, flushes; returns within `limit`.
  virtual void stop(std::chrono::milliseconds limit) = 0;
  /// Can it serve? JSON body for `/health/ready`. Must not block: called from admin
  /// threads.
  virtual bool is_ready() const = 0;
};

/// All that differs between the processes.
struct program {
  std::string_view name;    ///< `lakegate-catalog`
  std::string_view purpose; ///< One line for `--help`.
  std::vector<setting> table;
  /// Starts the parts; an error is the one sentence that ends the start (exit 1).
  std::function<caf::expected<std::vector<std::unique_ptr<running_part>>>(
      const settings&, const std::shared_ptr<prometheus::Registry>&)>
      start;
};

/// The whole of a `main`: settings (`--help`, `--print-config`, `--version`), log,
/// metrics and admin port (`admin.*` settings are added to the table), signals blocked
/// before any thread exists, start, wait for SIGTERM or SIGINT, stop within 10 s under a
/// watchdog of 15 s. Exit status: 0, 1 for a wrong setting or failed start, 70 when a
/// supervisor gave up.
int service_main(int argc, char** argv, const program& what);

/// Ends the process with status 70 after flushing the log: a supervisor gave up, so that
/// the platform restarts the process whole.
[[noreturn]] void give_up(std::string_view reason);

} // namespace lakegate::runtime
