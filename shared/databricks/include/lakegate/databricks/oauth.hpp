#pragma once

#include <lakegate/core/access_token.hpp>
#include <lakegate/http/client.hpp>
#include <lakegate/runtime/settings.hpp>

#include <caf/expected.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace lakegate::databricks {

/// Gives a valid token; may block up to the given time. Safe on any thread that may block
/// (a connection thread, never an actor). Errors carry an `upstream_failure`.
using token_source =
    std::function<caf::expected<access_token>(std::chrono::milliseconds deadline)>;

/// A service principal of a workspace, and the database it signs in to.
struct service_principal {
  std::string host; ///< `https://host[:port]`
  std::string client_id;
  access_token client_secret;
  std::string lakebase_instance; ///< Provisioned Lakebase; may be empty.
  std::string lakebase_endpoint; ///< Autoscaling: `projects/…/endpoints/…`; may be empty.
};

/// DATABRICKS_CLIENT_ID, DATABRICKS_CLIENT_SECRET, LAKEBASE_INSTANCE_NAME and
/// LAKEBASE_ENDPOINT. The host is workspace_settings' own.
std::vector<runtime::setting> service_principal_settings();
/// Nothing but `host` is checked: `is_complete` says whether there is a principal at all.
service_principal read_service_principal(std::string host,
                                         const runtime::settings& values);
bool is_complete(const service_principal& who) noexcept;

/// The workspace's OAuth token of `who` (M2M, POST /oidc/v1/token). One request at a
/// time; renewed ahead, when min(lifetime / 2, 20 min) is left, without blocking anybody;
/// blocks only while there is no valid token. A failed renewal is repeated after a minute
/// at the earliest while the old token is valid.
token_source make_workspace_token_source(std::shared_ptr<http::client> client,
                                         service_principal who);

/// The password for PostgreSQL: a credential of Lakebase's own API where an instance or
/// endpoint is named, else the workspace token itself.
token_source make_database_password_source(std::shared_ptr<http::client> client,
                                           service_principal who);

} // namespace lakegate::databricks
