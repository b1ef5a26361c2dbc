#pragma once

#include <lakegate/core/access_token.hpp>
#include <lakegate/databricks/workspace.hpp>
#include <lakegate/runtime/settings.hpp>

#include <caf/expected.hpp>

#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace lakegate::databricks {

/// Gives a valid token; blocks up to `limit`, and only while it has none. `fresh`: the
/// last one was refused, so one that is remembered will not do. Thread safe; for threads
/// that may block (a connection's), never for an actor. Errors carry an
/// `upstream_failure`. Fits `postgres::function_password`.
using token_source = std::function<caf::expected<access_token>(
    std::chrono::milliseconds limit, bool fresh)>;

/// A service principal of the workspace, and the database that it signs in to.
struct service_principal {
  std::string client_id;
  access_token client_secret;
  std::string lakebase_instance; ///< Provisioned Lakebase; may be empty.
  std::string lakebase_endpoint; ///< Autoscaling: `projects/…/endpoints/…`; may be empty.

  /// False: there is none, and nothing here can give a token.
  bool exists() const noexcept { return !client_id.empty() && !client_secret.empty(); }
};

/// DATABRICKS_CLIENT_ID, DATABRICKS_CLIENT_SECRET and LAKEBASE_ENDPOINT. The instance is
/// a setting of `postgres::database_settings`. Without DATABRICKS_HOST nobody exists.
std::vector<runtime::setting> service_principal_settings();
service_principal read_service_principal(const runtime::settings& values,
                                         std::string lakebase_instance = {});

/// The workspace's OAuth token of `who` (M2M: POST /oidc/v1/token with the client
/// credentials). One request at a time; renewed ahead when min(lifetime / 2, 20 min) is
/// left, without blocking anybody. A renewal that failed is tried again a minute later at
/// the earliest while the old token is good.
token_source make_workspace_token_source(workspace_ptr where, service_principal who);

/// The password for PostgreSQL: a credential of Lakebase's API where an instance or an
/// endpoint is named (POST /api/2.0/database/credentials, /api/2.0/postgres/credentials),
/// else the workspace token itself, which Lakebase takes, too.
token_source make_database_password_source(workspace_ptr where, service_principal who);

} // namespace lakegate::databricks
