#include "shared/databricks/tests/actor_fixture.hpp"

#include <lakegate/runtime/log.hpp>
#include <lakegate/testing/captured_log.hpp>

#include <caf/send.hpp>
#include <prometheus/text_serializer.h>

#include <future>

namespace lakegate::test {

namespace {

using namespace databricks;
using namespace std::chrono_literals;
using ::testing::Contains;
using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::Not;

class CallingASilentWorkspace : public WorkspaceTest {
protected:
  CallingASilentWorkspace() { GivenScript(staying_silent()); }

  /// Asks without waiting.
  std::future<outcome<invocation_answer>> AskLater(const serving_actor& serving,
                                                   std::uint64_t call_id = 77) {
    return std::async(std::launch::async, [this, serving, call_id] {
      auto call = invoke_endpoint{Context(), "fare", {}};
      call.ctx.call_id = call_id;
      return Ask<invocation_answer>(serving, call);
    });
  }
};

TEST_F(CallingASilentWorkspace, EndsWhenTheCallersTimeIsOver) {
  auto context = Context();
  context.time_left = 300ms;
  auto begun = std::chrono::steady_clock::now();

  auto user = Ask<workspace_user>(spawn_identity(system_, Workspace()),
                                  get_current_user{context});

  EXPECT_EQ(user.failure.kind, failure_kind::timeout);
  EXPECT_TRUE(user.failure.sent);
  EXPECT_LT(std::chrono::steady_clock::now() - begun, 3s);
}

TEST_F(CallingASilentWorkspace, StopsAModelThatNobodyWaitsFor) {
  auto serving = spawn_serving(system_, Workspace());
  auto answer = AskLater(serving);
  ASSERT_TRUE(server_->wait_for_requests(1));

  caf::anon_send(serving, cancel_call{77});

  EXPECT_EQ(answer.get().failure.kind, failure_kind::cancelled);
  EXPECT_TRUE(server_->wait_for_closed_connections(1));
}

TEST_F(CallingASilentWorkspace, LeavesOtherCallsAlone) {
  auto serving = spawn_serving(system_, Workspace());
  auto named = AskLater(serving, 77);
  auto nameless = AskLater(serving, 0);
  ASSERT_TRUE(server_->wait_for_requests(2));

  caf::anon_send(serving, cancel_call{78});
  caf::anon_send(serving, cancel_call{0});

  EXPECT_EQ(named.wait_for(200ms), std::future_status::timeout);
  EXPECT_EQ(nameless.wait_for(0ms), std::future_status::timeout);
  caf::anon_send_exit(serving, caf::exit_reason::kill);
}

TEST_F(CallingASilentWorkspace, AnswersItsCallsWhenTheActorEnds) {
  auto serving = spawn_serving(system_, Workspace());
  auto answer = AskLater(serving);
  ASSERT_TRUE(server_->wait_for_requests(1));

  caf::anon_send_exit(serving, caf::exit_reason::kill);

  EXPECT_EQ(answer.get().failure.kind, failure_kind::cancelled);
  EXPECT_TRUE(server_->wait_for_closed_connections(1));
}

TEST_F(CallingASilentWorkspace, SurvivesTheEndOfEverythingInAnyOrder) {
  auto call = invoke_endpoint{Context(), "fare", {}};
  call.ctx.time_left = 200ms;
  for (int i = 0; i < 20; ++i) {
    auto where = make_workspace(config_, *registry_);
    auto serving = spawn_serving(system_, where);
    for (int n = 0; n < 10; ++n)
      caf::anon_send(serving, call);
    if (i % 2 == 0)
      caf::anon_send_exit(serving, caf::exit_reason::kill);
    where.reset();
  }
}

class WatchingTheWorkspace : public WorkspaceTest {};

TEST_F(WatchingTheWorkspace, MeasuresCallsByOperationAndOutcome) {
  Given(http_answer(429, "{}"));
  auto catalog = spawn_catalog(system_, Workspace());

  Ask<name_page>(catalog, list_catalogs{Context(), ""});
  Ask<name_page>(catalog, list_catalogs{Context(), ""});
  // The measure is taken after the answer is on its way; a third call is behind it.
  Ask<table_info>(catalog, get_table{Context(), "a", "b", "c"});

  auto text = prometheus::TextSerializer{}.Serialize(registry_->Collect());
  EXPECT_THAT(text,
              HasSubstr("lakegate_upstream_seconds_count{operation=\"list_catalogs\","
                        "outcome=\"rate_limited\",process=\"test\"} 2"));
}

TEST_F(WatchingTheWorkspace, LogsNoSecretAndNoBody) {
  captured_log captured;
  auto level = log::get_level();
  log::set_level(log::level::debug);
  Given([](const received_request& x) {
    return x.target.find("broken") == std::string::npos
               ? http_answer(200, R"({"predictions":["canary-body"]})")
               : http_answer(500, R"({"message":"canary-body canary-token"})");
  });
  auto serving = spawn_serving(system_, Workspace());

  Ask<invocation_answer>(
      serving,
      invoke_endpoint{Context(), "fare", json_text::trusted(R"({"a":"canary-input"})")});
  auto failed = Ask<invocation_answer>(serving, invoke_endpoint{Context(), "broken", {}});
  Ask<serving_endpoint>(serving, get_serving_endpoint{Context(), "fare"});

  log::set_level(level);
  auto calls = captured.lines_of("upstream_call");
  EXPECT_THAT(calls,
              Each(names_request(Context().correlation_id, Context().traceparent)));
  EXPECT_THAT(calls, Contains(HasSubstr("\"operation\":\"invoke_endpoint\"")));
  EXPECT_THAT(captured.text(), Not(HasSubstr("canary")));
  EXPECT_EQ(failed.failure.kind, failure_kind::unavailable);
}

} // namespace

} // namespace lakegate::test
