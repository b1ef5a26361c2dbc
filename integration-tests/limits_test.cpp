// Limits that an operator sets: who may call from another origin, how often, how much.

#include "integration-tests/support/scenario.hpp"

#include <lakegate/testing/raw_client.hpp>

#include <atomic>

namespace lakegate::integration {

using testing::AllOf;
using testing::StartsWith;

namespace {

constexpr auto ours = "https://app.example.com";
constexpr auto ours_too = "http://localhost:3000";
constexpr auto readable = "X-Correlation-ID, ETag, Link, Retry-After, X-Total-Count, "
                          "X-Skipped-Rows";
constexpr auto sendable =
    "Authorization, Content-Type, If-Match, If-None-Match, Idempotency-Key, "
    "X-Correlation-ID, X-Forwarded-Access-Token, traceparent";

/// One request as bytes, on a connection that stays open.
std::string RawGet(const std::string& target, const std::string& user) {
  return "GET " + target + " HTTP/1.1\r\nHost: x\r\nX-Forwarded-Access-Token: "
         + TokenOf(user) + "\r\n\r\n";
}

} // namespace

class OtherOrigins : public Scenario {
protected:
  world_options Options() const override {
    return {.settings = {
                {"LAKEGATE_CORS_ORIGINS", std::string{ours} + ",," + ours_too + ","}}};
  }
};

TEST_F(OtherOrigins, AskBeforeTheyCall) {
  auto preflight = [this](const std::string& target, const std::string& origin) {
    return When(Request{"OPTIONS", target}.WithHeader("Origin", origin));
  };

  for (auto origin : {ours, ours_too})
    EXPECT_THAT(
        preflight(path::preferences, origin),
        AllOf(HasStatus(204), HasHeader("Allow", "GET, HEAD, POST, OPTIONS"),
              HasHeader("Vary", "Origin"),
              HasHeader("Access-Control-Allow-Origin", origin),
              HasHeader("Access-Control-Allow-Methods", "GET, HEAD, POST, OPTIONS"),
              HasHeader("Access-Control-Allow-Headers", sendable),
              HasHeader("Access-Control-Max-Age", "600")))
        << origin;
  for (auto origin : {"https://evil.example.com", "https://app.example.com.eu",
                      "http://app.example.com", "null", ""}) {
    auto response = preflight(path::preferences, origin);
    EXPECT_THAT(response, AllOf(HasStatus(204), HasHeader("Vary", "Origin"),
                                HasHeader("Allow", "GET, HEAD, POST, OPTIONS")));
    EXPECT_FALSE(response.has_header("Access-Control-Allow-Origin")) << origin;
    EXPECT_FALSE(response.has_header("Access-Control-Allow-Methods")) << origin;
  }
  auto nobody = When(Request{"OPTIONS", path::preferences});
  EXPECT_THAT(nobody, HasStatus(204));
  EXPECT_FALSE(nobody.has_header("Access-Control-Allow-Methods"));
}

TEST_F(OtherOrigins, ReadAnswersAndFailuresIfTheyAreNamed) {
  auto from = [this](const std::string& target, const std::string& origin) {
    return When(Get(target).WithHeader("Origin", origin));
  };

  for (const auto& [target, status] : std::vector<std::pair<std::string, int>>{
           {"/health", 200}, {"/api/user/me", 401}, {"/api/nope", 404}}) {
    EXPECT_THAT(from(target, ours),
                AllOf(HasStatus(status), HasHeader("Vary", "Origin"),
                      HasHeader("Access-Control-Allow-Origin", ours),
                      HasHeader("Access-Control-Expose-Headers", readable)));
    auto stranger = from(target, "https://evil.example.com");
    EXPECT_THAT(stranger, AllOf(HasStatus(status), HasHeader("Vary", "Origin")));
    EXPECT_FALSE(stranger.has_header("Access-Control-Allow-Origin"));
    EXPECT_FALSE(stranger.has_header("Access-Control-Expose-Headers"));
  }
}

class ARatePerUser : public Scenario {
protected:
  world_options Options() const override {
    return {.settings = {{"LAKEGATE_USER_RATE", "1"}}};
  }
};

TEST_F(ARatePerUser, HoldsEachUserApart) {
  test::raw_client client{World().http_port()};
  std::string together;
  for (int i = 0; i < 3; ++i)
    together += RawGet("/api/user/me", user_a);

  ASSERT_TRUE(client.write(together + RawGet("/health", user_a)));

  EXPECT_THAT(client.read_answer(), StartsWith("HTTP/1.1 200 "));
  EXPECT_THAT(client.read_answer(), StartsWith("HTTP/1.1 200 "));
  auto third = client.read_answer();
  EXPECT_THAT(third, AllOf(StartsWith("HTTP/1.1 429 "),
                           testing::HasSubstr("\r\nRetry-After: 1\r\n"),
                           testing::HasSubstr("\"RATE_LIMITED\"")));
  EXPECT_THAT(client.read_answer(), StartsWith("HTTP/1.1 200 "));
  EXPECT_THAT(When(Get("/api/user/me").As(user_b)), HasStatus(200));
}

TEST_F(ARatePerUser, LetsAUserInAgainWhoHasWaited) {
  auto again = Get("/api/user/me").As(user_a);
  auto limited = Eventually(again, [](const Response& x) { return x.status == 429; });
  ASSERT_THAT(limited, IsProblem(errc::rate_limited));
  EXPECT_THAT(limited, HasHeader("Retry-After", "1"));

  auto after = Eventually(again, [](const Response& x) { return x.status == 200; });

  EXPECT_THAT(after, HasStatus(200));
}

TEST_F(ARatePerUser, KeepsNoMoreUsersThanItHasRoomFor) {
  constexpr int room = 10'000; // of the limiter and of the memory for identities
  std::atomic<int> asked{0};
  ON_CALL(Workspace().identity, get_current_user(testing::_))
      .WillByDefault([&](const auto& x) -> test::reply<databricks::workspace_user> {
        ++asked;
        databricks::workspace_user found;
        found.user_name = x.ctx.token.reveal();
        found.active = true;
        return caf::expected<databricks::workspace_user>{found};
      });
  test::raw_client client{World().http_port()};
  auto all_pass = [&](int first, int count) {
    std::string together;
    for (int i = first; i < first + count; ++i)
      together += RawGet("/api/user/auth/status", std::to_string(i));
    auto passed = 0;
    if (client.write(together))
      for (int i = 0; i < count; ++i)
        passed += client.read_answer().starts_with("HTTP/1.1 200 ") ? 1 : 0;
    return passed == count;
  };

  for (int i = 0; i <= room; i += 50)
    ASSERT_TRUE(all_pass(i, 50)) << i;
  EXPECT_EQ(asked, room + 50);
  EXPECT_TRUE(all_pass(room, 50)); // still known
  EXPECT_EQ(asked, room + 50);
  EXPECT_TRUE(all_pass(0, 50)); // known no more
  EXPECT_EQ(asked, room + 100);
}

class SmallRequests : public Scenario {
protected:
  world_options Options() const override {
    return {.settings = {{"LAKEGATE_MAX_BODY_BYTES", "1024"},
                         {"LAKEGATE_MAX_CONNECTIONS", "1"},
                         {"LAKEGATE_READ_TIMEOUT", "500ms"},
                         {"LAKEGATE_GATEWAY_HOST", "localhost"}}};
  }
};

TEST_F(SmallRequests, EndTheConnectionOfALargeOne) {
  auto post = [this](std::size_t size) {
    return WhenSent("POST /api/preferences HTTP/1.1\r\nHost: x\r\nContent-Length: "
                    + std::to_string(size) + "\r\n\r\n" + std::string(size, ' '));
  };

  EXPECT_THAT(post(1024), IsProblem(errc::auth_missing));
  EXPECT_EQ(post(1025).status, 0);
  EXPECT_THAT(When(Get("/health")), HasStatus(200));
}

TEST_F(SmallRequests, EndTheConnectionOfASlowOneThatTheNextMayHave) {
  test::raw_client slow{World().http_port()};
  slow.write("GET /health HTTP/1.1\r\nHost: x\r\nX-Slow: ");

  auto next = When(Get("/health"));

  EXPECT_THAT(next, HasStatus(200));
  EXPECT_TRUE(slow.read_to_end());
  EXPECT_EQ(slow.received(), "");
}

} // namespace lakegate::integration
