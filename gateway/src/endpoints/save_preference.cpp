#include "gateway/src/endpoints/endpoints.hpp"

#include "gateway/src/endpoints/preference_answers.hpp"
#include "gateway/src/json/preference.hpp"
#include "gateway/src/request_body.hpp"

namespace lakegate::gateway::endpoints {

void save_preference(const directory& services, const exchange_ptr& http) {
  auto body = read_json_object(http, errc::invalid_preference);
  if (!body)
    return;
  faults found;
  auto cmd = json::parse_save_preference(*body, found);
  save(services.preferences, http, std::move(cmd), std::move(found));
}

} // namespace lakegate::gateway::endpoints
