#include "gateway/src/routes.hpp"

#include "gateway/src/endpoints/endpoints.hpp"

#include <array>

namespace lakegate::gateway {

namespace {

namespace to = endpoints;
using enum http_method;
using enum access;
using enum errc;

constexpr auto table = std::to_array<route>({
    {get, "/health", "get_health", open, to::get_health},
    {get, "/api/health", "get_health", open, to::get_health},
    {get, "/health/ready", "get_ready", open, to::get_ready},
    {get, "/openapi.json", "get_openapi", open, to::get_openapi},
    {get, "/docs", "get_docs", open, to::get_docs},
    {get, "/metrics", "get_metrics", user, to::get_metrics},
    {get, "/api/metrics", "get_metrics", user, to::get_metrics},

    {get, "/api/user/me", "get_me", user, to::get_me},
    {get, "/api/user/me/workspace", "get_my_workspace", user, to::get_my_workspace},
    {get, "/api/user/auth/status", "get_auth_status", optional, to::get_auth_status},

    {get, "/api/lakebase/preferences", "list_preferences", user, to::list_preferences,
     database_unavailable},
    {post, "/api/lakebase/preferences", "save_preference", user, to::save_preference,
     database_unavailable},
    {get, "/api/lakebase/preferences/{key}", "get_preference", user, to::get_preference,
     database_unavailable},
    {put, "/api/lakebase/preferences/{key}", "replace_preference", user,
     to::replace_preference, database_unavailable},
    {del, "/api/lakebase/preferences/{key}", "delete_preference", user,
     to::delete_preference, database_unavailable},
    {get, "/api/preferences", "list_preferences", user, to::list_preferences,
     database_unavailable},
    {post, "/api/preferences", "save_preference", user, to::save_preference,
     database_unavailable},
    {get, "/api/preferences/{key}", "get_preference", user, to::get_preference,
     database_unavailable},
    {put, "/api/preferences/{key}", "replace_preference", user, to::replace_preference,
     database_unavailable},
    {del, "/api/preferences/{key}", "delete_preference", user, to::delete_preference,
     database_unavailable},

    {get, "/api/unity-catalog/catalogs", "list_catalogs", user, to::list_catalogs,
     catalog_unavailable},
    {get, "/api/unity-catalog/schemas", "list_schemas", user, to::list_schemas,
     catalog_unavailable},
    {get, "/api/unity-catalog/table-names", "list_table_names", user,
     to::list_table_names, catalog_unavailable},
    {get, "/api/unity-catalog/tables", "list_tables", user, to::list_tables,
     catalog_unavailable},
    {get, "/api/unity-catalog/query", "query_table", user, to::query_table,
     query_timeout},
    {post, "/api/unity-catalog/query", "query_table_with_filters", user,
     to::query_table_with_filters, query_timeout},

    {get, "/api/model-serving/endpoints", "list_endpoints", user, to::list_endpoints,
     model_unavailable},
    {get, "/api/model-serving/endpoints/{name}", "get_endpoint", user, to::get_endpoint,
     model_unavailable},
    {get, "/api/model-serving/endpoints/{name}/schema", "detect_schema", user,
     to::detect_schema, model_unavailable},
    {post, "/api/model-serving/invoke", "invoke_model", user, to::invoke_model,
     model_timeout},
    {get, "/api/model-serving/logs", "list_inference_logs", user, to::list_inference_logs,
     database_unavailable},
});

std::vector<std::string_view> split_path(std::string_view path) {
  std::vector<std::string_view> result;
  path.remove_prefix(1);
  for (std::size_t end = 0; end != std::string_view::npos;) {
    end = path.find('/');
    result.push_back(path.substr(0, end));
    if (end != std::string_view::npos)
      path.remove_prefix(end + 1);
  }
  return result;
}

} // namespace

std::span<const route> routes() {
  return table;
}

route_table::route_table(std::span<const route> all) {
  for (const auto& x : all) {
    row added{&x, split_path(x.pattern), std::nullopt};
    for (std::size_t i = 0; i < added.segments.size(); ++i)
      if (added.segments[i].starts_with('{'))
        added.parameter = i;
    rows_.push_back(std::move(added));
  }
}

bool route_table::fits(const row& candidate, std::span<const std::string_view> segments) {
  if (candidate.segments.size() != segments.size())
    return false;
  for (std::size_t i = 0; i < segments.size(); ++i) {
    auto is_parameter = candidate.parameter == i;
    if (is_parameter ? segments[i].empty() : candidate.segments[i] != segments[i])
      return false;
  }
  return true;
}

route_match route_table::match(http_method method,
                               std::span<const std::string_view> segments) const {
  auto wanted = method == head ? get : method;
  for (const auto& x : rows_) {
    if (x.what->method != wanted || !fits(x, segments))
      continue;
    route_match result;
    result.found = x.what;
    result.collection = x.what->pattern.substr(0, x.what->pattern.find("/{"));
    if (x.parameter)
      result.parameter = segments[*x.parameter];
    return result;
  }
  route_match result;
  result.allowed = allowed_of(segments);
  return result;
}

std::string route_table::allowed_of(std::span<const std::string_view> segments) const {
  std::string result;
  for (const auto& x : rows_) {
    if (!fits(x, segments))
      continue;
    result.append(to_string(x.what->method)).append(", ");
    if (x.what->method == get)
      result.append("HEAD, ");
  }
  return result.empty() ? result : result.append("OPTIONS");
}

} // namespace lakegate::gateway
