#pragma once

#include "services/sandbox/src/http.hpp"

#include <lakegate/core/json_view.hpp>

#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace lakegate::sandbox {

/// A column of a model's signature, with MLflow's type: boolean, integer, long, float,
/// double, string, binary, datetime.
struct model_column {
  std::string name;
  std::string type;
  bool required = true;
};

/// What a model takes and gives (mlflow/models/signature.py).
struct model_signature {
  std::vector<model_column> inputs;
  std::vector<model_column> outputs;
};

/// The rows of a scoring request, in the order of the signature's inputs. The views live
/// as long as the body.
struct scoring_frame {
  std::vector<std::string> columns;
  std::vector<std::vector<json_view>> rows;
};

/// Reads the body of an invocation as MLflow's scoring server does: exactly one of
/// dataframe_split, dataframe_records, instances, inputs. The refusal has its texts.
std::variant<scoring_frame, http_response> read_scoring_frame(json_view body);

/// Brings the columns into the signature's order and checks them, with MLflow's texts for
/// missing inputs and wrong types.
std::variant<scoring_frame, http_response>
enforce_schema(const scoring_frame& frame, const model_signature& signature);

/// 400 as the scoring server writes it, `stack_trace` included.
http_response scoring_failure(std::string message);

} // namespace lakegate::sandbox
