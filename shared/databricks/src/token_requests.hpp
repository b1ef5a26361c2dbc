#pragma once

#include "shared/databricks/src/renewing_token.hpp"
#include "shared/databricks/src/workspace.hpp"

#include <lakegate/databricks/oauth.hpp>

/// The three requests that give tokens, and how their answers are read.
namespace lakegate::databricks {

/// `POST /oidc/v1/token`, grant client_credentials (RFC 6749, 4.4; the client in a Basic
/// header, 2.3.1).
http::request make_token_request(const workspace& where, const service_principal& who);
/// `expires_in` is a number or a string of seconds.
caf::expected<issued_token> read_token(http::response& answer);

/// A Lakebase credential; `token` is the workspace's.
http::request make_credential_request(const workspace& where,
                                      const service_principal& who,
                                      const access_token& token);
/// `expiration_time` (provisioned) or `expire_time` (autoscaling), RFC 3339.
caf::expected<issued_token> read_credential(http::response& answer);

} // namespace lakegate::databricks
