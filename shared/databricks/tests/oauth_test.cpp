#include <lakegate/databricks/oauth.hpp>

#include "shared/databricks/tests/actor_fixture.hpp"

#include <lakegate/testing/captured_log.hpp>

#include <nlohmann/json.hpp>
#include <prometheus/text_serializer.h>

namespace lakegate::test {

namespace {

using namespace databricks;
using namespace std::chrono_literals;
using nlohmann::json;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class SigningIn : public WorkspaceTest {
protected:
  static service_principal Principal() {
    return {"client-1", access_token{"canary-secret"}, "", ""};
  }
  static std::string Token(const std::string& body) { return http_answer(200, body); }

  failure_kind KindOf(const caf::expected<access_token>& x) {
    return x ? failure_kind::none : failure_in(x.error()).kind;
  }
};

TEST_F(SigningIn, ExchangesTheSecretForAToken) {
  Given(Token(R"({"access_token":"eyJ.a","token_type":"Bearer","expires_in":3600})"));
  auto source = make_workspace_token_source(Workspace(), Principal());

  auto first = source(5s, false);
  auto second = source(5s, false);

  EXPECT_EQ(first->reveal(), "eyJ.a");
  EXPECT_EQ(second->reveal(), "eyJ.a");
  EXPECT_EQ(server_->requests().size(), 1u);
  auto request = Received();
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.target, "/oidc/v1/token");
  EXPECT_EQ(request.headers["content-type"], "application/x-www-form-urlencoded");
  EXPECT_EQ(request.headers["authorization"], "Basic Y2xpZW50LTE6Y2FuYXJ5LXNlY3JldA==");
  EXPECT_EQ(request.body, "grant_type=client_credentials&scope=all-apis");
}

TEST_F(SigningIn, EncodesASecretOfAnyCharacters) {
  Given(Token(R"({"access_token":"a"})"));
  auto who = Principal();
  who.client_secret = access_token{"a:b/c"};

  make_workspace_token_source(Workspace(), who)(5s, false);

  // client-1:a%3Ab%2Fc
  EXPECT_EQ(Received().headers["authorization"], "Basic Y2xpZW50LTE6YSUzQWIlMkZj");
}

TEST_F(SigningIn, GivesAYoungTokenToAllWhoWereRefused) {
  Given(Token(R"({"access_token":"a","expires_in":"3600"})"));
  auto source = make_workspace_token_source(Workspace(), Principal());
  source(5s, false);

  EXPECT_EQ(source(5s, true)->reveal(), "a");

  EXPECT_EQ(server_->requests().size(), 1u);
}

struct bad_token_row {
  const char* name;
  int status;
  const char* body;
  failure_kind kind;
};
class SigningInVainly : public SigningIn,
                        public ::testing::WithParamInterface<bad_token_row> {};

TEST_P(SigningInVainly, SaysWhy) {
  Given(http_answer(GetParam().status, GetParam().body));
  auto source = make_workspace_token_source(Workspace(), Principal());

  auto result = source(5s, false);

  ASSERT_FALSE(result);
  EXPECT_EQ(KindOf(result), GetParam().kind);
  EXPECT_EQ(to_string(result.error()).find("canary"), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(
    Table, SigningInVainly,
    ::testing::Values(
        bad_token_row{
            "invalid_client", 401,
            R"({"error":"invalid_client","error_description":"Client authentication failed"})",
            failure_kind::token_invalid},
        bad_token_row{"bad_request", 400, R"({"error":"invalid_request"})",
                      failure_kind::invalid_argument},
        bad_token_row{"down", 503, "", failure_kind::unavailable},
        bad_token_row{"no_token", 200, R"({"expires_in":3600})",
                      failure_kind::invalid_response},
        bad_token_row{"odd_lifetime", 200,
                      R"({"access_token":"canary","expires_in":"soon"})",
                      failure_kind::invalid_response},
        bad_token_row{"negative_lifetime", 200,
                      R"({"access_token":"canary","expires_in":-1})",
                      failure_kind::invalid_response},
        bad_token_row{"login_page", 200, "<html>", failure_kind::invalid_response}),
    [](const auto& x) { return std::string{x.param.name}; });

TEST_F(SigningIn, LogsARenewal) {
  captured_log log;
  Given(Token(R"({"access_token":"canary","expires_in":3600})"));

  make_workspace_token_source(Workspace(), Principal())(5s, false);

  EXPECT_THAT(log.lines_of("token_renewed"),
              ElementsAre(AllOf(HasSubstr(R"("level":"info")"),
                                HasSubstr(R"("operation":"get_token")"),
                                HasSubstr(R"("outcome":"ok","status":200)"))));
  EXPECT_THAT(log.lines_of("token_renewal_failed"), IsEmpty());
}

TEST_F(SigningIn, LogsARenewalThatFailedByAnotherName) {
  captured_log log;
  Given(http_answer(503, ""));

  make_workspace_token_source(Workspace(), Principal())(5s, false);

  EXPECT_THAT(log.lines_of("token_renewal_failed"),
              ElementsAre(AllOf(HasSubstr(R"("level":"warn")"),
                                HasSubstr(R"("operation":"get_token")"),
                                HasSubstr(R"("outcome":"unavailable","status":503)"))));
  EXPECT_THAT(log.lines_of("token_renewed"), IsEmpty());
}

TEST_F(SigningIn, NeedsAWorkspaceAndAPrincipal) {
  EXPECT_EQ(KindOf(make_workspace_token_source(Workspace(), Principal())(1s, false)),
            failure_kind::not_configured);
  workspace_.reset();
  Given(Token("{}"));
  EXPECT_EQ(KindOf(make_workspace_token_source(Workspace(), {})(1s, false)),
            failure_kind::not_configured);
}

TEST_F(SigningIn, WaitsNoLongerThanAskedTo) {
  GivenScript(staying_silent());
  auto source = make_workspace_token_source(Workspace(), Principal());

  EXPECT_EQ(KindOf(source(100ms, false)), failure_kind::timeout);
}

/// The metrics that its answer is counted in end soon after.
TEST_F(SigningIn, EndsARequestTogetherWithTheWorkspace) {
  GivenScript(staying_silent());
  auto source = make_database_password_source(Workspace(), Principal());
  source(0ms, false);
  ASSERT_TRUE(server_->wait_for_requests(1));

  source = nullptr;
  workspace_ = nullptr;

  EXPECT_THAT(prometheus::TextSerializer{}.Serialize(registry_->Collect()),
              HasSubstr("lakegate_upstream_seconds_count{operation=\"get_token\",outcome="
                        "\"cancelled\",process=\"test\"} 1"));
}

TEST_F(SigningIn, UsesTheWorkspaceTokenAsPassword) {
  Given(Token(R"({"access_token":"a","expires_in":3600})"));

  auto password = make_database_password_source(Workspace(), Principal())(5s, false);

  EXPECT_EQ(password->reveal(), "a");
}

/// A workspace that gives tokens `workspace-1`, `workspace-2` … and credentials.
std::function<std::string(const received_request&)>
LakebaseWorkspace(const std::string& credential, const std::string& refused = "none") {
  auto issued = std::make_shared<std::atomic<int>>(0);
  return [=](const received_request& x) {
    if (x.target == "/oidc/v1/token")
      return http_answer(200, R"({"access_token":"workspace-)" + std::to_string(++*issued)
                                  + R"(","expires_in":3600})");
    if (x.headers.at("authorization") == "Bearer " + refused)
      return http_answer(403, R"({"error_code":403,"message":"Invalid access token."})");
    return http_answer(200, credential);
  };
}

TEST_F(SigningIn, MintsACredentialOfAnInstance) {
  Given(LakebaseWorkspace(R"({"token":"db","expiration_time":"2099-01-01T00:00:00Z"})"));
  auto who = Principal();
  who.lakebase_instance = "lake-1";
  auto source = make_database_password_source(Workspace(), who);

  EXPECT_EQ(source(5s, false)->reveal(), "db");
  EXPECT_EQ(source(5s, false)->reveal(), "db");

  ASSERT_EQ(server_->requests().size(), 2u);
  EXPECT_EQ(Received(1).target, "/api/2.0/database/credentials");
  EXPECT_EQ(Received(1).headers["authorization"], "Bearer workspace-1");
  auto body = json::parse(Received(1).body);
  EXPECT_EQ(body.at("instance_names"), json::parse(R"(["lake-1"])"));
  EXPECT_EQ(body.at("request_id").get<std::string>().size(), 36u);
}

TEST_F(SigningIn, MintsACredentialOfAnEndpoint) {
  Given(LakebaseWorkspace(R"({"token":"db","expire_time":"2099-01-01T00:00:00Z"})"));
  auto who = Principal();
  who.lakebase_endpoint = "projects/p/branches/b/endpoints/e";

  auto password = make_database_password_source(Workspace(), who)(5s, false);

  EXPECT_EQ(password->reveal(), "db");
  EXPECT_EQ(Received(1).target, "/api/2.0/postgres/credentials");
  EXPECT_EQ(json::parse(Received(1).body),
            json::parse(R"({"endpoint":"projects/p/branches/b/endpoints/e"})"));
}

TEST_F(SigningIn, AsksAgainForACredentialThatHasExpired) {
  Given(LakebaseWorkspace(R"({"token":"db","expiration_time":"2020-01-01T00:00:00Z"})"));
  auto who = Principal();
  who.lakebase_instance = "lake-1";
  auto source = make_database_password_source(Workspace(), who);

  source(5s, false);
  source(5s, false);

  EXPECT_EQ(server_->requests().size(), 3u);
}

TEST_F(SigningIn, ReplacesAWorkspaceTokenThatTheWorkspaceRefuses) {
  Given(LakebaseWorkspace(R"({"token":"db"})", "workspace-1"));
  auto who = Principal();
  who.lakebase_instance = "lake-1";

  auto password = make_database_password_source(Workspace(), who)(5s, false);

  EXPECT_EQ(password->reveal(), "db");
  ASSERT_EQ(server_->requests().size(), 4u);
  EXPECT_EQ(Received(3).headers["authorization"], "Bearer workspace-2");
}

TEST_F(SigningIn, GivesUpWhenTheSecondWorkspaceTokenIsRefused) {
  Given([](const received_request& x) {
    return x.target == "/oidc/v1/token"
               ? http_answer(200, R"({"access_token":"a","expires_in":3600})")
               : http_answer(401, "{}");
  });
  auto who = Principal();
  who.lakebase_instance = "lake-1";

  auto password = make_database_password_source(Workspace(), who)(5s, false);

  EXPECT_EQ(KindOf(password), failure_kind::token_invalid);
  EXPECT_EQ(server_->requests().size(), 4u);
}

TEST_F(SigningIn, RefusesACredentialWithoutAReadableExpiry) {
  Given(LakebaseWorkspace(R"({"token":"canary","expiration_time":"tomorrow"})"));
  auto who = Principal();
  who.lakebase_instance = "lake-1";

  auto password = make_database_password_source(Workspace(), who)(5s, false);

  EXPECT_EQ(KindOf(password), failure_kind::invalid_response);
}

TEST_F(SigningIn, MeasuresBothRequests) {
  Given(LakebaseWorkspace(R"({"token":"db"})"));
  auto who = Principal();
  who.lakebase_instance = "lake-1";

  make_database_password_source(Workspace(), who)(5s, false);

  auto text = prometheus::TextSerializer{}.Serialize(registry_->Collect());
  EXPECT_THAT(text, HasSubstr("operation=\"get_token\",outcome=\"ok\""));
  EXPECT_THAT(text, HasSubstr("operation=\"get_database_credential\",outcome=\"ok\""));
}

} // namespace

} // namespace lakegate::test
