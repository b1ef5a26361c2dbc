// The workspace goes away and comes back: real Databricks actors, and a workspace of a
// few scripted answers.

#include "integration-tests/support/scenario.hpp"
#include "shared/http/tests/scripted_server.hpp"

#include <memory>

namespace lakegate::integration {

namespace {

using nlohmann::json;
using test::http_answer;
using test::received_request;
using test::scripted_server;

/// The error table's waits are longer than the first pause of a breaker.
bool IsHeldBack(const Response& x) {
  auto body = json::parse(x.body, nullptr, false);
  return x.status == 503 && body["detail"]["retry_after"] == 1;
}

class WorkspaceOutage : public Scenario {
protected:
  static std::string Answer(const received_request& x) {
    if (x.target.find("/scim/v2/Me") != std::string::npos)
      return http_answer(200, R"({"id":"1","active":true,"userName":)"
                                  + json(x.headers.at("authorization")).dump() + '}');
    if (x.target.find("/schemas") != std::string::npos)
      return http_answer(500, R"({"error_code":"INTERNAL_ERROR","message":"poisoned"})");
    if (x.target.find("/serving-endpoints") != std::string::npos)
      return http_answer(200, R"({"endpoints":[]})");
    return http_answer(200, R"({"catalogs":[{"name":"main"}]})");
  }

  void GivenItIsThere() {
    there_ = std::make_unique<scripted_server>(test::answering(&Answer), port_);
    port_ = there_->port();
  }
  void GivenItHasGone() { there_.reset(); }

  world_options Options() const override {
    return {
        .database = false,
        .warehouse = false,
        .mocks = false,
        .settings = {{"DATABRICKS_HOST", "http://127.0.0.1:" + std::to_string(port_)}}};
  }
  void SetUp() override {
    GivenItIsThere();
    Scenario::SetUp();
  }

  Response Ask(const std::string& target, const std::string& user = user_a) {
    return When(Get(target).As(user));
  }
  void AwaitBreaker(const std::string& api, const std::string& process, int open) {
    AwaitMetric("lakegate_upstream_breakers_open{api=\"" + api + "\",process=\"" + process
                + "\"} " + std::to_string(open));
  }

  std::unique_ptr<scripted_server> there_;
  std::uint16_t port_ = 0;
};

TEST_F(WorkspaceOutage, OfTheCatalogIsAnsweredAtOnceAndEndsByItself) {
  // Given a user whom the gateway knows
  ASSERT_THAT(Ask(path::catalogs), HasBody(json{"main"}));

  // When the workspace goes away
  GivenItHasGone();

  // Then calls of it are held back soon, with the code of an outage
  auto held = Eventually(Get(path::catalogs).As(user_a), IsHeldBack);
  EXPECT_THAT(held, IsProblem(errc::catalog_unavailable));
  EXPECT_THAT(held, HasHeader("Retry-After", "1"));

  // And not a second or so after it is back
  GivenItIsThere();
  auto back = Eventually(
      Get(path::catalogs).As(user_a), [](const auto& x) { return x.status == 200; },
      std::chrono::seconds{5});
  EXPECT_THAT(back, HasBody(json{"main"}));
  AwaitBreaker("unity-catalog", "catalog", 0);
}

TEST_F(WorkspaceOutage, OfModelServingIsAnsweredAtOnceAndEndsByItself) {
  ASSERT_THAT(Ask(path::endpoints), HasBody(json::array()));

  GivenItHasGone();

  auto held = Eventually(Get(path::endpoints).As(user_a), IsHeldBack);
  EXPECT_THAT(held, IsProblem(errc::model_unavailable));

  GivenItIsThere();
  auto back = Eventually(
      Get(path::endpoints).As(user_a), [](const auto& x) { return x.status == 200; },
      std::chrono::seconds{5});
  EXPECT_THAT(back, HasBody(json::array()));
  AwaitBreaker("serving", "model-serving", 0);
}

TEST_F(WorkspaceOutage, HoldsBackWhoIsNotKnownYet) {
  GivenItHasGone();

  // A failure is remembered for a moment, so each time somebody else asks.
  auto held = Ask("/api/user/me", "user-0@example.com");
  for (int i = 1; i < 20 && !IsHeldBack(held); ++i)
    held = Ask("/api/user/me", "user-" + std::to_string(i) + "@example.com");
  EXPECT_TRUE(IsHeldBack(held));
  EXPECT_THAT(held, IsProblem(errc::identity_unavailable));

  GivenItIsThere();
  auto back = Eventually(
      Get("/api/user/me").As(user_b), [](const auto& x) { return x.status == 200; },
      std::chrono::seconds{5});
  EXPECT_THAT(back, HasStatus(200));
  AwaitBreaker("identity", "gateway", 0);
}

TEST_F(WorkspaceOutage, OfOneSchemaIsNobodyElses) {
  // Given a request that makes the workspace fail, sent by one user again and again
  for (int i = 0; i < 5; ++i)
    EXPECT_THAT(Ask(path::schemas + "?catalog=poisoned", user_b),
                IsProblem(errc::catalog_unavailable));

  EXPECT_THAT(Ask(path::catalogs, user_a), HasBody(json{"main"}));
  AwaitMetric("lakegate_upstream_breakers_opened_total{api=\"unity-catalog\",process="
              "\"catalog\"} 0");
}

} // namespace

} // namespace lakegate::integration
