#pragma once

#include <lakegate/contracts/model_serving.hpp>

#include <string>
#include <vector>

namespace lakegate::gateway::json {

std::string render(const std::vector<model_serving::endpoint>& items);
std::string render(const model_serving::endpoint_details& x);
std::string render(const model_serving::detected_schema& x);

} // namespace lakegate::gateway::json
