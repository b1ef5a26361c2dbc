#pragma once

#include <lakegate/databricks/workspace.hpp>

#include "shared/databricks/src/api_breaker.hpp"
#include "shared/databricks/src/metrics.hpp"

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace lakegate::databricks {

/// One REST call, before it has a workspace and a caller.
struct rest_request {
  std::string_view operation; ///< A literal: metric label and log field.
  http::method verb = http::method::get;
  /// Encoded path and query. Empty: a name in it can't be part of any path, so nothing of
  /// that name exists.
  std::string target;
  std::string body;
  std::string_view accept = "application/json";
  std::size_t max_response_bytes = 8 * 1024 * 1024;
  /// A 5xx or silence is that of what it reaches (a model, a warehouse), and no sign of
  /// the workspace.
  bool fails_alone = false;
  bool ignores_breaker = false; ///< Tried even while the API is held back.
};

/// Thread safe; see workspace.hpp in the public headers.
class workspace {
public:
  workspace(workspace_config config, prometheus::Registry& registry);

  bool is_configured() const noexcept { return !config_.host.empty(); }
  const std::string& host() const noexcept { return config_.host; }
  http::client& client() noexcept { return client_; }
  upstream_metrics& metrics() noexcept { return metrics_; }
  /// `api` must be a literal: `unity-catalog`.
  api_breaker& breaker_of(std::string_view api);

  /// Adds host, token, user agent, trace and ids.
  http::request make_request(const call_context& ctx, rest_request what) const;

private:
  workspace_config config_;
  upstream_metrics metrics_;
  prometheus::Registry& registry_;
  std::mutex mutex_;
  std::map<std::string_view, api_breaker> breakers_;
  http::client client_; ///< Its end waits for callbacks, which may use all of the above.
};

/// `lakegate/0.1.0 os/linux`, in the form of the SDKs' (databricks-sdk-go, useragent).
std::string user_agent();

/// Each of `segments` as one percent-encoded path segment behind a slash; empty if one of
/// them is empty, `.` or `..`, since no path can carry that.
std::string join_segments(std::initializer_list<std::string_view> segments);

} // namespace lakegate::databricks
