#include "gateway/tests/support/api.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lakegate::gateway {
namespace {

using test::api;
using test::body_of;
using test::code_of;
using test::get;
using test::header_of;

http_request anonymous(std::string target) {
  auto result = get(std::move(target));
  result.headers = {{"Host", "localhost"}};
  return result;
}

databricks::workspace_user nobody() {
  return {};
}

TEST(TellingWhoIAm, NamesUserAndWorkspace) {
  api the_api;

  auto me = the_api.send(get("/api/user/me"));
  auto workspace = the_api.send(get("/api/user/me/workspace"));

  EXPECT_EQ(me.body, R"({"userName":"ada@example.com","displayName":"Ada","active":true,)"
                     R"("emails":["ada@example.com"]})");
  EXPECT_EQ(workspace.body,
            R"({"user":{"userName":"ada@example.com","displayName":"Ada","active":true},)"
            R"("workspace":{"name":"dbc-1234",)"
            R"("url":"https://dbc-1234.cloud.example.com"}})");
}

TEST(TellingTheAuthStatus, IsAlways200) {
  api the_api;

  auto good = the_api.send(get("/api/user/auth/status"));
  auto none = the_api.send(anonymous("/api/user/auth/status"));
  the_api.workspace = [](const auto&) {
    databricks::upstream_failure why;
    why.kind = databricks::failure_kind::token_invalid;
    return databricks::make_error(why);
  };
  auto request = anonymous("/api/user/auth/status");
  request.headers.push_back({"Authorization", "Bearer other"});
  auto refused = the_api.send(request);

  EXPECT_EQ(good.body, R"({"authenticated":true,"auth_mode":"obo",)"
                       R"("has_user_identity":true,"user_id":"ada@example.com"})");
  EXPECT_EQ(none.status, 200);
  EXPECT_EQ(none.body, R"({"authenticated":false,"auth_mode":"obo",)"
                       R"("has_user_identity":false,"user_id":null})");
  EXPECT_EQ(refused.status, 200);
  EXPECT_EQ(refused.body, none.body);
}

TEST(TellingTheAuthStatus, TellsATokenWithoutAUser) {
  api the_api;
  the_api.workspace = [](const auto&) { return nobody(); };

  auto status = the_api.send(get("/api/user/auth/status"));
  auto me = the_api.send(get("/api/user/me"));

  EXPECT_EQ(body_of(status)["authenticated"], true);
  EXPECT_EQ(body_of(status)["has_user_identity"], false);
  EXPECT_EQ(code_of(me), "AUTH_USER_IDENTITY_FAILED");
}

TEST(TellingHealth, NeedsNoToken) {
  api the_api;

  auto health = the_api.send(anonymous("/api/health"));
  auto metrics = the_api.send(anonymous("/api/metrics"));

  EXPECT_EQ(health.body, R"({"status":"healthy"})");
  EXPECT_EQ(metrics.status, 401);
}

TEST(TellingHealth, GivesMetricsToAUser) {
  api the_api;

  auto answer = the_api.send(get("/api/metrics"));

  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.content_type, "text/plain; version=0.0.4; charset=utf-8");
  EXPECT_NE(
      answer.body.find("lakegate_gateway_identity_lookups_total{source=\"workspace\""
                       "} 1"),
      std::string::npos);
}

TEST(ServingDocuments, GivesTheApiDescriptionAndItsPage) {
  api the_api;

  auto document = the_api.send(anonymous("/openapi.json"));
  auto page = the_api.send(anonymous("/docs"));

  EXPECT_EQ(body_of(document)["openapi"], "3.1.0");
  EXPECT_EQ(page.content_type, "text/html; charset=utf-8");
  EXPECT_EQ(page.body.find("https://"), std::string::npos);
}

TEST(ServingDocuments, DescribesEveryRouteAndNoOther) {
  api the_api;

  auto paths = body_of(the_api.send(anonymous("/openapi.json")))["paths"];

  std::size_t described = 0;
  for (const auto& [path, operations] : paths.items())
    for (auto verb : {"get", "post", "put", "delete"})
      described += operations.count(verb);
  EXPECT_EQ(described, routes().size());
  for (const auto& x : routes()) {
    std::string verb{to_string(x.method)};
    for (auto& c : verb)
      c = static_cast<char>(c - 'A' + 'a');
    EXPECT_EQ(paths[std::string{x.pattern}].count(verb), 1u) << x.pattern << " " << verb;
  }
}

service_status status_of(std::vector<component_status> parts) {
  return {std::move(parts)};
}

TEST(ReportingReadiness, AsksEachServiceOnceASecond) {
  api the_api;
  auto up = [](const get_status&) {
    return status_of({{"database", "up", ""}, {"workspace", "up", ""}});
  };
  the_api.preferences.on<get_status>(up);
  the_api.catalog.on<get_status>(up);
  the_api.model_serving.on<get_status>(up);

  auto answer = the_api.send(anonymous("/health/ready"));
  the_api.send(anonymous("/health/ready"));

  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, R"({"status":"ready","components":{)"
                         R"("preferences":{"status":"up","detail":null},)"
                         R"("catalog":{"status":"up","detail":null},)"
                         R"("model_serving":{"status":"up","detail":null},)"
                         R"("database":{"status":"up","detail":null},)"
                         R"("workspace":{"status":"up","detail":null}}})");
  EXPECT_EQ(the_api.catalog.received<get_status>().size(), 1u);
  EXPECT_EQ(header_of(answer, "Cache-Control"), "no-store");
}

TEST(ReportingReadiness, Is503OnlyWhenNoServiceCanServe) {
  service_status database_down{{{"database", "down", "refused"}}};
  service_status workspace_up{{{"workspace", "up", ""}}};
  service_status nothing{
      {{"database", "not_configured", "Set PGHOST."}, {"workspace", "down", "x"}}};

  auto degraded = make_report(&database_down, &workspace_up, nullptr);
  auto unready = make_report(&nothing, nullptr, &nothing);
  service_status all_but_database{
      {{"database", "not_configured", "Set PGHOST."}, {"workspace", "up", ""}}};
  auto ready = make_report(&all_but_database, &workspace_up, &all_but_database);

  EXPECT_EQ(degraded.status, "degraded");
  EXPECT_EQ(degraded.components[2].status, "down");
  EXPECT_EQ(degraded.components[3].detail, "refused");
  EXPECT_EQ(unready.status, "unready");
  EXPECT_EQ(ready.status, "ready");
  EXPECT_EQ(ready.components[3].status, "not_configured");
}

} // namespace
} // namespace lakegate::gateway
