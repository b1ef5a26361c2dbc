#pragma once

#include <lakegate/contracts/databricks.hpp>

#include <atomic>
#include <memory>

namespace lakegate::catalog {

/// How the workspace and the warehouse were when they were last asked. Written by the
/// actors that call them, read by the one that answers `get_status`; thread safe.
class health {
public:
  explicit health(bool has_warehouse, bool has_workspace = true)
      : has_warehouse_{has_warehouse}, workspace_{has_workspace ? state::unknown
                                                                : state::not_configured} {
  }

  /// Any answer of the workspace, a refusal included, shows that it is there.
  void workspace_answered() noexcept { workspace_ = state::up; }
  void workspace_failed(databricks::failure_kind why) noexcept;
  void warehouse_answered() noexcept { warehouse_ = state::up; }
  void warehouse_failed() noexcept { warehouse_ = state::down; }

  /// Components `workspace` and `warehouse`.
  service_status status() const;

private:
  enum class state { unknown, up, down, not_configured };

  bool has_warehouse_;
  std::atomic<state> workspace_;
  std::atomic<state> warehouse_{state::unknown};
};
using health_ptr = std::shared_ptr<health>;

} // namespace lakegate::catalog
