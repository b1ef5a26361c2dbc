#include "services/sandbox/src/registry_api.hpp"

#include "services/sandbox/src/answers.hpp"
#include "services/sandbox/src/endpoints.hpp"
#include "services/sandbox/src/model_documents.hpp"
#include "services/sandbox/src/unity_json.hpp"

#include <algorithm>
#include <functional>

namespace lakegate::sandbox {

namespace {

/// The parts of `catalog.schema.model`.
struct model_name {
  std::string catalog;
  std::string schema;
  std::string model;

  std::string full() const { return catalog + "." + schema + "." + model; }
};

std::optional<model_name> split(std::string_view full_name) {
  const auto first = full_name.find('.');
  const auto second =
      full_name.find('.', first == std::string_view::npos ? first : first + 1);
  if (second == std::string_view::npos)
    return std::nullopt;
  return model_name{std::string{full_name.substr(0, first)},
                    std::string{full_name.substr(first + 1, second - first - 1)},
                    std::string{full_name.substr(second + 1)}};
}

bool is_in_unity_catalog(const served_endpoint& e) {
  return !e.is_foundation() && e.entity_name.find('.') != std::string_view::npos;
}

void write_model(json_writer& w, const served_endpoint& e, const model_name& name) {
  w.begin_object().member("name", name.model).member("catalog_name", name.catalog);
  w.member("schema_name", name.schema).member("full_name", name.full());
  w.member("owner", owner_name).member("id", stable_id(e.entity_name));
  w.member("comment", e.description).member("metastore_id", metastore_id);
  w.member("created_at", stable_creation_time(e.entity_name));
  w.member("updated_at", stable_creation_time(e.entity_name)).end_object();
}

void write_version(json_writer& w, const served_endpoint& e, const model_name& name) {
  w.begin_object().member("model_name", name.model).member("catalog_name", name.catalog);
  w.member("schema_name", name.schema).key("version").raw(e.entity_version);
  w.member("status", "READY").member("run_id", stable_id(e.name));
  w.member("id",
           stable_id(std::string{e.entity_name} + "/" + std::string{e.entity_version}));
  w.member("metastore_id", metastore_id).member("created_by", owner_name);
  w.member("created_at", stable_creation_time(e.entity_name));
  w.key("aliases").begin_array().begin_object().member("alias_name", "champion");
  w.key("version_num").raw(e.entity_version).end_object().end_array().end_object();
}

http_response no_such_version(const std::string& model, std::string_view version) {
  return error_answer({404, "RESOURCE_DOES_NOT_EXIST",
                       "Model version '" + std::string{version} + "' of '" + model
                           + "' does not exist."});
}

using model_writer =
    std::function<http_response(const served_endpoint&, const model_name&)>;

/// Looks the model up as Unity Catalog would, then lets `write` answer.
http_response with_model(const call& c, const unity_reader& reader,
                         std::string_view full_name, const model_writer& write) {
  const auto name = split(full_name);
  if (!name)
    return invalid_parameter("Invalid model name " + std::string{full_name} + ".");
  const unity_access access{reader, c.caller->user_name};
  if (auto refused = access.check_schema(name->catalog, name->schema))
    return *refused;
  const auto* found = find_endpoint_of_model(full_name);
  if (!found)
    return error_answer(
        {404, "RESOURCE_DOES_NOT_EXIST",
         "Registered model '" + std::string{full_name} + "' does not exist."});
  return write(*found, *name);
}

http_response list_models(const call& c, const unity_reader& reader) {
  const unity_access access{reader, c.caller->user_name};
  json_writer w;
  w.begin_object().key("registered_models").begin_array();
  for (const auto& e : endpoint_table) {
    const auto name = split(e.entity_name);
    if (!is_in_unity_catalog(e) || access.check_schema(name->catalog, name->schema))
      continue;
    if ((c.query_value("catalog_name").empty()
         || c.query_value("catalog_name") == name->catalog)
        && (c.query_value("schema_name").empty()
            || c.query_value("schema_name") == name->schema))
      write_model(w, e, *name);
  }
  w.end_array().end_object();
  return json_answer(std::move(w));
}

http_response list_versions(const served_endpoint& e, const model_name& name) {
  json_writer w;
  w.begin_object().key("model_versions").begin_array();
  write_version(w, e, name);
  w.end_array().end_object();
  return json_answer(std::move(w));
}

http_response get_version(const served_endpoint& e, const model_name& name,
                          std::string_view version) {
  if (version != e.entity_version)
    return no_such_version(name.full(), version);
  json_writer w;
  write_version(w, e, name);
  return json_answer(std::move(w));
}

http_response files_not_found(const call& c) {
  return error_answer({404, "NOT_FOUND",
                       "The file " + c.request->path + " does not exist.",
                       "FILES_API_RESOURCE_NOT_FOUND", "filesystem.databricks.com"});
}

http_response get_mlmodel(const call& c, const unity_reader& reader) {
  const auto full_name = std::string{c.path_value("catalog")} + "."
                         + std::string{c.path_value("schema")} + "."
                         + std::string{c.path_value("model")};
  return with_model(c, reader, full_name,
                    [&](const served_endpoint& e, const model_name&) {
                      auto file = mlmodel_file(e);
                      if (!file || c.path_value("version") != e.entity_version)
                        return files_not_found(c);
                      http_response answer;
                      answer.body = std::move(*file);
                      answer.content_type = "application/octet-stream";
                      return answer;
                    });
}

/// The workspace's own registry holds what has a name of one part.
http_response get_legacy_version(const call& c) {
  const auto name = c.query_value("name");
  const auto version = c.query_value("version");
  const auto* e = find_endpoint_of_model(name);
  if (!e || is_in_unity_catalog(*e) || e->is_foundation() || version != e->entity_version)
    return no_such_version(std::string{name}, version);
  json_writer w;
  w.begin_object().key("model_version").begin_object().member("name", e->entity_name);
  w.member("version", e->entity_version).member("current_stage", "Production");
  w.member("status", "READY").member("run_id", stable_id(e->name));
  w.member("source",
           "dbfs:/databricks/mlflow/" + stable_id(e->name) + "/artifacts/model");
  w.member("creation_timestamp", stable_creation_time(e->name)).end_object().end_object();
  return json_answer(std::move(w));
}

http_response get_legacy_model(const call& c, std::string_view member) {
  const auto name = c.query_value("name");
  const auto* e = find_endpoint_of_model(name);
  if (!e || is_in_unity_catalog(*e) || e->is_foundation())
    return error_answer({404, "RESOURCE_DOES_NOT_EXIST",
                         "RegisteredModel '" + std::string{name} + "' does not exist."});
  json_writer w;
  w.begin_object().key(member).begin_object().member("name", e->entity_name);
  w.member("creation_timestamp", stable_creation_time(e->name));
  w.member("user_id", owner_name).end_object().end_object();
  return json_answer(std::move(w));
}

} // namespace

void add_registry_routes(route_table& routes, const unity_reader& reader) {
  const std::string models = "/api/2.1/unity-catalog/models";
  routes.add("GET", models, [&reader](const call& c) { return list_models(c, reader); });
  routes.add("GET", models + "/{name}", [&reader](const call& c) {
    return with_model(c, reader, c.path_value("name"),
                      [](const auto& e, const auto& name) {
                        json_writer w;
                        write_model(w, e, name);
                        return json_answer(std::move(w));
                      });
  });
  routes.add("GET", models + "/{name}/versions", [&reader](const call& c) {
    return with_model(c, reader, c.path_value("name"), list_versions);
  });
  routes.add("GET", models + "/{name}/versions/{version}", [&reader](const call& c) {
    return with_model(c, reader, c.path_value("name"),
                      [&](const auto& e, const auto& name) {
                        return get_version(e, name, c.path_value("version"));
                      });
  });
  routes.add("GET", models + "/{name}/aliases/{alias}", [&reader](const call& c) {
    return with_model(
        c, reader, c.path_value("name"), [&](const auto& e, const auto& name) {
          const bool known = c.path_value("alias") == "champion";
          return get_version(e, name, known ? e.entity_version : c.path_value("alias"));
        });
  });
  routes.add("GET",
             "/api/2.0/fs/files/Models/{catalog}/{schema}/{model}/{version}/MLmodel",
             [&reader](const call& c) { return get_mlmodel(c, reader); });
  routes.add("GET", "/api/2.0/mlflow/model-versions/get", get_legacy_version);
  routes.add("GET", "/api/2.0/mlflow/registered-models/get",
             [](const call& c) { return get_legacy_model(c, "registered_model"); });
  routes.add(
      "GET", "/api/2.0/mlflow/databricks/registered-models/get",
      [](const call& c) { return get_legacy_model(c, "registered_model_databricks"); });
}

} // namespace lakegate::sandbox
