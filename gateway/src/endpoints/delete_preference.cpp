#include "gateway/src/endpoints/endpoints.hpp"

#include "gateway/src/ask.hpp"
#include "gateway/src/endpoints/preference_answers.hpp"
#include "gateway/src/preconditions.hpp"

namespace lakegate::gateway::endpoints {

void delete_preference(const directory& services, const exchange_ptr& http) {
  auto key = read_path_key(http);
  if (!key)
    return;
  faults found;
  auto require = read_precondition(http->request(), found);
  if (!found.empty())
    return http->fail(errc::invalid_request, found);
  ask(services.preferences, http,
      preferences::delete_preference{http->caller_without_token(), std::move(*key),
                                     std::move(require)},
      [](preferences::deleted_preference&) {
        http_response answer;
        answer.status = 204;
        return answer;
      });
}

} // namespace lakegate::gateway::endpoints
