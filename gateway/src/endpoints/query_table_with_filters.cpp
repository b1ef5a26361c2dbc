#include "gateway/src/endpoints/endpoints.hpp"

#include "gateway/src/endpoints/query_answers.hpp"
#include "gateway/src/request_body.hpp"

#include <lakegate/contracts/query_request.hpp>

namespace lakegate::gateway::endpoints {

void query_table_with_filters(const directory& services, const exchange_ptr& http) {
  auto body = read_json_object(http);
  if (!body)
    return;
  faults found;
  auto query = catalog::parse_query_body(*body, found);
  run_query(services.catalog, http, std::move(query), std::move(found));
}

} // namespace lakegate::gateway::endpoints
