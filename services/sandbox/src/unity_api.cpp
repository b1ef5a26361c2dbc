#include "services/sandbox/src/unity_api.hpp"

#include "services/sandbox/src/answers.hpp"
#include "services/sandbox/src/faults.hpp"
#include "services/sandbox/src/paging.hpp"
#include "services/sandbox/src/sql_lexer.hpp"
#include "services/sandbox/src/unity_json.hpp"

#include <algorithm>
#include <functional>
#include <memory>
#include <tuple>

namespace lakegate::sandbox {

namespace {

http_response metastore_unavailable() {
  return error_answer(
      {503, "TEMPORARILY_UNAVAILABLE", "The metastore is temporarily unavailable."});
}

template <class Entry>
const Entry* find_entry(const std::vector<Entry>& entries, std::string_view name) {
  const auto found = std::find_if(entries.begin(), entries.end(),
                                  [&](const auto& e) { return e.name == name; });
  return found == entries.end() ? nullptr : &*found;
}

/// `{"NAME":[…],"next_page_token":…}` of one page of `total` entries.
http_response
list_answer(const call& c, std::string_view name, std::size_t total,
            std::size_t page_size,
            const std::function<void(json_writer&, std::size_t)>& write_entry) {
  const auto part = page_of(c, total, page_size);
  if (const auto* refused = std::get_if<http_response>(&part))
    return *refused;
  const auto& [first, count, next] = std::get<page>(part);
  json_writer w;
  w.begin_object();
  if (count > 0) {
    w.key(name).begin_array();
    for (auto i = first; i < first + count; ++i)
      write_entry(w, i);
    w.end_array();
  }
  if (!next.empty())
    w.member("next_page_token", next);
  w.end_object();
  return json_answer(std::move(w));
}

/// LIKE of table-summaries: `%` only.
bool is_like(std::string_view pattern, std::string_view name) {
  std::string glob{pattern};
  std::replace(glob.begin(), glob.end(), '%', '*');
  return pattern.empty() || matches_pattern(glob, name);
}

class unity_routes {
public:
  unity_routes(const unity_reader& reader, std::size_t page_size)
      : reader_{reader}, page_size_{page_size} {}

  http_response list_catalogs(const call& c) const {
    auto all = reader_.catalogs(c.caller->user_name);
    if (!all)
      return metastore_unavailable();
    std::erase_if(*all, [](const auto& e) { return !e.usable; });
    return list_answer(
        c, "catalogs", all->size(), page_size_,
        [&](json_writer& w, std::size_t i) { write_catalog(w, (*all)[i]); });
  }

  http_response get_catalog(const call& c) const {
    const auto name = to_lower(c.path_value("name"));
    if (auto refused = access(c).check_catalog(name))
      return *refused;
    const auto all = reader_.catalogs(c.caller->user_name);
    const auto* found = all ? find_entry(*all, name) : nullptr;
    if (!found)
      return metastore_unavailable();
    json_writer w;
    write_catalog(w, *found);
    return json_answer(std::move(w));
  }

  http_response list_schemas(const call& c) const {
    const auto catalog = to_lower(c.query_value("catalog_name"));
    if (catalog.empty())
      return invalid_parameter("Missing required field: catalog_name");
    if (auto refused = access(c).check_catalog(catalog))
      return *refused;
    auto all = reader_.schemas(c.caller->user_name, catalog);
    if (!all)
      return metastore_unavailable();
    std::erase_if(*all, [](const auto& e) { return !e.usable; });
    return list_answer(
        c, "schemas", all->size(), page_size_,
        [&](json_writer& w, std::size_t i) { write_schema(w, catalog, (*all)[i]); });
  }

  http_response get_schema(const call& c) const {
    const auto full_name = to_lower(c.path_value("name"));
    const auto dot = full_name.find('.');
    if (dot == std::string::npos)
      return invalid_parameter("Invalid schema name " + full_name + ".");
    const auto catalog = full_name.substr(0, dot);
    const auto schema = full_name.substr(dot + 1);
    if (auto refused = access(c).check_schema(catalog, schema))
      return *refused;
    const auto all = reader_.schemas(c.caller->user_name, catalog);
    const auto* found = all ? find_entry(*all, schema) : nullptr;
    if (!found)
      return metastore_unavailable();
    json_writer w;
    write_schema(w, catalog, *found);
    return json_answer(std::move(w));
  }

  http_response list_tables(const call& c) const {
    const auto catalog = to_lower(c.query_value("catalog_name"));
    const auto schema = to_lower(c.query_value("schema_name"));
    if (catalog.empty() || schema.empty())
      return invalid_parameter(
          "Missing required field: "
          + std::string{catalog.empty() ? "catalog_name" : "schema_name"});
    if (auto refused = access(c).check_schema(catalog, schema))
      return *refused;
    auto all = reader_.tables(c.caller->user_name, catalog, schema);
    if (!all)
      return metastore_unavailable();
    std::erase_if(*all, [](const auto& e) { return !e.readable; });
    const table_detail detail{c.query_value("omit_columns") != "true",
                              c.query_value("omit_properties") != "true",
                              c.query_value("omit_username") != "true"};
    if (detail.columns && !reader_.read_columns(catalog, schema, *all))
      return metastore_unavailable();
    return list_answer(c, "tables", all->size(), page_size_,
                       [&](json_writer& w, std::size_t i) {
                         write_table(w, catalog, schema, (*all)[i], detail);
                       });
  }

