#include "gateway/src/endpoints/endpoints.hpp"

#include "gateway/src/endpoints/query_answers.hpp"

#include <lakegate/contracts/query_request.hpp>

namespace lakegate::gateway::endpoints {

void query_table(const directory& services, const exchange_ptr& http) {
  faults found;
  const auto& parameters = http->context().target.query;
  auto query = catalog::parse_query_parameters(
      [&](std::string_view name) { return parameters.text(name, found); }, found);
  run_query(services.catalog, http, std::move(query), std::move(found));
}

} // namespace lakegate::gateway::endpoints
