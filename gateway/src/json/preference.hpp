#pragma once

#include <lakegate/contracts/preferences.hpp>
#include <lakegate/core/errors.hpp>

#include <string>
#include <vector>

namespace lakegate::gateway::json {

std::string render(const preferences::preference& x);
std::string render(const std::vector<preferences::preference>& items);

/// Reads `{"preference_key","preference_value"}`; every broken rule becomes a fault.
preferences::save_preference parse_save_preference(const json_text& body, faults& found);

/// Reads `{"preference_value"}`. An object of at most 1 MiB as sent.
json_text parse_preference_value(const json_text& body, faults& found);

} // namespace lakegate::gateway::json
