#pragma once

#include "services/model-serving/src/model_signature.hpp"

#include <lakegate/core/json_text.hpp>

#include <optional>
#include <string_view>
#include <variant>

namespace lakegate::model_serving {

/// What an endpoint's own OpenAPI document says of its body: a model's signature, or the
/// schema of a body that is sent as it is (chat, tensors).
using openapi_input = std::variant<model_signature, json_text>;

/// Reads the document of `GET /api/2.0/serving-endpoints/{name}/openapi` (Databricks,
/// "Query schema of a model serving endpoint"): the path of `served_name` if there are
/// several, `dataframe_records` before `dataframe_split`. Nothing if it tells no inputs.
std::optional<openapi_input> read_openapi(const json_text& document,
                                          std::string_view served_name);

} // namespace lakegate::model_serving
