#include "gateway/src/endpoints/preference_answers.hpp"

#include "gateway/src/ask.hpp"
#include "gateway/src/json/preference.hpp"
#include "gateway/src/parameters.hpp"
#include "gateway/src/preconditions.hpp"

#include <lakegate/core/rules.hpp>

namespace lakegate::gateway::endpoints {

std::optional<std::string> read_path_key(const exchange_ptr& http) {
  faults found;
  const auto& key = http->context().path_parameter;
  rules::check_preference_key("preference_key", key, found);
  if (found.empty())
    return key;
  http->fail(errc::invalid_preference, found);
  return std::nullopt;
}

void save(service_port<preferences::service_actor>& service, const exchange_ptr& http,
          preferences::save_preference cmd, faults found) {
  auto code = found.empty() ? errc::invalid_request : errc::invalid_preference;
  cmd.require = read_precondition(http->request(), found);
  if (!found.empty())
    return http->fail(code, found);
  cmd.who = http->caller_without_token();
  ask(service, http, std::move(cmd), [](preferences::saved_preference& got) {
    auto answer = json_answer(json::render(got.item));
    answer.status = got.created ? 201 : 200;
    answer.set("ETag", std::move(got.item.etag));
    return answer;
  });
}

} // namespace lakegate::gateway::endpoints
