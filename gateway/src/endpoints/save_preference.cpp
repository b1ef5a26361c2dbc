#include "gateway/src/endpoints/endpoints.hpp"

#include "gateway/src/endpoints/preference_answers.hpp"
#include "gateway/src/json/preference.hpp"
#include "gateway/src/preconditions.hpp"
#include "gateway/src/request_body.hpp"

namespace lakegate::gateway::endpoints {

void save_preference(const directory& services, const exchange_ptr& http) {
  auto body = read_json_object(http, errc::invalid_preference);
  if (!body)
    return;
  faults found, bad_condition;
  auto cmd = json::parse_save_preference(*body, found);
  cmd.require = read_precondition(http->request(), bad_condition);
  auto code = found.empty() ? errc::invalid_request : errc::invalid_preference;
  found.insert(found.end(), bad_condition.begin(), bad_condition.end());
  if (!found.empty())
    return http->fail(code, found);
  save(services.preferences, http, std::move(cmd));
}

} // namespace lakegate::gateway::endpoints
