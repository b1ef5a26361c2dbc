#include "gateway/src/server.hpp"

#include "gateway/tests/support/gateway_world.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

namespace lakegate::gateway {
namespace {

using namespace std::chrono_literals;
using test::ask;
using test::catalog_log;
using test::config_of;
using test::eventually;
using test::get_bytes;
using test::published_service;
using test::raw_client;
using test::start;
using testing::HasSubstr;
using testing::StartsWith;

using preferences_service = published_service<preferences::service_actor>;
using catalog_service = published_service<catalog::service_actor>;

TEST(RunningTheGateway, AnswersFromAServiceInAnotherActorSystem) {
  preferences_service service{test::spawn_preferences};
  auto gateway = start(config_of(service.port(), 0));
  ASSERT_TRUE(eventually([&] { return gateway->is_ready(); }));

  auto found = ask(gateway->http_port(), "/api/preferences/theme");
  auto ready = ask(gateway->http_port(), "/health/ready");

  EXPECT_THAT(found, StartsWith("HTTP/1.1 200 OK"));
  EXPECT_THAT(found,
              HasSubstr(R"("user_id":"ada@example.com","preference_key":"theme")"));
  EXPECT_THAT(ready, HasSubstr(R"("status":"degraded")"));
}

TEST(RunningTheGateway, ServesWithoutAnyService) {
  auto gateway = start(config_of(0, 0));

  auto me = ask(gateway->http_port(), "/api/user/me");
  auto preferences = ask(gateway->http_port(), "/api/preferences");

  EXPECT_THAT(me, HasSubstr(R"({"userName":"ada@example.com")"));
  EXPECT_THAT(preferences, StartsWith("HTTP/1.1 503 "));
  EXPECT_THAT(preferences, HasSubstr("SERVICE_UNAVAILABLE"));
  EXPECT_FALSE(gateway->is_ready());
}

TEST(RunningTheGateway, NeverMixesUsersOfOneConnection) {
  preferences_service service{test::spawn_preferences};
  auto gateway = start(config_of(service.port(), 0));
  ASSERT_TRUE(eventually([&] { return gateway->is_ready(); }));
  raw_client client{gateway->http_port()};
  std::string requests;
  for (int i = 0; i < 200; ++i)
    requests += get_bytes("/api/preferences/" + std::to_string(i),
                          "user" + std::to_string(i % 7));

  ASSERT_TRUE(client.write(requests));

  for (int i = 0; i < 200; ++i)
    ASSERT_THAT(client.read_answer(),
                HasSubstr(R"("user_id":"user)" + std::to_string(i % 7)
                          + R"(@example.com","preference_key":")" + std::to_string(i)
                          + '"'));
}

TEST(RunningTheGateway, CancelsUpstreamWhatItsClientLeft) {
  auto log = std::make_shared<catalog_log>();
  catalog_service service{[&](auto& system) { return test::spawn_catalog(system, log); }};
  auto gateway = start(config_of(0, service.port()));
  ASSERT_TRUE(eventually([&] { return gateway->is_ready(); }));
  raw_client client{gateway->http_port()};
  client.write(get_bytes("/api/unity-catalog/catalogs", "ada"));
  ASSERT_TRUE(eventually([&] { return log->asked != 0; }));

  client.close();

  EXPECT_TRUE(eventually([&] { return log->cancelled == log->asked; }));
}

TEST(RunningTheGateway, AnswersWhenTheDeadlineHasPassed) {
  auto log = std::make_shared<catalog_log>();
  catalog_service service{[&](auto& system) { return test::spawn_catalog(system, log); }};
  auto settings = config_of(0, service.port());
  settings.dispatch.request_deadline = 200ms;
  auto gateway = start(settings);
  ASSERT_TRUE(eventually([&] { return gateway->is_ready(); }));

  auto answer = ask(gateway->http_port(), "/api/unity-catalog/catalogs");

  EXPECT_THAT(answer, StartsWith("HTTP/1.1 503 "));
}

TEST(RunningTheGateway, SpreadsConnectionsOverEventLoops) {
  preferences_service service{test::spawn_preferences};
  auto settings = config_of(service.port(), 0);
  settings.event_loops = 3;
  auto gateway = start(settings);
  ASSERT_TRUE(eventually([&] { return gateway->is_ready(); }));

  for (int i = 0; i < 30; ++i)
    EXPECT_THAT(ask(gateway->http_port(), "/api/user/me"), StartsWith("HTTP/1.1 200"));
}

TEST(StoppingTheGateway, FinishesWhatIsInFlight) {
  auto log = std::make_shared<catalog_log>();
  catalog_service service{[&](auto& system) { return test::spawn_catalog(system, log); }};
  auto gateway = start(config_of(0, service.port()));
  ASSERT_TRUE(eventually([&] { return gateway->is_ready(); }));
  raw_client slow{gateway->http_port()}, other{gateway->http_port()};
  slow.write(get_bytes("/api/unity-catalog/catalogs", "ada"));
  ASSERT_TRUE(eventually([&] { return log->asked != 0; }));

  std::thread stopping{[&] { gateway->stop(10s); }};
  ASSERT_TRUE(eventually([&] { return !gateway->is_ready(); }));
  other.write(get_bytes("/api/unity-catalog/schemas?catalog=a", "ada"));

  EXPECT_THAT(slow.read_answer(), HasSubstr(R"(["released"])"));
  stopping.join();
}

TEST(StoppingTheGateway, EndsInTimeWhateverIsInFlight) {
  auto log = std::make_shared<catalog_log>();
  catalog_service service{[&](auto& system) { return test::spawn_catalog(system, log); }};
  auto gateway = start(config_of(0, service.port()));
  ASSERT_TRUE(eventually([&] { return gateway->is_ready(); }));
  raw_client slow{gateway->http_port()};
  slow.write(get_bytes("/api/unity-catalog/catalogs", "ada"));
  ASSERT_TRUE(eventually([&] { return log->asked != 0; }));
  auto begin = std::chrono::steady_clock::now();

  gateway->stop(100ms);
  gateway.reset();

  EXPECT_LT(std::chrono::steady_clock::now() - begin, 5s);
}

TEST(StartingTheGateway, SaysThatThePortIsTaken) {
  auto first = start(config_of(0, 0));
  auto settings = config_of(0, 0);
  settings.http.port = first->http_port();

  try {
    auto second = start(settings);
    FAIL() << "listens twice on one port";
  } catch (const std::runtime_error& x) {
    EXPECT_THAT(x.what(), StartsWith("Can't listen on 127.0.0.1 port "));
  }
}

struct hostile {
  std::string name;
  std::string bytes;
  friend void PrintTo(const hostile& x, std::ostream* os) { *os << x.name; }
};

class RefusingAtTheGateway : public testing::TestWithParam<hostile> {};

TEST_P(RefusingAtTheGateway, AnswersOnceAndCloses) {
  auto gateway = start(config_of(0, 0));
  raw_client client{gateway->http_port()};

  client.write(GetParam().bytes);

  EXPECT_THAT(client.read_answer(), StartsWith("HTTP/1.1 400 "));
  EXPECT_TRUE(client.read_to_end());
  EXPECT_EQ(client.received(), "");
}

INSTANTIATE_TEST_SUITE_P(
    WhatTheParserLetsPass, RefusingAtTheGateway,
    testing::Values(
        hostile{"BlankBeforeColon", "POST /health HTTP/1.1\r\nHost: x\r\n"
                                    "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n"
                                    "GET /health HTTP/1.1\r\nHost: x\r\n\r\n"},
        hostile{"TwoHosts", "GET /health HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n"},
        hostile{"NoHost", "GET /health HTTP/1.1\r\n\r\n"},
        hostile{"Upgrade", "GET /health HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n"
                           "Connection: Upgrade\r\n\r\n"},
        hostile{"Connect", "CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n"}),
    [](const auto& x) { return x.param.name; });

caf::expected<config> config_from(runtime::environment variables) {
  auto table = all_settings();
  auto values = runtime::settings::resolve(table, {}, variables);
  if (!values)
    return std::move(values.error());
  return read_config(*values);
}

TEST(ConfiguringTheGateway, ListensWhereDatabricksAppsSays) {
  auto app = config_from({{"DATABRICKS_APP_PORT", "8000"}});
  auto own = config_from({{"DATABRICKS_APP_PORT", "8000"},
                          {"LAKEGATE_GATEWAY_HOST", "127.0.0.1"},
                          {"LAKEGATE_GATEWAY_PORT", "8081"}});
  auto plain = config_from({});

  ASSERT_TRUE(app && own && plain);
  EXPECT_EQ(app->http.host, "0.0.0.0");
  EXPECT_EQ(app->http.port, 8000);
  EXPECT_EQ(own->http.host, "127.0.0.1");
  EXPECT_EQ(own->http.port, 8081);
  EXPECT_EQ(plain->http.host, "127.0.0.1");
  EXPECT_EQ(plain->http.port, 8080);
}

TEST(ConfiguringTheGateway, ReadsEverySetting) {
  auto read = config_from({{"LAKEGATE_IDENTITY_TTL", "0"},
                           {"LAKEGATE_CORS_ORIGINS", "https://a.example.com,http://b:1"},
                           {"LAKEGATE_MAX_BODY_BYTES", "2048"},
                           {"LAKEGATE_REQUEST_DEADLINE", "5s"},
                           {"LAKEGATE_CATALOG_ADDRESS", "one:1,two:2"},
                           {"LAKEGATE_USER_RATE", "50"},
                           {"DATABRICKS_HOST", "dbc.example.com/path"}});

  ASSERT_TRUE(read) << runtime::sentence_of(read.error());
  EXPECT_EQ(read->identity.ttl, 0ms);
  EXPECT_THAT(read->dispatch.cors_origins,
              testing::ElementsAre("https://a.example.com", "http://b:1"));
  EXPECT_EQ(read->http.limits.max_body_bytes, 2048u);
  EXPECT_EQ(read->dispatch.request_deadline, 5s);
  EXPECT_EQ(read->dispatch.requests_per_second, 50);
  ASSERT_EQ(read->catalog.size(), 2u);
  EXPECT_EQ(read->catalog[1].host, "two");
  EXPECT_EQ(read->workspace.host, "https://dbc.example.com");
}

TEST(ConfiguringTheGateway, RefusesWhatItCannotUse) {
  EXPECT_FALSE(config_from({{"LAKEGATE_CORS_ORIGINS", "*"}}));
  EXPECT_FALSE(config_from({{"LAKEGATE_GATEWAY_HOST", "not a host"}}));
  EXPECT_FALSE(config_from({{"LAKEGATE_PREFERENCES_ADDRESS", "no-port"}}));
  EXPECT_FALSE(config_from({{"DATABRICKS_APP_PORT", "99999"}}));
}

TEST(ConfiguringTheGateway, GivesEachWaitLongerThanWhatItWaitsFor) {
  config defaults;
  auto longest_model = std::chrono::seconds{300};

  EXPECT_LT(defaults.identity.upstream_budget, defaults.dispatch.request_deadline);
  EXPECT_LT(longest_model + 2s, defaults.http.limits.handle);
  EXPECT_LT(defaults.dispatch.request_deadline, defaults.http.limits.handle);
}

} // namespace
} // namespace lakegate::gateway
