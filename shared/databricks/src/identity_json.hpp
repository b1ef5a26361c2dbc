#pragma once

#include <lakegate/contracts/databricks/identity.hpp>
#include <lakegate/http/message.hpp>

#include <caf/expected.hpp>

namespace lakegate::databricks {

/// SCIM `Me`. An object that names its user twice, or in no way, names nobody: empty
/// `user_name`, and the caller decides.
caf::expected<workspace_user> read_user(http::response& answer);

} // namespace lakegate::databricks
