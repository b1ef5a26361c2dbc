#pragma once

#include "services/model-serving/src/model_signature.hpp"

#include <string>
#include <variant>

namespace lakegate::model_serving {

/// Reads the signature of an `MLmodel` file: YAML whose `signature.inputs` and
/// `signature.params` are JSON texts (mlflow `models/signature.py`, `types/schema.py`).
/// Otherwise a sentence that says what is missing or wrong.
std::variant<model_signature, std::string> read_mlmodel(const std::string& yaml);

} // namespace lakegate::model_serving
