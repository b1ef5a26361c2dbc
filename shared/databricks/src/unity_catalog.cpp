#include "shared/databricks/src/rest_calls.hpp"
#include "shared/databricks/src/unity_catalog_json.hpp"

#include <lakegate/http/url.hpp>

namespace lakegate::databricks {

namespace {

using catalog_impl = catalog_actor::extend<takes_http_result>;

constexpr std::string_view api_root = "/api/2.1/unity-catalog";
constexpr std::size_t max_page_bytes = 32 * 1024 * 1024;

/// `max_results=0` means pages of the server's size; without it, everything comes at once
/// (databricks-sdk-go, service/catalog/model.go).
rest_request page_of(std::string_view operation, std::string_view list,
                     http::query_builder query, const std::string& page_token) {
  rest_request what;
  what.operation = operation;
  query.add("max_results", "0").add_if("page_token", page_token);
  what.target = std::string{api_root} + std::string{list} + query.str();
  what.max_response_bytes = max_page_bytes;
  return what;
}

rest_request request_of(const list_catalogs& cmd) {
  return page_of("list_catalogs", "/catalogs", {}, cmd.page_token);
}

rest_request request_of(const list_schemas& cmd) {
  http::query_builder query;
  query.add("catalog_name", cmd.catalog);
  return page_of("list_schemas", "/schemas", query, cmd.page_token);
}

rest_request request_of(const list_tables& cmd) {
  http::query_builder query;
  query.add("catalog_name", cmd.catalog).add("schema_name", cmd.schema);
  if (!cmd.with_columns)
    query.add("omit_columns", "true").add("omit_properties", "true");
  return page_of("list_tables", "/tables", query, cmd.page_token);
}

/// Names can't hold a period upstream, so a full name of three parts is never another's.
rest_request request_of(const get_table& cmd) {
  rest_request what;
  what.operation = "get_table";
  what.max_response_bytes = max_page_bytes;
  if (!cmd.catalog.empty() && !cmd.schema.empty() && !cmd.table.empty())
    what.target =
        std::string{api_root}
        + join_segments({"tables", cmd.catalog + '.' + cmd.schema + '.' + cmd.table});
  return what;
}

catalog_impl::behavior_type unity_catalog(catalog_impl::stateful_pointer<rest_state> self,
                                          workspace_ptr where) {
  self->state.calls.emplace(std::move(where), "unity-catalog", self->ctrl());
  return {
      [self](const list_catalogs& cmd) -> caf::result<name_page> {
        return rest_call<name_page>(self, cmd.ctx, request_of(cmd), [](auto& answer) {
          return read_name_page(answer, "catalogs");
        });
      },
      [self](const list_schemas& cmd) -> caf::result<name_page> {
        return rest_call<name_page>(self, cmd.ctx, request_of(cmd), [](auto& answer) {
          return read_name_page(answer, "schemas");
        });
      },
      [self](const list_tables& cmd) -> caf::result<table_page> {
        return rest_call<table_page>(self, cmd.ctx, request_of(cmd), read_table_page);
      },
      [self](const get_table& cmd) -> caf::result<table_info> {
        return rest_call<table_info>(self, cmd.ctx, request_of(cmd), read_table);
      },
      [self](const http_result& result) { self->state.calls->finish(result); },
  };
}

} // namespace

catalog_actor spawn_catalog(caf::actor_system& system, workspace_ptr where) {
  return system.spawn(unity_catalog, std::move(where));
}

} // namespace lakegate::databricks