  http_response get_table(const call& c) const {
    auto found = find_table(c);
    if (const auto* refused = std::get_if<http_response>(&found))
      return *refused;
    auto& [catalog, schema, tables] = std::get<located>(found);
    if (!tables.front().readable)
      return privilege_missing("SELECT", "Table",
                               catalog + "." + schema + "." + tables.front().name);
    if (!reader_.read_columns(catalog, schema, tables))
      return metastore_unavailable();
    json_writer w;
    write_table(w, catalog, schema, tables.front(), {},
                reader_.primary_key(catalog, schema, tables.front().name));
    return json_answer(std::move(w));
  }

  http_response table_exists(const call& c) const {
    const auto found = find_table(c);
    const auto* refused = std::get_if<http_response>(&found);
    if (refused && refused->status != 404)
      return *refused;
    json_writer w;
    w.begin_object().member("table_exists", refused == nullptr).end_object();
    return json_answer(std::move(w));
  }

  http_response list_summaries(const call& c) const {
    const auto catalog = to_lower(c.query_value("catalog_name"));
    if (auto refused = access(c).check_catalog(catalog))
      return *refused;
    std::vector<std::pair<std::string, std::string>> found;
    const auto schemas = reader_.schemas(c.caller->user_name, catalog);
    for (const auto& s : schemas.value_or(std::vector<schema_entry>{})) {
      if (!s.usable || !is_like(c.query_value("schema_name_pattern"), s.name))
        continue;
      const auto tables = reader_.tables(c.caller->user_name, catalog, s.name);
      for (const auto& t : tables.value_or(std::vector<table_entry>{}))
        if (t.readable && is_like(c.query_value("table_name_pattern"), t.name))
          found.emplace_back(catalog + "." + s.name + "." + t.name, t.table_type);
    }
    return list_answer(c, "tables", found.size(), page_size_,
                       [&](json_writer& w, std::size_t i) {
                         w.begin_object().member("full_name", found[i].first);
                         w.member("table_type", found[i].second).end_object();
                       });
  }

private:
  unity_access access(const call& c) const { return {reader_, c.caller->user_name}; }

  /// The catalog, the schema and the one table.
  using located = std::tuple<std::string, std::string, std::vector<table_entry>>;

  /// `catalog.schema.table`; a dot may be part of the schema's or the table's name.
  std::variant<located, http_response> find_table(const call& c) const {
    const auto full_name = to_lower(c.path_value("name"));
    const auto first = full_name.find('.');
    const auto second =
        full_name.find('.', first == std::string::npos ? first : first + 1);
    if (second == std::string::npos)
      return invalid_parameter("Invalid table name " + full_name + ".");
    const auto catalog = full_name.substr(0, first);
    if (auto refused = access(c).check_catalog(catalog))
      return *refused;
    auto schema = full_name.substr(first + 1, second - first - 1);
    const auto schemas = reader_.schemas(c.caller->user_name, catalog);
    for (const auto& s : schemas.value_or(std::vector<schema_entry>{}))
      if (s.name.size() > schema.size()
          && std::string_view{full_name}.substr(first + 1).starts_with(s.name + "."))
        schema = s.name;
    if (auto refused = access(c).check_schema(catalog, schema))
      return *refused;
    auto tables = reader_.tables(c.caller->user_name, catalog, schema);
    if (!tables)
      return metastore_unavailable();
    const auto table = full_name.substr(first + schema.size() + 2);
    std::erase_if(*tables, [&](const auto& t) { return t.name != table; });
    if (tables->empty())
      return securable_missing("Table", full_name);
    return located{catalog, schema, std::move(*tables)};
  }

  const unity_reader& reader_;
  std::size_t page_size_;
};

http_response metastore_assignment(const call&) {
  json_writer w;
  w.begin_object().member("metastore_id", metastore_id);
  w.key("workspace_id").raw(workspace_id);
  w.member("default_catalog_name", "main").end_object();
  return json_answer(std::move(w));
}

} // namespace

std::optional<http_response>
unity_access::check_catalog(const std::string& catalog) const {
  const auto all = reader_.catalogs(user_);
  if (!all)
    return metastore_unavailable();
  const auto* found = find_entry(*all, catalog);
  if (!found)
    return securable_missing("Catalog", catalog);
  if (!found->usable)
    return privilege_missing("USE CATALOG", "Catalog", catalog);
  return std::nullopt;
}

std::optional<http_response> unity_access::check_schema(const std::string& catalog,
                                                        const std::string& schema) const {
  if (auto refused = check_catalog(catalog))
    return refused;
  const auto all = reader_.schemas(user_, catalog);
  if (!all)
    return metastore_unavailable();
  const auto* found = find_entry(*all, schema);
  const auto full_name = catalog + "." + schema;
  if (!found)
    return securable_missing("Schema", full_name);
  if (!found->usable)
    return privilege_missing("USE SCHEMA", "Schema", full_name);
  return std::nullopt;
}

void add_unity_routes(route_table& routes, const unity_reader& reader,
                      std::size_t page_size) {
  const auto api = std::make_shared<const unity_routes>(reader, page_size);
  const auto get = [&](std::string_view path,
                       http_response (unity_routes::*run)(const call&) const) {
    routes.add("GET", "/api/2.1/unity-catalog/" + std::string{path},
               [api, run](const call& c) { return (*api.*run)(c); });
  };
  get("catalogs", &unity_routes::list_catalogs);
  get("catalogs/{name}", &unity_routes::get_catalog);
  get("schemas", &unity_routes::list_schemas);
  get("schemas/{name}", &unity_routes::get_schema);
  get("tables", &unity_routes::list_tables);
  get("tables/{name}", &unity_routes::get_table);
  get("tables/{name}/exists", &unity_routes::table_exists);
  get("table-summaries", &unity_routes::list_summaries);
  routes.add("GET", "/api/2.1/unity-catalog/current-metastore-assignment",
             metastore_assignment);
}

} // namespace lakegate::sandbox
