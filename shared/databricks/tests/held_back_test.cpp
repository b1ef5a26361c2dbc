#include "shared/databricks/tests/actor_fixture.hpp"

#include <prometheus/text_serializer.h>

#include <chrono>
#include <sstream>

namespace lakegate::test {

namespace {

using namespace databricks;
using namespace std::chrono_literals;
using ::testing::HasSubstr;

/// Two failures in a row are too many here.
class AnAPIThatFails : public WorkspaceTest {
protected:
  AnAPIThatFails() {
    config_.breaker.failures = 2;
    config_.breaker.first_pause = 300ms;
  }

  static call_context ContextOf(const std::string& token) {
    auto ctx = Context();
    ctx.token = access_token{token};
    return ctx;
  }
  upstream_failure List(const std::string& token = "ada") {
    if (!catalog_)
      catalog_ = spawn_catalog(system_, Workspace());
    return Ask<name_page>(catalog_, list_catalogs{ContextOf(token), ""}).failure;
  }
  std::string Metrics() {
    std::ostringstream out;
    prometheus::TextSerializer{}.Serialize(out, registry_->Collect());
    return out.str();
  }

  catalog_actor catalog_;
};

TEST_F(AnAPIThatFails, IsHeldBackWhileNobodyListensAndNotALittleLonger) {
  // Given a workspace that has gone
  const std::string answer = http_answer(200, R"({"catalogs":[{"name":"main"}]})");
  Given(answer);
  auto port = server_->port();
  server_.reset();
  EXPECT_EQ(List().kind, failure_kind::unavailable);
  EXPECT_EQ(List().kind, failure_kind::unavailable);

  // Then the next call is answered for it, but not that of another API
  auto held = List("bob");
  EXPECT_EQ(held.kind, failure_kind::held_back);
  EXPECT_FALSE(held.sent);
  EXPECT_EQ(held.retry_after, 1);
  EXPECT_EQ(Ask<workspace_user>(spawn_identity(system_, Workspace()),
                                get_current_user{Context()})
                .failure.kind,
            failure_kind::unavailable);
  EXPECT_THAT(
      Metrics(),
      HasSubstr(
          R"(lakegate_upstream_breakers_open{api="unity-catalog",process="test"} 1)"));

  // When it is back, then a call goes through after the pause
  server_ = std::make_unique<scripted_server>(
      answering([answer](const auto&) { return answer; }), port);
  auto latest = std::chrono::steady_clock::now() + 10s;
  while (List().kind == failure_kind::held_back)
    ASSERT_LT(std::chrono::steady_clock::now(), latest);
  EXPECT_EQ(List().kind, failure_kind::none);
  auto metrics = Metrics();
  EXPECT_THAT(
      metrics,
      HasSubstr(
          R"(lakegate_upstream_breakers_open{api="unity-catalog",process="test"} 0)"));
  EXPECT_THAT(
      metrics,
      HasSubstr(
          R"(lakegate_upstream_breakers_opened_total{api="unity-catalog",process="test"} 1)"));
}

TEST_F(AnAPIThatFails, ForOneCallerIsNotHeldBackForOthers) {
  Given(http_answer(500, "{}"));
  for (int i = 0; i < 10; ++i)
    EXPECT_EQ(List("ada").http_status, 500);

  EXPECT_EQ(List("bob").http_status, 500) << "the second caller";

  EXPECT_EQ(List("bob").kind, failure_kind::held_back);
}

TEST_F(AnAPIThatFails, BecauseTheCallerMayNotIsNeverHeldBack) {
  Given(http_answer(429, "{}"));

  for (auto token : {"ada", "bob", "eve", "joe"})
    EXPECT_EQ(List(token).kind, failure_kind::rate_limited);
}

TEST_F(AnAPIThatFails, ForAModelOrAStatementIsNotHeldBack) {
  Given(http_answer(503, "{}"));
  auto serving = spawn_serving(system_, Workspace());
  auto sql = spawn_sql(system_, Workspace());
  for (auto token : {"ada", "bob", "eve", "joe"}) {
    auto ctx = ContextOf(token);
    EXPECT_EQ(Ask<invocation_answer>(serving, invoke_endpoint{ctx, "fare", {}})
                  .failure.http_status,
              503);
    EXPECT_EQ(Ask<statement_status>(sql, get_statement{ctx, "s"}).failure.http_status,
              503);
  }
}

TEST_F(AnAPIThatFails, IsStillAskedToCancelAStatement) {
  Given(http_answer(200, "{}"));
  server_.reset();
  auto sql = spawn_sql(system_, Workspace());
  for (int i = 0; i < 2; ++i)
    Ask<statement_status>(sql, get_statement{Context(), "s"});
  ASSERT_EQ(Ask<statement_status>(sql, get_statement{Context(), "s"}).failure.kind,
            failure_kind::held_back);

  auto cancelled = Ask<cancelled_statement>(sql, cancel_statement{Context(), "s"});

  EXPECT_EQ(cancelled.failure.kind, failure_kind::unavailable) << "it was tried";
}

} // namespace

} // namespace lakegate::test
