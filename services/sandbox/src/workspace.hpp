#pragma once

#include "services/sandbox/src/config.hpp"

#include <lakegate/runtime/service_main.hpp>

#include <chrono>
#include <cstdint>
#include <memory>

namespace lakegate::sandbox {

/// A whole sandbox workspace: seeded PostgreSQL, fitted models, HTTP server.
class workspace final : public runtime::running_part {
public:
  /// Waits for PostgreSQL, brings it to its state and listens. Throws std::runtime_error
  /// with a sentence if that can't be done.
  explicit workspace(const config& from);
  ~workspace() override;

  std::uint16_t port() const; ///< The real one, when 0 was asked for.

  void stop(std::chrono::milliseconds limit) override;
  bool is_ready() const override;

private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

} // namespace lakegate::sandbox
