#include "gateway/src/endpoints/endpoints.hpp"

#include "gateway/src/ask.hpp"
#include "gateway/src/json/inference.hpp"
#include "gateway/src/parameters.hpp"
#include "gateway/src/request_body.hpp"

#include <chrono>

namespace lakegate::gateway::endpoints {

void invoke_model(const directory& services, const exchange_ptr& http) {
  auto body = read_json_object(http);
  if (!body)
    return;
  faults found;
  auto cmd = json::parse_invoke_model(*body, found);
  if (!found.empty())
    return http->fail(errc::invalid_input, found);
  body.reset();
  http->context().deadline =
      std::chrono::steady_clock::now() + cmd.timeout + services.invoke_grace;
  cmd.who = http->caller_with_token();
  ask(services.model_serving, http, std::move(cmd),
      [](model_serving::inference& got) { return json_answer(json::render(got)); });
}

} // namespace lakegate::gateway::endpoints
