// What holds for every request: who the caller is, methods, headers, bodies, correlation;
// and the error codes that no story provokes.

#include "integration-tests/support/openapi.hpp"
#include "integration-tests/support/scenario.hpp"

#include <set>

namespace lakegate::integration {

using databricks::failure_kind;
using databricks::upstream_failure;
using nlohmann::json;
using testing::_;
using testing::AllOf;
using testing::Return;

namespace {

/// One request for each operation that needs a token, valid but for the token.
std::vector<Request> EveryOperationThatNeedsAToken() {
  static const std::set<std::string> open{"/health",       "/api/health",
                                          "/health/ready", "/openapi.json",
                                          "/docs",         "/api/user/auth/status"};
  std::vector<Request> all;
  for (const auto& operation : openapi_document::shared().operations()) {
    auto blank = operation.find(' ');
    auto target = operation.substr(blank + 1);
    if (open.contains(target))
      continue;
    if (auto brace = target.find('{'); brace != std::string::npos)
      target.replace(brace, target.find('}') - brace + 1, "name");
    Request request{operation.substr(0, blank), target};
    if (request.method() == "POST" || request.method() == "PUT")
      request = std::move(request).With(json::object());
    all.push_back(std::move(request));
  }
  return all;
}

/// A JWT of that expiry, unsigned: only its claims matter to us.
std::string JwtExpiringAt(const std::string& exp) {
  // {"alg":"none"} and {"exp":…} in base64url; the payloads used here are fixed texts.
  return "eyJhbGciOiJub25lIn0." + exp + ".c2lnbmF0dXJl";
}

} // namespace

class EveryRequest : public Scenario {};

TEST_F(EveryRequest, WithoutATokenLearnsNothingMoreThan401) {
  for (const auto& request : EveryOperationThatNeedsAToken())
    EXPECT_THAT(When(request), IsProblem(errc::auth_missing));
}

TEST_F(EveryRequest, WithAMalformedTokenIs401) {
  for (const auto& token :
       {std::string{"with blank"}, std::string{"h\xC3\xA9"}, std::string(8193, 't')})
    for (auto request : EveryOperationThatNeedsAToken())
      EXPECT_THAT(When(std::move(request).WithToken(token)),
                  IsProblem(errc::auth_malformed));
}

TEST_F(EveryRequest, WithARefusedTokenIs401) {
  for (auto request : EveryOperationThatNeedsAToken())
    EXPECT_THAT(When(std::move(request).WithToken("nobody")),
                IsProblem(errc::auth_invalid));
}

TEST_F(EveryRequest, WithAnExpiredTokenIs401) {
  auto expired_long_ago = JwtExpiringAt("eyJleHAiOjE2MDAwMDAwMDB9"); // {"exp":1600000000}
  EXPECT_CALL(Workspace().identity, get_current_user(_)).Times(0);

  for (auto request : EveryOperationThatNeedsAToken())
    EXPECT_THAT(When(std::move(request).WithToken(expired_long_ago)),
                IsProblem(errc::auth_expired));
}

TEST_F(EveryRequest, WhatTheWorkspaceCallsExpiredIs401) {
  EXPECT_THAT(When(Get("/api/user/me").WithToken("expired")),
              IsProblem(errc::auth_expired));
}

TEST_F(EveryRequest, AUserWithoutANameOrInactiveIs401) {
  databricks::workspace_user nameless;
  nameless.active = true;
  databricks::workspace_user inactive;
  inactive.user_name = "gone@example.com";
  EXPECT_CALL(Workspace().identity, get_current_user(_))
      .WillOnce(Return(caf::expected<databricks::workspace_user>{nameless}))
      .WillOnce(Return(caf::expected<databricks::workspace_user>{inactive}));

  EXPECT_THAT(When(Get("/api/user/me").WithToken("one")),
              IsProblem(errc::auth_user_identity_failed));
  EXPECT_THAT(When(Get("/api/user/me").WithToken("two")),
              IsProblem(errc::auth_user_identity_failed));
}

TEST_F(EveryRequest, AnUnreachableWorkspaceIsNotTheCallersFault) {
  ON_CALL(Workspace().identity, get_current_user(_))
      .WillByDefault(Return(
          test::fails<databricks::workspace_user>(Failing(failure_kind::unavailable))));

  EXPECT_THAT(When(Get("/api/user/me").As(user_a)),
              IsProblem(errc::identity_unavailable));
}

TEST_F(EveryRequest, IdentityIsNeverTakenFromAHeader) {
  auto response = When(Get("/api/user/me")
                           .WithHeader("X-Forwarded-User", user_b)
                           .WithHeader("X-Forwarded-Email", user_b)
                           .WithHeader("X-Forwarded-Preferred-Username", user_b)
                           .As(user_a));

  EXPECT_EQ(response.json()["userName"], user_a);
}

TEST_F(EveryRequest, TakesABearerTokenWhenTheForwardedOneIsAbsent) {
  auto bearer =
      When(Get("/api/user/me").WithHeader("Authorization", "Bearer " + TokenOf(user_b)));
  auto both = When(Get("/api/user/me")
                       .WithHeader("Authorization", "Bearer " + TokenOf(user_b))
                       .As(user_a));

  EXPECT_EQ(bearer.json()["userName"], user_b);
  EXPECT_EQ(both.json()["userName"], user_a);
}

TEST_F(EveryRequest, AHeaderThatMayComeOnceIsRefusedTwice) {
  auto response = When(Get("/api/user/me").As(user_a).WithToken(TokenOf(user_b)));

  EXPECT_THAT(response, IsProblem(errc::duplicate_header));
}

TEST_F(EveryRequest, TellsUserAndWorkspace) {
  auto me = When(Get("/api/user/me").As(user_a));
  auto workspace = When(Get("/api/user/me/workspace").As(user_a));
  auto in = When(Get("/api/user/auth/status").As(user_a));
  auto out = When(Get("/api/user/auth/status"));

  EXPECT_THAT(me, HasBody(json{{"userName", user_a},
                               {"displayName", "User " + user_a},
                               {"active", true},
                               {"emails", {user_a}}}));
  EXPECT_THAT(
      workspace,
      HasBody(json{
          {"user",
           {{"userName", user_a}, {"displayName", "User " + user_a}, {"active", true}}},
          {"workspace",
           {{"name", "reference"}, {"url", "https://reference.cloud.databricks.com"}}}}));
  EXPECT_THAT(in, HasBody(json{{"authenticated", true},
                               {"auth_mode", "obo"},
                               {"has_user_identity", true},
                               {"user_id", user_a}}));
  EXPECT_THAT(out, HasBody(json{{"authenticated", false},
                                {"auth_mode", "obo"},
                                {"has_user_identity", false},
                                {"user_id", nullptr}}));
}

TEST_F(EveryRequest, HealthAndDocumentsAreOpen) {
  EXPECT_THAT(When(Get("/health")), HasBody(json{{"status", "healthy"}}));
  EXPECT_THAT(When(Get("/api/health")), HasBody(json{{"status", "healthy"}}));
  EXPECT_THAT(When(Get("/openapi.json")), HasJson(json{{"openapi", "3.1.0"}}));
  EXPECT_THAT(When(Get("/docs")), HasStatus(200));
  auto ready = Eventually(Get("/health/ready"), [](const Response& x) {
    return x.json()["status"] == "ready";
  });
  EXPECT_EQ(ready.json()["components"]["database"]["status"], "up");
  EXPECT_THAT(When(Get("/api/metrics").As(user_a)), HasStatus(200));
}

TEST_F(EveryRequest, UnknownPathsAndMethodsAreToldApart) {
  auto path = When(Get("/api/nope").As(user_a));
  auto method = When(Delete(path::catalogs).As(user_a));
  auto head = When(Head(path::catalogs).As(user_a));

  EXPECT_THAT(path, IsProblem(errc::not_found));
  EXPECT_THAT(method, IsProblem(errc::method_not_allowed));
  EXPECT_EQ(method.header("Allow"), "GET, HEAD, OPTIONS");
  EXPECT_THAT(head, HasStatus(200));
  EXPECT_EQ(head.body, "");
}

TEST_F(EveryRequest, EchoesAGoodCorrelationIdAndReplacesABadOne) {
  auto good =
      When(Get("/api/user/me").WithHeader("X-Correlation-ID", "Abc-1._").As(user_a));
  auto bad = When(Get("/api/user/me").WithHeader("X-Correlation-ID", "a b").As(user_a));

  EXPECT_EQ(good.header("X-Correlation-ID"), "Abc-1._");
  EXPECT_NE(bad.header("X-Correlation-ID"), "a b");
  EXPECT_EQ(bad.header("X-Correlation-ID").size(), 36u);
}

TEST_F(EveryRequest, BadBodiesAreNamed) {
  auto post = [this](const std::string& body,
                     const std::string& type = "application/json") {
    return When(Post(path::preferences).WithBody(body, type).As(user_a));
  };
  const std::string key = R"({"preference_key":"k","preference_value":)";

  EXPECT_THAT(post("{}", "text/plain"), IsProblem(errc::unsupported_media_type));
  EXPECT_THAT(post(key + "{}}", "application/vnd.x+json"), HasStatus(201));
  for (const auto& body : {std::string{"{"}, std::string{"\xEF\xBB\xBF{}"}, key + "{}} x",
                           key + "{\"a\":1,\"a\":2}}", key + "{\"a\":\"\\ud800\"}}",
                           key + "{\"a\":\"\xFF\"}}",
                           key + std::string(70, '[') + std::string(70, ']') + "}"})
    EXPECT_THAT(post(body), IsProblem(errc::invalid_request)) << body;
}

TEST_F(EveryRequest, KnownParametersComeOnceAndEscapesAreGood) {
  auto twice = When(Get(path::preferences + "?limit=1&limit=2").As(user_a));
  auto unknown = When(Get(path::preferences + "?nope=1&nope=2").As(user_a));
  auto escape = When(Get(path::preferences + "/%zz").As(user_a));
  auto overlong = When(Get(path::preferences + "/%c0%af").As(user_a));
  auto nul = When(Get(path::preferences + "/a%00b").As(user_a));

  EXPECT_EQ(twice.status, 400);
  EXPECT_THAT(unknown, HasStatus(200));
  EXPECT_EQ(escape.status, 400);
  EXPECT_EQ(overlong.status, 400);
  EXPECT_EQ(nul.status, 400);
}

TEST_F(EveryRequest, UpstreamFailuresHaveTheirOwnCodes) {
  auto catalogs_fail = [this](upstream_failure x) {
    EXPECT_CALL(Workspace().catalog, list_catalogs(_))
        .WillRepeatedly(Return(test::fails<databricks::name_page>(x)));
    auto response = When(Get(path::catalogs).As(user_a));
    testing::Mock::VerifyAndClearExpectations(&Workspace().catalog);
    return response;
  };
  auto scope = Failing(failure_kind::scope_missing, 403);
  scope.scope = "unity-catalog";
  auto limited = Failing(failure_kind::rate_limited, 429);
  limited.retry_after = 60;

  auto missing_scope = catalogs_fail(scope);
  EXPECT_THAT(missing_scope, IsProblem(errc::token_scope_missing));
  EXPECT_EQ(missing_scope.json()["detail"]["technical_details"]["required_scope"],
            "unity-catalog");
  auto rate_limited = catalogs_fail(limited);
  EXPECT_THAT(rate_limited, IsProblem(errc::rate_limited));
  EXPECT_EQ(rate_limited.header("Retry-After"), "60");
  EXPECT_THAT(catalogs_fail(Failing(failure_kind::invalid_response, 200)),
              IsProblem(errc::upstream_invalid_response));
  EXPECT_THAT(catalogs_fail(Failing(failure_kind::unavailable, 500)),
              IsProblem(errc::catalog_unavailable));
}

TEST_F(EveryRequest, AnEndpointThatIsNotReadySaysSo) {
  auto updating = ReferenceEndpoints()[1];
  updating.ready = "NOT_READY";
  updating.config_update = "IN_PROGRESS";
  auto refusal = Failing(failure_kind::not_found, 404);
  refusal.error_code = "RESOURCE_DOES_NOT_EXIST";
  ON_CALL(Workspace().serving, get_serving_endpoint(_))
      .WillByDefault(Return(caf::expected<databricks::serving_endpoint>{updating}));
  ON_CALL(Workspace().serving, invoke_endpoint(_))
      .WillByDefault(Return(test::fails<databricks::invocation_answer>(refusal)));

  EXPECT_THAT(When(Classify("x").As(user_a)), IsProblem(errc::endpoint_not_ready));
}

TEST_F(EveryRequest, ACrashInsideLeaksNothing) {
  EXPECT_CALL(Workspace().identity, get_current_user(_))
      .WillOnce(
          testing::Invoke([](const auto&) -> test::reply<databricks::workspace_user> {
            throw std::runtime_error{"a secret detail"};
          }))
      .WillRepeatedly(testing::DoDefault());

  auto response = When(Get("/api/user/me").As(user_a));

  EXPECT_THAT(response, IsProblem(errc::identity_unavailable));
  EXPECT_EQ(response.body.find("secret detail"), std::string::npos);
}

class ShortDeadline : public Scenario {
protected:
  world_options Options() const override {
    return {.settings = {{"LAKEGATE_REQUEST_DEADLINE", "1s"}}};
  }
};

TEST_F(ShortDeadline, AQueryThatDoesNotEndIsCancelledAndToldSo) {
  databricks::statement_status pending;
  pending.statement_id = "stuck";
  ON_CALL(Workspace().sql, execute_statement(_))
      .WillByDefault(Return(caf::expected<databricks::statement_status>{pending}));
  ON_CALL(Workspace().sql, get_statement(_))
      .WillByDefault(Return(caf::expected<databricks::statement_status>{pending}));
  EXPECT_CALL(Workspace().sql, cancel_statement(_))
      .Times(testing::AtLeast(1))
      .WillRepeatedly(Return(caf::expected<databricks::cancelled_statement>{
          databricks::cancelled_statement{}}));

  auto response =
      When(Get(path::query + "?catalog=main&schema=default&table=customers").As(user_a));

  EXPECT_THAT(response, IsProblem(errc::query_timeout));
}

class WithoutAWorkspace : public Scenario {
protected:
  world_options Options() const override { return {.workspace = false}; }
};

TEST_F(WithoutAWorkspace, EveryRouteThatNeedsItSaysSo) {
  for (auto request : EveryOperationThatNeedsAToken())
    EXPECT_THAT(When(std::move(request).As(user_a)),
                IsProblem(errc::workspace_not_configured));
}

class FewAtOnce : public Scenario {
protected:
  world_options Options() const override {
    return {.settings = {{"LAKEGATE_MAX_IN_FLIGHT", "1"}}};
  }
};

TEST_F(FewAtOnce, WhatIsTooMuchIsShedAtOnce) {
  EXPECT_CALL(Workspace().serving, invoke_endpoint(_))
      .WillRepeatedly(Return(std::nullopt));

  auto responses = AtOnce({Classify("one", 1).As(user_a), Classify("two", 1).As(user_a)});

  auto shed = std::count_if(responses.begin(), responses.end(), [](const Response& x) {
    return testing::Value(x, IsProblem(errc::overloaded));
  });
  auto timed_out =
      std::count_if(responses.begin(), responses.end(), [](const Response& x) {
        return testing::Value(x, IsProblem(errc::model_timeout));
      });
  EXPECT_EQ(shed, 1);
  EXPECT_EQ(timed_out, 1);
}

} // namespace lakegate::integration
