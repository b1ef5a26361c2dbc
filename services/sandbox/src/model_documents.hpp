#pragma once

#include "services/sandbox/src/endpoints.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace lakegate::sandbox {

/// The endpoint's OpenAPI document (Databricks, "Get model serving endpoint schema");
/// nothing for a model whose signature is not known.
std::optional<std::string> openapi_document(const served_endpoint& of,
                                            std::string_view origin);

/// The `MLmodel` file (YAML, signatures as JSON text inside); nothing without a
/// signature.
std::optional<std::string> mlmodel_file(const served_endpoint& of);

} // namespace lakegate::sandbox
