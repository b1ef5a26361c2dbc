#include "gateway/src/endpoints/endpoints.hpp"

#include "gateway/src/ask.hpp"
#include "gateway/src/endpoints/preference_answers.hpp"
#include "gateway/src/json/preference.hpp"
#include "gateway/src/parameters.hpp"
#include "gateway/src/preconditions.hpp"

namespace lakegate::gateway::endpoints {

void get_preference(const directory& services, const exchange_ptr& http) {
  auto key = read_path_key(http);
  if (!key)
    return;
  ask(services.preferences, http,
      preferences::get_preference{http->caller_without_token(), std::move(*key)},
      [http](preferences::preference& got) {
        http_response answer;
        if (has_current(http->request(), got.etag))
          answer.status = 304;
        else
          answer.body = json::render(got);
        answer.set("ETag", std::move(got.etag));
        return answer;
      });
}

} // namespace lakegate::gateway::endpoints
