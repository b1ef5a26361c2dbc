#pragma once

#include <lakegate/contracts/databricks/common.hpp>

namespace lakegate::databricks {

/// The `MLmodel` file of a model version in Unity Catalog.
struct get_mlmodel {
  call_context ctx;
  std::string model_name; ///< catalog.schema.model
  std::string version;
};

struct mlmodel_file {
  std::string yaml;
};

using registry_actor = caf::typed_actor<
    // GET /api/2.0/fs/files/Models/{catalog}/{schema}/{model}/{version}/MLmodel
    caf::replies_to<get_mlmodel>::with<mlmodel_file>>;

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, get_mlmodel& x) {
  return f(caf::meta::type_name("get_mlmodel"), x.ctx, x.model_name, x.version);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, mlmodel_file& x) {
  return f(caf::meta::type_name("mlmodel_file"), x.yaml);
}

} // namespace lakegate::databricks
