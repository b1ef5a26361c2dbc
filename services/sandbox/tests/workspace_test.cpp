#include "services/sandbox/tests/support.hpp"

#include <chrono>

namespace lakegate::test {

namespace {

using namespace std::chrono_literals;
using nlohmann::json;
const std::string Me = "/api/2.0/preview/scim/v2/Me";
const std::string Catalogs = "/api/2.1/unity-catalog/catalogs";

} // namespace

using UsingAWorkspace = AWorkspace;

TEST_F(UsingAWorkspace, TellsWhoTheCallerIs) {
  const auto answer = Get(Me, Analyst);

  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.Json()["userName"], "analyst@example.com");
  EXPECT_EQ(answer.Json()["emails"][0]["value"], "analyst@example.com");
  EXPECT_EQ(answer.headers.at("x-databricks-org-id"), "1234567890123456");
  EXPECT_EQ(answer.headers.count("x-request-id"), 1U);
}

TEST_F(UsingAWorkspace, RefusesTokensWithTheReasonInAHeader) {
  const auto none = Get(Me, "");
  EXPECT_EQ(none.status, 401);
  EXPECT_EQ(none.headers.at("www-authenticate"), "Bearer realm=\"DatabricksRealm\"");
  const auto wrong = Get(Me, "nonsense");
  EXPECT_EQ(wrong.status, 403);
  EXPECT_EQ(wrong.headers.at("x-databricks-reason-phrase"), "Invalid access token.");
}

TEST_F(UsingAWorkspace, IssuesTokensToTheServicePrincipal) {
  const auto port = Running().port();
  const auto ask = [&](const std::string& credentials) {
    return Send(port, "POST", "/oidc/v1/token", "",
                "grant_type=client_credentials&scope=all-apis",
                {"Authorization: Basic " + credentials,
                 "Content-Type: application/x-www-form-urlencoded"});
  };

  const auto issued = ask("c2FuZGJveC1jbGllbnQ6c2FuZGJveC1zZWNyZXQ=").Json();
  const auto refused = ask("c2FuZGJveC1jbGllbnQ6eA==");

  EXPECT_EQ(issued["expires_in"], 3600);
  EXPECT_EQ(Get(Me, issued["access_token"]).Json()["userName"], "sandbox-client");
  EXPECT_EQ(refused.status, 401);
  EXPECT_EQ(refused.Json()["error"], "invalid_client");
}

TEST_F(UsingAWorkspace, GivesPasswordsThatPostgresTakes) {
  const auto provisioned =
      Post("/api/2.0/database/credentials", {{"instance_names", {"sandbox"}}}, Analyst)
          .Json();
  const auto autoscaling =
      Post("/api/2.0/postgres/credentials",
           {{"endpoint", "projects/sandbox/branches/production/endpoints/primary"}},
           Analyst)
          .Json();
  const auto database = Configuration().database;
  postgres::connection_config to;
  to.host = database.host;
  to.port = database.port;
  to.database = "samples";
  to.user = "analyst@example.com";

  const auto opened = postgres::connection::open(
      to, access_token{provisioned["token"].get<std::string>()});

  EXPECT_TRUE(std::holds_alternative<postgres::connection>(opened));
  EXPECT_TRUE(provisioned.contains("expiration_time"));
  EXPECT_TRUE(autoscaling.contains("expire_time"));
}

TEST_F(UsingAWorkspace, AnswersScriptedFaultsOnceAndThenTheTruth) {
  Post("/__sandbox/faults", {{"route", "*/catalogs"},
                             {"status", 429},
                             {"headers", {{"Retry-After", "7"}}},
                             {"times", 1}});

  const auto faulty = Get(Catalogs);

  EXPECT_EQ(faulty.status, 429);
  EXPECT_EQ(faulty.headers.at("retry-after"), "7");
  EXPECT_EQ(faulty.Json()["error_code"], "REQUEST_LIMIT_EXCEEDED");
  EXPECT_EQ(Get(Catalogs).status, 200);
}

