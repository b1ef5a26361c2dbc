#pragma once

#include <lakegate/contracts/preferences.hpp>
#include <lakegate/core/errors.hpp>

/// The rules of section 5 of the contract, applied again behind the gateway: pure
/// functions. An empty error: nothing is wrong. Else it lists all that is.
namespace lakegate::preferences {

caf::error check(const list_preferences& cmd);  ///< `invalid_preference` for the key.
caf::error check(const get_preference& cmd);    ///< `invalid_preference`
caf::error check(const save_preference& cmd);   ///< `invalid_preference`
caf::error check(const delete_preference& cmd); ///< `invalid_preference`

} // namespace lakegate::preferences
