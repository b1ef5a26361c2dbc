#include "services/sandbox/src/serving_api.hpp"

#include "services/sandbox/src/answers.hpp"
#include "services/sandbox/src/model_documents.hpp"
#include "services/sandbox/src/unity_json.hpp"

#include <algorithm>

namespace lakegate::sandbox {

namespace {

std::string endpoint_id(const served_endpoint& e) {
  auto result = stable_id(e.name);
  std::erase(result, '-');
  return result;
}

std::string served_name(const served_endpoint& e) {
  return std::string{e.name} + "-" + std::string{e.entity_version};
}

void write_entity(json_writer& w, const served_endpoint& e, bool in_detail) {
  w.begin_object().member("name", served_name(e));
  w.member("entity_name", e.entity_name).member("entity_version", e.entity_version);
  if (e.is_foundation()) {
    w.key("foundation_model").begin_object().member("name", e.entity_name);
    w.member("display_name", e.name).member("description", e.description).end_object();
  }
  if (in_detail) {
    w.key("state").begin_object();
    w.member("deployment", e.is_ready() ? "DEPLOYMENT_READY" : "DEPLOYMENT_CREATING");
    w.end_object();
    w.member("workload_size", "Small").member("workload_type", "CPU");
    w.member("scale_to_zero_enabled", e.kind == model_kind::sleepy);
    w.member("creator", owner_name)
        .member("creation_timestamp", stable_creation_time(e.name));
  }
  w.end_object();
}

void write_config(json_writer& w, std::string_view key, const served_endpoint& e,
                  bool in_detail) {
  w.key(key).begin_object().key("served_entities").begin_array();
  write_entity(w, e, in_detail);
  w.end_array();
  if (in_detail) {
    w.member("config_version", 1).key("traffic_config").begin_object();
    w.key("routes").begin_array().begin_object().member("served_model_name",
                                                        served_name(e));
    w.member("served_entity_name", served_name(e)).member("traffic_percentage", 100);
    w.end_object().end_array().end_object();
  }
  w.end_object();
}

void write_endpoint(json_writer& w, const served_endpoint& e, bool in_detail) {
  w.begin_object().member("name", e.name).member("id", endpoint_id(e));
  if (!e.is_foundation())
    w.member("creator", owner_name);
  w.member("creation_timestamp", stable_creation_time(e.name));
  w.member("last_updated_timestamp", stable_creation_time(e.name));
  w.member("description", e.description);
  w.key("state").begin_object().member("ready", e.is_ready() ? "READY" : "NOT_READY");
  w.member("config_update", e.is_ready() ? "NOT_UPDATING" : "IN_PROGRESS").end_object();
  write_config(w, e.is_ready() || !in_detail ? "config" : "pending_config", e, in_detail);
  if (!e.task.empty())
    w.member("task", e.task);
  if (e.is_foundation())
    w.member("endpoint_type", "FOUNDATION_MODEL_API");
  if (in_detail)
    w.member("permission_level", "CAN_QUERY").member("route_optimized", false);
  w.end_object();
}

http_response list_endpoints(const call& c, const endpoint_rights& rights) {
  json_writer w;
  w.begin_object();
  bool any = false;
  for (const auto& e : endpoint_table) {
    if (!rights.may_query(c.caller->user_name, e.name))
      continue;
    if (!std::exchange(any, true))
      w.key("endpoints").begin_array();
    write_endpoint(w, e, false);
  }
  if (any)
    w.end_array();
  w.end_object();
  return json_answer(std::move(w));
}

http_response get_endpoint(const call& c, const endpoint_rights& rights) {
  const auto found = visible_endpoint(c, c.path_value("name"), rights);
  if (const auto* refused = std::get_if<http_response>(&found))
    return *refused;
  json_writer w;
  write_endpoint(w, *std::get<const served_endpoint*>(found), true);
  return json_answer(std::move(w));
}

http_response get_openapi(const call& c, const endpoint_rights& rights) {
  const auto found = visible_endpoint(c, c.path_value("name"), rights);
  if (const auto* refused = std::get_if<http_response>(&found))
    return *refused;
  const auto& endpoint = *std::get<const served_endpoint*>(found);
  if (!endpoint.is_ready())
    return error_answer({400, "INVALID_STATE",
                         "Endpoint '" + std::string{endpoint.name} + "' is not ready."});
  auto document = openapi_document(
      endpoint, "http://" + std::string{c.request->header_value("Host")});
  if (!document)
    return error_answer(
        {404, "RESOURCE_DOES_NOT_EXIST",
         "The schema of endpoint '" + std::string{endpoint.name}
             + "' is not available: the model was logged without a signature."});
  http_response answer;
  answer.body = std::move(*document);
  answer.content_type = "text/plain";
  return answer;
}

} // namespace

std::variant<const served_endpoint*, http_response>
visible_endpoint(const call& c, std::string_view name, const endpoint_rights& rights) {
  const auto* found = find_endpoint(name);
  if (!found)
    return error_answer(
        {404, "RESOURCE_DOES_NOT_EXIST",
         "Endpoint with name '" + std::string{name} + "' does not exist."});
  if (!rights.may_query(c.caller->user_name, name))
    return error_answer({403, "PERMISSION_DENIED",
                         "User does not have permission 'CAN_QUERY' on serving endpoint '"
                             + std::string{name} + "'."});
  return found;
}

void add_serving_routes(route_table& routes, const serving_services& services) {
  auto& rights = services.rights;
  const std::string base = "/api/2.0/serving-endpoints";
  routes.add("GET", base, [&rights](const call& c) { return list_endpoints(c, rights); });
  routes.add("GET", base + "/{name}",
             [&rights](const call& c) { return get_endpoint(c, rights); });
  routes.add("GET", base + "/{name}/openapi",
             [&rights](const call& c) { return get_openapi(c, rights); });
}

} // namespace lakegate::sandbox
