#include "gateway/src/endpoints/query_answers.hpp"

#include "gateway/src/ask.hpp"
#include "gateway/src/json/data_source.hpp"
#include "gateway/src/parameters.hpp"

namespace lakegate::gateway::endpoints {

void run_query(service_port<catalog::service_actor>& service, const exchange_ptr& http,
               catalog::query_table query, faults found) {
  if (!found.empty())
    return http->fail(errc::invalid_query, found);
  query.who = http->caller_with_token();
  ask(service, http, std::move(query), [http](catalog::query_result& got) {
    return json_answer(json::render(got, http->context().who->user_id));
  });
}

} // namespace lakegate::gateway::endpoints
