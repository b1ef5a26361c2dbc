#pragma once

#include <lakegate/contracts/databricks/common.hpp>

namespace lakegate::databricks {

struct get_current_user {
  call_context ctx;
};

/// SCIM `Me`, as far as it concerns us. Missing strings are empty.
struct workspace_user {
  std::string id;
  std::string user_name;
  std::string display_name;
  bool active = false;
  std::vector<std::string> emails;
  std::string workspace_id; ///< From `X-Databricks-Org-Id`.
};

using identity_actor = caf::typed_actor<
    // GET /api/2.0/preview/scim/v2/Me
    caf::replies_to<get_current_user>::with<workspace_user>>;

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, get_current_user& x) {
  return f(caf::meta::type_name("get_current_user"), x.ctx);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, workspace_user& x) {
  return f(caf::meta::type_name("workspace_user"), x.id, x.user_name, x.display_name,
           x.active, x.emails, x.workspace_id);
}

} // namespace lakegate::databricks
