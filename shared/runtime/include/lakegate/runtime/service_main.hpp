#pragma once

#include <lakegate/runtime/settings.hpp>

#include <caf/expected.hpp>
#include <prometheus/registry.h>

#include <chrono>
#include <functional>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

namespace lakegate::runtime {

/// A part of a process that runs until it is stopped: one actor system with all its
/// actors. Its constructor starts it, `stop` ends it in order, its destructor at once.
class running_part {
public:
  virtual ~running_part() = default;
  /// Stops accepting work, finishes what is in flight, flushes; returns within `limit`.
  virtual void stop(std::chrono::milliseconds limit) = 0;
  /// Can it serve? Asked for `/health/ready` on an admin thread, so it must not block.
  virtual bool is_ready() const = 0;
};

using running_parts = std::vector<std::unique_ptr<running_part>>;

/// Starts the parts of a process; an error, returned or thrown, is the one sentence that
/// ends the start (exit 1).
using start_function = std::function<caf::expected<running_parts>(
    const settings&, const std::shared_ptr<prometheus::Registry>&)>;

/// Starts a process of one part, which is made of the configuration that `read` finds.
template <class Part, class Config>
start_function start_one(caf::expected<Config> (*read)(const settings&)) {
  return [read](const settings& values,
                const std::shared_ptr<prometheus::Registry>& registry)
             -> caf::expected<running_parts> {
    auto config = read(values);
    if (!config)
      return std::move(config.error());
    running_parts result;
    result.push_back(std::make_unique<Part>(std::move(*config), registry));
    return result;
  };
}

/// All that differs between the processes.
struct program {
  std::string_view name;    ///< `lakegate-catalog`
  std::string_view purpose; ///< One line for `--help`.
  /// A row of its own for `admin.port`, `log.level` … replaces the common one.
  std::vector<setting> table;
  start_function start;
  std::chrono::milliseconds stop_limit = std::chrono::seconds{10};
  /// After the signal; whatever hangs by then is ended with it, before the platform,
  /// which gives 15 s, kills the process without a word.
  std::chrono::milliseconds watchdog = std::chrono::seconds{14};
};

/// The whole of a `main`: settings (`--help`, `--version`, `--print-config`,
/// `--print-env-example`), log, metrics and admin port (`admin.*` and `log.*` settings
/// are added to the table), no core dumps, as many descriptors as the system allows,
/// signals blocked before any thread exists, start, wait for SIGTERM, SIGINT or SIGHUP,
/// stop the parts from the last to the first within `stop_limit`, of which each has at
/// least a tenth. Exit status: 0, 1 for a wrong setting or failed start (one sentence on
/// standard error), 70 when a supervisor gave up or the watchdog had to end the process.
int service_main(int argc, char** argv, const program& what);

/// Of the build, e.g. `0.1.0`.
std::string_view version() noexcept;

} // namespace lakegate::runtime
