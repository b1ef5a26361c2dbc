#include <lakegate/databricks/workspace.hpp>

#include <lakegate/core/errors.hpp>
#include <lakegate/http/url.hpp>

#include <utility>

namespace lakegate::databricks {

namespace {

std::string check_host(std::string_view text) {
  return text.empty() || http::origin_of(text)
             ? ""
             : "must be a workspace's address such as https://dbc-1.cloud.databricks.com";
}

} // namespace

std::vector<runtime::setting> workspace_settings() {
  return {
      {"databricks.host",
       {"DATABRICKS_HOST"},
       "",
       check_host,
       "The workspace; https:// may be left out. Empty: none, and what needs one says "
       "so"},
      {"databricks.workspace-id",
       {"DATABRICKS_WORKSPACE_ID"},
       "",
       runtime::anything(),
       "The workspace's number, for hosts that serve several"},
      {"databricks.ca-file",
       {"LAKEGATE_DATABRICKS_CA_FILE"},
       "",
       runtime::anything(),
       "Certificates to trust for the workspace, PEM; empty: the system's"},
      {"databricks.max-connections",
       {"LAKEGATE_DATABRICKS_MAX_CONNECTIONS"},
       "64",
       runtime::integer_between(1, 1024),
       "Connections to the workspace at most"},
      {"databricks.max-in-flight",
       {"LAKEGATE_DATABRICKS_MAX_IN_FLIGHT"},
       "512",
       runtime::integer_between(1, 65536),
       "Calls of the workspace in flight at most"},
  };
}

caf::expected<workspace_config> read_workspace_config(std::string process,
                                                      const runtime::settings& values) {
  workspace_config result;
  result.process = std::move(process);
  const auto& pasted = values.text("databricks.host");
  if (!pasted.empty()) {
    auto origin = http::origin_of(pasted);
    if (!origin)
      return make_error(failure{
          errc::internal_error, "databricks.host " + check_host(pasted), {}, caf::none});
    result.host = *origin;
  }
  result.workspace_id = values.text("databricks.workspace-id");
  if (result.workspace_id.empty())
    result.workspace_id = http::query_parameter_of(pasted, "o").value_or("");
  result.http.ca_file = values.text("databricks.ca-file");
  result.http.max_connections_per_host =
      static_cast<std::size_t>(values.integer("databricks.max-connections"));
  result.http.max_in_flight =
      static_cast<std::size_t>(values.integer("databricks.max-in-flight"));
  return result;
}

} // namespace lakegate::databricks