TEST_F(UsingAWorkspace, BreaksConnectionsAsScripted) {
  const auto fault = [&](const char* action) {
    Post("/__sandbox/faults", {{"route", "*/catalogs"}, {"action", action}});
    return Get(Catalogs);
  };

  EXPECT_EQ(fault("reset").status, 0);
  const auto truncated = fault("truncate");
  EXPECT_EQ(truncated.status, 0);
  EXPECT_FALSE(truncated.body.empty());
  EXPECT_EQ(fault("html").headers.at("content-type"), "text/html; charset=utf-8");
  EXPECT_THROW(fault("malformed").Json(), json::parse_error);
  EXPECT_EQ(Get(Catalogs).status, 200);
}

TEST_F(UsingAWorkspace, HangsAsScripted) {
  Post("/__sandbox/faults", {{"route", "*/catalogs"}, {"action", "hang"}});

  const auto bytes = SendRaw(Running().port(),
                             "GET " + Catalogs + " HTTP/1.1\r\nHost: x\r\n\r\n", 200ms);

  EXPECT_EQ(bytes, "");
}

TEST_F(UsingAWorkspace, DelaysAnswersOfOneUser) {
  Post("/__sandbox/faults",
       {{"route", "*"}, {"user", "analyst@example.com"}, {"delay_ms", 1000}});
  const auto before = std::chrono::steady_clock::now();

  EXPECT_EQ(Get(Catalogs, Engineer).status, 200);
  EXPECT_LT(std::chrono::steady_clock::now() - before, 1s);
  EXPECT_EQ(Get(Catalogs, Analyst).status, 200);
  EXPECT_GE(std::chrono::steady_clock::now() - before, 1s);
}

TEST_F(UsingAWorkspace, ExpiresAndRestoresTokens) {
  Post("/__sandbox/tokens", {{"token", Analyst}, {"expired", true}});
  EXPECT_EQ(Get(Me, Analyst).Json()["message"], "JWT has expired");

  Post("/__sandbox/tokens", {{"token", Analyst}, {"expired", false}});
  EXPECT_EQ(Get(Me, Analyst).status, 200);
}

TEST_F(UsingAWorkspace, LogsRequestsWithoutTokens) {
  Get(Catalogs + "?max_results=0", Analyst);

  const auto log = Get("/__sandbox/requests", "");

  const auto requests = log.Json()["requests"];
  ASSERT_EQ(requests.size(), 1U);
  EXPECT_EQ(requests[0]["path"], Catalogs);
  EXPECT_EQ(requests[0]["query"], "max_results=0");
  EXPECT_EQ(requests[0]["user"], "analyst@example.com");
  EXPECT_EQ(log.body.find(Analyst), std::string::npos);
}

TEST_F(UsingAWorkspace, SaysThatARouteIsUnknown) {
  EXPECT_EQ(Get("/api/2.0/nope").status, 404);
  EXPECT_EQ(Get("/api/2.0/nope").Json()["error_code"], "ENDPOINT_NOT_FOUND");
}

TEST_F(UsingAWorkspace, StartsAgainOverTheSameData) {
  const auto nations = [](sandbox::workspace& in) {
    return Send(
               in.port(), "POST", "/api/2.0/sql/statements", Engineer,
               R"({"warehouse_id":"sandbox","statement":"SELECT count(*) FROM samples.tpch.nation"})")
        .Json()["result"]["data_array"][0][0];
  };
  ASSERT_EQ(nations(Running()), "25");

  sandbox::workspace second{Configuration()};

  EXPECT_EQ(nations(second), "25");
}

TEST(StartingAWorkspace, RefusesADatabaseThatIsNotItsOwn) {
  temporary_postgres server;
  server.run("postgres", "CREATE DATABASE main");
  sandbox::config from;
  from.port = 0;
  from.database = {server.host(), server.port(), server.user(),
                   access_token{server.password()}};

  try {
    sandbox::workspace never{from};
    FAIL() << "started";
  } catch (const std::runtime_error& e) {
    EXPECT_STREQ(e.what(),
                 "The database main exists but is not the sandbox's (its owner is not "
                 "admin@example.com). Give the sandbox a PostgreSQL of its own.");
  }
}

} // namespace lakegate::test
