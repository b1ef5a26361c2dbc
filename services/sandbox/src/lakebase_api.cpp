#include "services/sandbox/src/lakebase_api.hpp"

#include "services/sandbox/src/answers.hpp"
#include "services/sandbox/src/unity_json.hpp"

#include <lakegate/core/ids.hpp>

#include <chrono>

namespace lakegate::sandbox {

namespace {

constexpr std::string_view instance_name = "sandbox";
constexpr std::string_view endpoint_path =
    "projects/sandbox/branches/production/endpoints/primary";
constexpr std::chrono::hours credential_lifetime{1};

http_response no_instance(std::string_view name) {
  return error_answer({404, "RESOURCE_DOES_NOT_EXIST",
                       "Database instance '" + std::string{name} + "' does not exist."});
}

/// The two APIs name the same time differently.
http_response credential(const call& c, const sessions& pool,
                         std::string_view expiry_name) {
  json_writer w;
  w.begin_object().member("token", pool.password_of(c.caller->user_name).reveal());
  w.member(expiry_name,
           to_rfc3339(std::chrono::system_clock::now() + credential_lifetime));
  w.end_object();
  return json_answer(std::move(w));
}

http_response provisioned_credential(const call& c, const sessions& pool) {
  const auto text = json_body(c);
  if (const auto* refused = std::get_if<http_response>(&text))
    return *refused;
  const auto names = json_view{std::get<json_text>(text)}["instance_names"];
  if (names.size() == 0)
    return invalid_parameter("instance_names must not be empty.");
  std::string unknown;
  names.each_element([&](json_view name) {
    if (name.string() != instance_name)
      unknown = name.string().value_or("");
    return unknown.empty();
  });
  if (!unknown.empty())
    return no_instance(unknown);
  return credential(c, pool, "expiration_time");
}

http_response autoscaling_credential(const call& c, const sessions& pool) {
  const auto text = json_body(c);
  if (const auto* refused = std::get_if<http_response>(&text))
    return *refused;
  const auto endpoint =
      json_view{std::get<json_text>(text)}["endpoint"].string().value_or("");
  if (endpoint != endpoint_path)
    return error_answer({404, "NOT_FOUND", "Endpoint '" + endpoint + "' was not found."});
  return credential(c, pool, "expire_time");
}

http_response get_instance(const call& c, const std::string& host) {
  if (c.path_value("name") != instance_name)
    return no_instance(c.path_value("name"));
  json_writer w;
  w.begin_object().member("name", instance_name).member("uid", stable_id(instance_name));
  w.member("state", "AVAILABLE").member("pg_version", "PG_VERSION_16");
  w.member("read_write_dns", host).member("capacity", "CU_1");
  w.member("creator", owner_name).member("node_count", 1).end_object();
  return json_answer(std::move(w));
}

http_response get_endpoint(const call& c, const std::string& host) {
  const auto path = "projects/" + std::string{c.path_value("project")} + "/branches/"
                    + std::string{c.path_value("branch")} + "/endpoints/"
                    + std::string{c.path_value("endpoint")};
  if (path != endpoint_path)
    return error_answer({404, "NOT_FOUND", "Endpoint '" + path + "' was not found."});
  json_writer w;
  w.begin_object()
      .member("name", path)
      .member("uid", "ep-sandbox")
      .key("status")
      .begin_object();
  w.member("current_state", "ACTIVE").member("endpoint_type", "ENDPOINT_TYPE_READ_WRITE");
  w.key("hosts")
      .begin_object()
      .member("host", host)
      .end_object()
      .end_object()
      .end_object();
  return json_answer(std::move(w));
}

} // namespace

void add_lakebase_routes(route_table& routes, const sessions& pool,
                         std::string postgres_host) {
  routes.add("POST", "/api/2.0/database/credentials",
             [&pool](const call& c) { return provisioned_credential(c, pool); });
  routes.add("POST", "/api/2.0/postgres/credentials",
             [&pool](const call& c) { return autoscaling_credential(c, pool); });
  routes.add("GET", "/api/2.0/database/instances/{name}",
             [postgres_host](const call& c) { return get_instance(c, postgres_host); });
  routes.add(
      "GET",
      "/api/2.0/postgres/projects/{project}/branches/{branch}/endpoints/{endpoint}",
      [postgres_host](const call& c) { return get_endpoint(c, postgres_host); });
}

} // namespace lakegate::sandbox
