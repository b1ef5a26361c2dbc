#include "gateway/src/endpoints/endpoints.hpp"

#include "gateway/src/endpoints/preference_answers.hpp"
#include "gateway/src/json/preference.hpp"
#include "gateway/src/request_body.hpp"

#include <lakegate/core/rules.hpp>

namespace lakegate::gateway::endpoints {

void replace_preference(const directory& services, const exchange_ptr& http) {
  auto body = read_json_object(http, errc::invalid_preference);
  if (!body)
    return;
  faults found;
  preferences::save_preference cmd;
  cmd.key = http->context().path_parameter;
  rules::check_preference_key("preference_key", cmd.key, found);
  cmd.value = json::parse_preference_value(*body, found);
  save(services.preferences, http, std::move(cmd), std::move(found));
}

} // namespace lakegate::gateway::endpoints
