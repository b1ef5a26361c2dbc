#pragma once

#include <lakegate/core/json_text.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace lakegate::model_serving {

/// One input of a model: a column of its data frame, a tensor, or a parameter.
struct model_field {
  std::string name; ///< Empty where the model does not name its inputs.
  json_text schema; ///< JSON Schema of one value.
  bool required = true;
};

/// What an MLflow model takes, whichever way it was learnt.
struct model_signature {
  enum class form { columns, tensors };
  form inputs_form = form::columns;
  std::vector<model_field> inputs; ///< At least one; all named, or none.
  std::vector<model_field> params; ///< Each with a default of its own.
};

/// JSON Schema of the `inputs` that `invoke` takes for such a model.
///
/// Named columns: one row, `{"column": value, …}`. Where a row can't say everything, the
/// body of MLflow's scoring protocol (`mlflow.pyfunc.scoring_server`):
/// `dataframe_records` when there are parameters or a column is called like a key of that
/// protocol, `dataframe_split` for columns without names, `inputs` for tensors.
json_text inputs_schema(const model_signature& x);

/// True if `key` makes an `inputs` object a body of the endpoint's own protocol, which is
/// sent as it is, instead of one row.
bool is_native_key(std::string_view key) noexcept;

} // namespace lakegate::model_serving
