#pragma once

#include <lakegate/contracts/databricks/common.hpp>

#include <caf/error.hpp>
#include <caf/optional.hpp>

#include <string>
#include <string_view>

/// From what went wrong at the workspace to what a client of the API is told. Pure
/// functions, safe on any thread.
namespace lakegate::databricks {

/// The codes that differ between the services; the rest of `failure_kind` means the same
/// everywhere.
struct error_mapping {
  errc permission_denied;
  errc not_found;
  errc unavailable;
  errc timeout;
  errc invalid_argument;
};

/// The API's error for `upstream`, an error of a Databricks actor (or of CAF on the way
/// to it). An error that is the API's already comes back unchanged.
///
/// `technical_details` gets `required_scope` of a missing scope; `securable_type`,
/// `securable` and `missing_privilege` of a denial that names them; `upstream_error_code`
/// and `upstream_message` of what the workspace refused or did not find. Retry-After is
/// passed on.
caf::error translate(const caf::error& upstream, const error_mapping& mapping);
/// The same for a failure that did not travel as an error.
caf::error translate(const upstream_failure& upstream, const error_mapping& mapping);

/// What a denial says: "User does not have USE SCHEMA on Schema 'main.sales'."
struct denial {
  std::string privilege;     ///< "USE SCHEMA"
  std::string resource_type; ///< "Schema"
  std::string resource_name; ///< "main.sales"
};

/// Finds that sentence in `text`, which may be the message of a refused call or of a
/// failed statement (wire shape: Unity Catalog's PERMISSION_DENIED and
/// INSUFFICIENT_PERMISSIONS).
caf::optional<denial> find_denial(std::string_view text);

} // namespace lakegate::databricks
