#include "shared/databricks/src/workspace.hpp"

#include <lakegate/http/url.hpp>
#include <lakegate/runtime/metrics.hpp>

#include <utility>

namespace lakegate::databricks {

namespace {

void add_if(std::vector<http::header>& headers, const char* name,
            const std::string& value) {
  if (!value.empty())
    headers.push_back({name, value});
}

} // namespace

workspace::workspace(workspace_config config, prometheus::Registry& registry)
    : config_{std::move(config)}, metrics_{registry, config_.process,
                                           config_.http.max_in_flight},
      registry_{registry}, client_{config_.http} {}

api_breaker& workspace::breaker_of(std::string_view api) {
  prometheus::Labels labels{{"process", config_.process}, {"api", std::string{api}}};
  std::lock_guard guard{mutex_};
  return breakers_
      .try_emplace(
          api, config_.breaker, api,
          runtime::gauge_of(registry_, "lakegate_upstream_breakers_open",
                            "APIs of the workspace that are held back.", labels),
          runtime::counter_of(registry_, "lakegate_upstream_breakers_opened_total",
                              "Times an API of the workspace was held back.", labels))
      .first->second;
}

http::request workspace::make_request(const call_context& ctx, rest_request what) const {
  http::request result;
  result.verb = what.verb;
  result.base_url = config_.host;
  result.target = std::move(what.target);
  result.body = std::move(what.body);
  result.max_response_bytes = what.max_response_bytes;
  result.time_left = std::chrono::duration_cast<std::chrono::milliseconds>(ctx.time_left);
  if (!ctx.token.empty())
    result.authorization = access_token{"Bearer " + ctx.token.reveal()};
  result.headers = {{"User-Agent", user_agent()}, {"Accept", std::string{what.accept}}};
  if (what.verb == http::method::post)
    result.headers.push_back({"Content-Type", "application/json"});
  add_if(result.headers, "traceparent", ctx.traceparent);
  add_if(result.headers, "X-Request-Id", ctx.correlation_id);
  add_if(result.headers, "X-Databricks-Workspace-Id", config_.workspace_id);
  return result;
}

workspace_ptr make_workspace(workspace_config config, prometheus::Registry& registry) {
  return std::make_shared<workspace>(std::move(config), registry);
}

std::string user_agent() {
  return "lakegate/" LAKEGATE_VERSION " os/linux";
}

std::string join_segments(std::initializer_list<std::string_view> segments) {
  std::string result;
  for (auto segment : segments) {
    if (segment.empty() || http::is_dot_segment(segment))
      return {};
    result += '/' + http::encode_segment(segment);
  }
  return result;
}

} // namespace lakegate::databricks
