#pragma once

#include <lakegate/contracts/model_serving.hpp>
#include <lakegate/core/errors.hpp>

#include <string>

namespace lakegate::gateway::json {

std::string render(const model_serving::inference& x);
/// `asked` is the command that the page answers.
std::string render(const model_serving::inference_log_page& x,
                   const model_serving::list_inference_logs& asked);

/// Reads `{"endpoint_name","inputs","timeout_seconds"}`; every broken rule becomes a
/// fault.
model_serving::invoke_model parse_invoke_model(const json_text& body, faults& found);

} // namespace lakegate::gateway::json
