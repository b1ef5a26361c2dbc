#pragma once

#include "gateway/src/readiness.hpp"

#include <string>

namespace lakegate::gateway::json {

std::string render(const readiness_report& x);

} // namespace lakegate::gateway::json
