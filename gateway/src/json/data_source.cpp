#include "gateway/src/json/data_source.hpp"

#include <lakegate/contracts/query_request.hpp>

#include <utility>

namespace lakegate::gateway::json {

namespace {

/// What the workspace did not tell is null.
void member_or_null(json_writer& w, std::string_view name, const std::string& value) {
  if (value.empty())
    w.member(name, nullptr);
  else
    w.member(name, value);
}

} // namespace

void write(json_writer& w, const catalog::data_source& x) {
  w.begin_object();
  w.member("catalog_name", x.catalog_name).member("schema_name", x.schema_name);
  w.member("table_name", x.table_name).key("columns").begin_array();
  for (const auto& c : x.columns)
    w.begin_object()
        .member("name", c.name)
        .member("data_type", c.data_type)
        .member("nullable", c.nullable)
        .end_object();
  w.end_array();
  w.member("row_count", x.row_count).member("size_bytes", x.size_bytes);
  member_or_null(w, "owner", x.owner);
  w.member("access_level", x.access_level);
  member_or_null(w, "last_refreshed", x.last_refreshed);
  w.end_object();
}

std::string render(const std::vector<std::string>& names) {
  json_writer w;
  w.begin_array();
  for (const auto& x : names)
    w.value(x);
  w.end_array();
  return std::move(w).str();
}

std::string render(const std::vector<catalog::data_source>& items) {
  json_writer w;
  w.begin_array();
  for (const auto& x : items)
    write(w, x);
  w.end_array();
  return std::move(w).str();
}

std::string render(const catalog::query_result& x, std::string_view user_id) {
  json_writer w;
  w.begin_object().member("query_id", x.query_id).key("data_source");
  write(w, x.source);
  w.member("sql_statement", x.sql_statement).member("rows", x.rows);
  w.member("row_count", x.row_count).member("total_row_count", x.total_row_count);
  w.member("execution_time_ms", x.execution_time_ms).member("user_id", user_id);
  w.member("executed_at", x.executed_at).member("status", "SUCCEEDED");
  w.member("error_message", nullptr).key("order_by").begin_array();
  for (const auto& term : x.order_by)
    w.value(catalog::to_string(term));
  w.end_array().end_object();
  return std::move(w).str();
}

} // namespace lakegate::gateway::json
