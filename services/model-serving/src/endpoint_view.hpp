#pragma once

#include <lakegate/contracts/databricks.hpp>
#include <lakegate/contracts/model_serving.hpp>

#include <string>
#include <string_view>

/// From the workspace's view of an endpoint to the API's; pure functions.
namespace lakegate::model_serving {

/// CREATING, READY, UPDATING or FAILED, from `state.ready` and `state.config_update`. An
/// endpoint that is updated, or whose update failed, still serves while it is READY.
std::string_view state_of(std::string_view ready, std::string_view config_update);

endpoint summary_of(const databricks::serving_endpoint& x);

/// `workspace_url` without a slash at its end.
endpoint_details details_of(const databricks::serving_endpoint& x,
                            std::string_view workspace_url);

} // namespace lakegate::model_serving
