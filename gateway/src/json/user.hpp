#pragma once

#include "gateway/src/exchange.hpp"

#include <string>
#include <string_view>

namespace lakegate::gateway::json {

std::string render_user(const user& x);
/// `url` is the workspace's; its name is the first label of its host.
std::string render_user_and_workspace(const user& x, std::string_view url);
/// `accepted`: the workspace took the token, though it may not have named a user.
std::string render_auth_status(bool accepted, const user* who);

} // namespace lakegate::gateway::json
