#pragma once

#include "services/preferences/src/preferences.hpp"

namespace lakegate::preferences {

/// Lists a page row by row, for when one of its values makes PostgreSQL fail the whole
/// statement: the others come, that one is skipped. Delivers to `promise` once.
void salvage_page(preferences_state& state, const list_preferences& cmd,
                  caf::typed_response_promise<preference_page> promise);

} // namespace lakegate::preferences
