#include "gateway/src/config.hpp"

#include <asio/ip/address.hpp>

#include <exception>
#include <string>
#include <string_view>
#include <utility>

namespace lakegate::gateway {

namespace {

using namespace std::chrono_literals;
using runtime::setting;

constexpr std::int64_t mebibyte = 1024 * 1024;

std::string check_host(std::string_view text) {
  asio::error_code error;
  asio::ip::make_address(std::string{text}, error);
  return error && text != "localhost" ? "must be an IP address or localhost" : "";
}

std::string check_optional_port(std::string_view text) {
  return text.empty() ? "" : runtime::integer_between(1, 65535)(text);
}

/// An origin as browsers send it: scheme, host and port, no path (RFC 6454, 7).
bool is_origin(std::string_view text) {
  auto host = text.find("://");
  return host != std::string_view::npos && host + 3 < text.size()
         && text.find_first_of("/ ", host + 3) == std::string_view::npos;
}

std::vector<std::string> split_origins(std::string_view text) {
  std::vector<std::string> result;
  while (!text.empty()) {
    auto comma = text.find(',');
    auto part = text.substr(0, comma);
    if (!part.empty())
      result.emplace_back(part);
    text.remove_prefix(comma == std::string_view::npos ? text.size() : comma + 1);
  }
  return result;
}

std::string check_origins(std::string_view text) {
  for (const auto& x : split_origins(text))
    if (!is_origin(x))
      return "must be origins such as https://app.example.com, separated by commas";
  return {};
}

std::vector<setting> http_settings() {
  using runtime::duration_between;
  using runtime::integer_between;
  return {
      {"gateway.host",
       {"LAKEGATE_GATEWAY_HOST"},
       "127.0.0.1",
       check_host,
       "Address that the API listens on (0.0.0.0 where DATABRICKS_APP_PORT is set)"},
      {"gateway.port",
       {"LAKEGATE_GATEWAY_PORT"},
       "8080",
       integer_between(0, 65535),
       "Port of the API; 0 takes any free one"},
      {"gateway.app-port",
       {"DATABRICKS_APP_PORT"},
       "",
       check_optional_port,
       "Port that Databricks Apps gives; gateway.port goes before it"},
      {"gateway.event-loops",
       {"LAKEGATE_EVENT_LOOPS"},
       "1",
       integer_between(1, 64),
       "Threads that serve HTTP, each with its own connections to the services"},
      {"gateway.max-body-bytes",
       {"LAKEGATE_MAX_BODY_BYTES"},
       "33554432",
       integer_between(1024, 1024 * mebibyte),
       "Hard limit of a request's body; a larger one ends the connection"},
      {"gateway.max-connections",
       {"LAKEGATE_MAX_CONNECTIONS"},
       "1024",
       integer_between(1, 100'000),
       "Client connections of one event loop"},
      {"gateway.read-timeout",
       {"LAKEGATE_READ_TIMEOUT"},
       "15s",
       duration_between(100ms, 10min),
       "For a whole request to arrive"},
      {"gateway.write-timeout",
       {"LAKEGATE_WRITE_TIMEOUT"},
       "30s",
       duration_between(100ms, 10min),
       "For the client to take an answer"},
      {"gateway.request-deadline",
       {"LAKEGATE_REQUEST_DEADLINE"},
       "30s",
       duration_between(100ms, 5min),
       "For the whole work of a request; an invocation has its own timeout_seconds"},
      {"gateway.max-in-flight",
       {"LAKEGATE_MAX_IN_FLIGHT"},
       "1024",
       integer_between(1, 100'000),
       "Requests of one event loop that wait for answers; beyond, 503 OVERLOADED"},
      {"gateway.user-rate",
       {"LAKEGATE_USER_RATE"},
       "0",
       integer_between(0, 1'000'000),
       "Requests a second of one user, twice as many at once; 0: any number"},
      {"gateway.cors-origins",
       {"LAKEGATE_CORS_ORIGINS"},
       "",
       check_origins,
       "Origins whose pages may call the API, separated by commas"},
      {"gateway.static-dir",
       {"LAKEGATE_STATIC_DIR"},
       "",
       runtime::anything(),
       "Folder of a single-page app that is served in place of the console; read at "
       "start"},
  };
}

std::vector<setting> upstream_settings() {
  return {
      {"identity.ttl",
       {"LAKEGATE_IDENTITY_TTL"},
       "30s",
       runtime::duration_between(0ms, 1h),
       "How long a verified identity is remembered; 0 asks the workspace every time"},
      {"identity.timeout",
       {"LAKEGATE_IDENTITY_TIMEOUT"},
       "10s",
       runtime::duration_between(100ms, 1min),
       "For the workspace to tell who a token belongs to"},
      {"preferences.address",
       {"LAKEGATE_PREFERENCES_ADDRESS"},
       "127.0.0.1:4241",
       runtime::check_peer_addresses,
       "Replicas of the preferences service, host:port[,host:port]"},
      {"catalog.address",
       {"LAKEGATE_CATALOG_ADDRESS"},
       "127.0.0.1:4242",
       runtime::check_peer_addresses,
       "Replicas of the catalog service"},
      {"model-serving.address",
       {"LAKEGATE_MODEL_SERVING_ADDRESS"},
       "127.0.0.1:4243",
       runtime::check_peer_addresses,
       "Replicas of the model serving service"},
  };
}

void read_http(const runtime::settings& values, config& out) {
  auto app_port = values.text("gateway.app-port");
  auto is_app = !app_port.empty() && !values.is_set("gateway.port");
  auto port =
      is_app ? values.integer("gateway.app-port") : values.integer("gateway.port");
  out.http.port = static_cast<std::uint16_t>(port);
  out.http.host = !app_port.empty() && !values.is_set("gateway.host")
                      ? "0.0.0.0"
                      : values.text("gateway.host");
  auto count = [&](std::string_view name) {
    return static_cast<std::size_t>(values.integer(name));
  };
  auto& limits = out.http.limits;
  limits.max_body_bytes = count("gateway.max-body-bytes");
  limits.max_connections = count("gateway.max-connections");
  limits.read = values.duration("gateway.read-timeout");
  limits.write = values.duration("gateway.write-timeout");
  out.dispatch.request_deadline = values.duration("gateway.request-deadline");
  out.dispatch.max_in_flight = count("gateway.max-in-flight");
  out.dispatch.requests_per_second = values.integer("gateway.user-rate");
  out.dispatch.cors_origins = split_origins(values.text("gateway.cors-origins"));
  out.event_loops = count("gateway.event-loops");
}

/// Leaves the console where no folder is named.
caf::error read_site(const runtime::settings& values, config& out) {
  const auto& folder = values.text("gateway.static-dir");
  if (folder.empty())
    return {};
  try {
    out.dispatch.site = web_site::of_folder(folder);
    return {};
  } catch (const std::exception& x) {
    return runtime::setting_error("LAKEGATE_STATIC_DIR is \"" + folder + "\", which "
                                  + x.what() + ".");
  }
}

} // namespace

std::vector<setting> all_settings() {
  return runtime::joined({http_settings(), upstream_settings(),
                          databricks::workspace_settings(), runtime::node_settings("0")});
}

caf::expected<config> read_config(const runtime::settings& values) {
  config result;
  read_http(values, result);
  if (auto wrong = read_site(values, result))
    return wrong;
  result.identity.ttl = values.duration("identity.ttl");
  result.identity.upstream_budget = values.duration("identity.timeout");
  auto node = runtime::read_node_config("gateway", values);
  if (!node)
    return std::move(node.error());
  auto workspace = databricks::read_workspace_config("gateway", values);
  if (!workspace)
    return std::move(workspace.error());
  result.node = std::move(*node);
  result.workspace = std::move(*workspace);
  result.preferences = *runtime::parse_peer_addresses(values.text("preferences.address"));
  result.catalog = *runtime::parse_peer_addresses(values.text("catalog.address"));
  result.model_serving =
      *runtime::parse_peer_addresses(values.text("model-serving.address"));
  return result;
}

} // namespace lakegate::gateway
