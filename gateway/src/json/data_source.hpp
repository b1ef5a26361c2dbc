#pragma once

#include <lakegate/contracts/catalog.hpp>
#include <lakegate/core/json_writer.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace lakegate::gateway::json {

void write(json_writer& w, const catalog::data_source& x);

std::string render(const std::vector<std::string>& names);
std::string render(const std::vector<catalog::data_source>& items);
/// `user_id` is not part of the message: a result is always the caller's own.
std::string render(const catalog::query_result& x, std::string_view user_id);

} // namespace lakegate::gateway::json
