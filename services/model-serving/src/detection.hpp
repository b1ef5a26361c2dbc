#pragma once

#include "services/model-serving/src/mlmodel.hpp"
#include "services/model-serving/src/openapi.hpp"
#include "services/model-serving/src/task_schemas.hpp"

#include <lakegate/contracts/model_serving.hpp>

#include <string>

/// What a schema detection answers; pure functions. Names and times are filled in by the
/// actor.
namespace lakegate::model_serving {

detected_schema detected_task(task_kind kind, bool is_foundation);
/// The example is built from the schema; one too large to show makes it a FAILURE that
/// has the schema all the same.
detected_schema detected_signature(const model_signature& x);
detected_schema detected_body(const json_text& schema);
/// UNKNOWN, FAILURE, with a template to start from. `why` is a sentence.
detected_schema undetected(const std::string& why);
/// UNKNOWN, TIMEOUT.
detected_schema detection_timed_out();

} // namespace lakegate::model_serving
