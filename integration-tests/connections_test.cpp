// Connections: several requests on one, clients that leave, event loops, the end.

#include "integration-tests/support/scenario.hpp"

#include <lakegate/testing/raw_client.hpp>

#include <future>

namespace lakegate::integration {

using nlohmann::json;
using test::raw_client;
using testing::_;
using testing::HasSubstr;
using testing::Return;
using testing::StartsWith;

namespace {

constexpr auto patience = std::chrono::seconds{20};

std::string Bytes(const std::string& target, const std::string& user) {
  return "GET " + target + " HTTP/1.1\r\nHost: x\r\nX-Forwarded-Access-Token: "
         + TokenOf(user) + "\r\n\r\n";
}

std::string InvocationBytes(const std::string& user) {
  auto body = Classify("x").body();
  return "POST " + path::invoke + " HTTP/1.1\r\nHost: x\r\nX-Forwarded-Access-Token: "
         + TokenOf(user) + "\r\nContent-Type: application/json\r\nContent-Length: "
         + std::to_string(body.size()) + "\r\n\r\n" + body;
}

/// That many requests of this operation ended so.
std::string Ended(const std::string& operation, int status) {
  return "lakegate_gateway_requests_total{operation=\"" + operation + "\",status=\""
         + std::to_string(status) + "\"} 1";
}

} // namespace

class Connections : public Scenario {
protected:
  /// The metrics, as soon as they say so.
  void EventuallyMeasured(const std::string& line) {
    auto metrics = Eventually(Get("/metrics").As(user_b), [&](const Response& x) {
      return x.body.find(line) != std::string::npos;
    });
    EXPECT_THAT(metrics.body, HasSubstr(line));
  }
};

TEST_F(Connections, CarryOneRequestAfterTheOther) {
  GivenPreference(user_a, "theme", {{"mode", "dark"}});
  raw_client client{World().http_port()};

  for (int i = 0; i < 3; ++i) {
    client.write(Bytes(path::preferences + "/theme", user_a));
    EXPECT_THAT(client.read_answer(),
                testing::AllOf(StartsWith("HTTP/1.1 200 "),
                               HasSubstr("\r\nConnection: keep-alive\r\n"),
                               HasSubstr("\"preference_key\":\"theme\"")));
  }
  client.write("GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  EXPECT_TRUE(client.read_to_end());
  EXPECT_THAT(client.received(), HasSubstr("\r\nConnection: close\r\n"));
}

TEST_F(Connections, ThatBreakTakeTheirCallsUpstreamWithThem) {
  std::promise<void> arrived, cancelled;
  EXPECT_CALL(Workspace().serving, invoke_endpoint(_))
      .WillOnce([&](const auto&) -> test::reply<databricks::invocation_answer> {
        arrived.set_value();
        return std::nullopt;
      });
  EXPECT_CALL(Workspace().serving, call_cancelled(_)).WillOnce([&](const auto&) {
    cancelled.set_value();
  });
  raw_client client{World().http_port()};
  client.write(InvocationBytes(user_a));
  ASSERT_EQ(arrived.get_future().wait_for(patience), std::future_status::ready);

  client.close();

  EXPECT_EQ(cancelled.get_future().wait_for(patience), std::future_status::ready);
  EventuallyMeasured(Ended("invoke_model", 499));
  EventuallyMeasured("lakegate_gateway_requests_in_flight 1"); // that of the metrics
}

TEST_F(Connections, ThatBreakBeforeTheUserIsKnownAskNobodyElse) {
  ASSERT_THAT(When(Get("/api/user/me").As(user_b)), HasStatus(200));
  std::promise<void> arrived, go;
  auto gone = go.get_future().share();
  EXPECT_CALL(Workspace().identity, get_current_user(_))
      .WillOnce([&](const auto&) -> test::reply<databricks::workspace_user> {
        arrived.set_value();
        gone.wait_for(patience);
        databricks::workspace_user known;
        known.user_name = user_a;
        known.active = true;
        return caf::expected<databricks::workspace_user>{known};
      });
  EXPECT_CALL(Workspace().catalog, list_catalogs(_)).Times(0);
  raw_client client{World().http_port()};
  client.write(Bytes(path::catalogs, user_a));
  ASSERT_EQ(arrived.get_future().wait_for(patience), std::future_status::ready);

  client.close();
  EventuallyMeasured(Ended("list_catalogs", 499));
  go.set_value();

  EXPECT_THAT(When(Get("/api/user/me").As(user_a)), HasJson(json{{"userName", user_a}}));
}

TEST_F(Connections, ShareOneLookAtTheServices) {
  World().Kill(world::service::catalog);
  auto degraded = Eventually(Get("/health/ready"), [](const Response& x) {
    return x.json()["status"] == "degraded";
  });
  ASSERT_THAT(degraded, HasJson(json{{"status", "degraded"}}));
  raw_client client{World().http_port()};
  std::string together;
  for (int i = 0; i < 20; ++i)
    together += Bytes("/health/ready", user_a);

  // Long enough that the report, good for 100 ms, is made anew in their midst.
  auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds{500};
  do {
    ASSERT_TRUE(client.write(together));
    for (int i = 0; i < 20; ++i)
      ASSERT_THAT(client.read_answer(), HasSubstr("\"status\":\"degraded\""));
  } while (std::chrono::steady_clock::now() < end);
}

TEST(ConnectionsOfAGateway, ThatEndsAreClosed) {
  auto running = std::make_unique<world>(world_options{.database = false});
  std::promise<void> arrived;
  EXPECT_CALL(running->workspace().identity, get_current_user(_))
      .WillOnce([&](const auto&) -> test::reply<databricks::workspace_user> {
        arrived.set_value();
        return std::nullopt;
      });
  raw_client client{running->http_port()};
  client.write(Bytes("/api/user/me", user_a));
  ASSERT_EQ(arrived.get_future().wait_for(patience), std::future_status::ready);

  running.reset();

  EXPECT_TRUE(client.read_to_end());
  EXPECT_EQ(client.received(), "");
}

TEST(ConnectionsOfAGateway, AreSpreadOverItsEventLoops) {
  world running{{.database = false, .settings = {{"LAKEGATE_EVENT_LOOPS", "3"}}}};

  for (int i = 0; i < 30; ++i)
    EXPECT_THAT(running.client().Send(Get("/api/user/me").As(user_a)),
                HasJson(json{{"userName", user_a}}));
}

TEST(ConnectionsOfAGateway, NeedAPortOfItsOwn) {
  world first{{.database = false}};
  auto taken = std::to_string(first.http_port());
  auto refusal_of = [](decltype(world_options::settings) settings) -> std::string {
    try {
      world second{{.database = false, .settings = std::move(settings)}};
      return "listens";
    } catch (const std::runtime_error& x) {
      return x.what();
    }
  };

  EXPECT_THAT(refusal_of({{"LAKEGATE_GATEWAY_PORT", taken}}),
              HasSubstr("Can't listen on 127.0.0.1 port " + taken + ": "));
  EXPECT_THAT(refusal_of({{"LAKEGATE_GATEWAY_HOST", "2001:db8::1"}}),
              HasSubstr("Can't listen on 2001:db8::1 port 0: "));
  // What Databricks Apps sets: its port, on every address.
  EXPECT_THAT(refusal_of({{"LAKEGATE_GATEWAY_PORT", ""}, {"DATABRICKS_APP_PORT", taken}}),
              HasSubstr("Can't listen on 0.0.0.0 port " + taken + ": "));
  EXPECT_THAT(refusal_of({{"LAKEGATE_GATEWAY_PORT", taken},
                          {"LAKEGATE_GATEWAY_HOST", "127.0.0.1"},
                          {"DATABRICKS_APP_PORT", "1"}}),
              HasSubstr("Can't listen on 127.0.0.1 port " + taken + ": "));
}

} // namespace lakegate::integration
