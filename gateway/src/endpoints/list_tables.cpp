#include "gateway/src/endpoints/endpoints.hpp"

#include "gateway/src/ask.hpp"
#include "gateway/src/json/data_source.hpp"
#include "gateway/src/parameters.hpp"

namespace lakegate::gateway::endpoints {

void list_tables(const directory& services, const exchange_ptr& http) {
  faults found;
  catalog::list_tables cmd;
  cmd.catalog = read_identifier(*http, "catalog", found);
  cmd.schema = read_identifier(*http, "schema", found);
  cmd.part = read_slice(*http, found);
  if (!found.empty())
    return http->fail(errc::invalid_query, found);
  cmd.who = http->caller_with_token();
  ask(services.catalog, http, std::move(cmd), [](catalog::table_page& got) {
    return list_answer(json::render(got.items), got.total);
  });
}

} // namespace lakegate::gateway::endpoints
