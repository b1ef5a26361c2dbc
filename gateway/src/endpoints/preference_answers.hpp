#pragma once

#include "gateway/src/exchange.hpp"
#include "gateway/src/service_port.hpp"

#include <lakegate/contracts/preferences.hpp>

#include <optional>
#include <string>

/// What the operations on one preference share.
namespace lakegate::gateway::endpoints {

/// The key of the path; nothing, and the exchange answered, if it can't be one.
std::optional<std::string> read_path_key(const exchange_ptr& http);

/// Sends `cmd`, whose faults but for its precondition were `found`, and answers 201 or
/// 200 with what was saved and its ETag.
void save(service_port<preferences::service_actor>& service, const exchange_ptr& http,
          preferences::save_preference cmd, faults found);

} // namespace lakegate::gateway::endpoints
