#include "services/model-serving/tests/inference_fixture.hpp"

#include <lakegate/testing/captured_log.hpp>

#include <nlohmann/json.hpp>

namespace lakegate::model_serving {

using namespace std::chrono_literals;
using databricks::failure_kind;
using ::testing::_;
using ::testing::Return;

using namespace test;

class RetryingAnInference : public InferenceTest {};

TEST_F(RetryingAnInference, RecoversFromPassingFailures) {
  EXPECT_CALL(serving, invoke_endpoint(_))
      .WillOnce(Return(Refuses(Unavailable(500))))
      .WillOnce(Return(Refuses(Unavailable(0))))
      .WillOnce(Return(Predicts("{}")));

  auto result = Ask();
  world.advance(100ms);
  world.advance(200ms);

  EXPECT_EQ(result->predictions.str(), "{}");
  ASSERT_EQ(log.rows.size(), 1u);
  EXPECT_EQ(log.rows[0].status, "SUCCESS");
}

TEST_F(RetryingAnInference, GivesUpAfterItsAttempts) {
  EXPECT_CALL(serving, invoke_endpoint(_))
      .Times(3)
      .WillRepeatedly(Return(Refuses(Unavailable(502))));

  auto result = Ask();
  world.advance(100ms);
  world.advance(200ms);

  EXPECT_EQ(result.code(), errc::model_unavailable);
  EXPECT_EQ(nlohmann::json::parse(result.fail().details)["upstream_status"], 502);
  ASSERT_EQ(log.rows.size(), 1u);
  EXPECT_EQ(log.rows[0].status, "ERROR");
}

TEST_F(RetryingAnInference, WaitsAsLongAsItIsTold) {
  auto busy = Failure(failure_kind::rate_limited, 429);
  busy.retry_after = 3;
  EXPECT_CALL(serving, invoke_endpoint(_))
      .WillOnce(Return(Refuses(busy)))
      .WillOnce(Return(Predicts("{}")));

  auto result = Ask();
  world.advance(2999ms);
  EXPECT_FALSE(result.arrived());
  world.advance(1ms);

  EXPECT_EQ(result->predictions.str(), "{}");
}

TEST_F(RetryingAnInference, AnswersAtOnceWhenItWouldBeTooLate) {
  auto busy = Failure(failure_kind::rate_limited, 429);
  busy.retry_after = 30;
  EXPECT_CALL(serving, invoke_endpoint(_)).WillOnce(Return(Refuses(busy)));

  auto fault = Ask().fail();

  EXPECT_EQ(fault.code, errc::rate_limited);
  EXPECT_EQ(fault.retry_after, 30);
}

TEST_F(RetryingAnInference, KeepsTheWholeWithinOneDeadline) {
  // Given a wait that is longer than any by chance
  auto busy = Failure(failure_kind::rate_limited, 429);
  busy.retry_after = 3;
  EXPECT_CALL(serving, invoke_endpoint(_))
      .WillOnce(Return(Refuses(busy)))
      .WillOnce([](const auto& x) {
        EXPECT_EQ(x.ctx.time_left, caf::timespan{2s});
        return std::nullopt;
      });
  EXPECT_CALL(serving, call_cancelled(_));
  auto command = Command();
  command.timeout = 5s;

  auto result = Ask(command);
  world.advance(3s);
  world.advance(2s);

  EXPECT_EQ(result.code(), errc::model_timeout);
  EXPECT_EQ(log.rows.at(0).execution_time_ms, 5000);
}

TEST_F(RetryingAnInference, DoesNotGoOnForAClientThatLeftWhileItWaited) {
  EXPECT_CALL(serving, invoke_endpoint(_)).WillOnce(Return(Refuses(Unavailable())));
  EXPECT_CALL(serving, call_cancelled(_)).Times(0);
  Ask();

  caf::anon_send(actor, cancel_call{77});
  world.advance(60s);

  EXPECT_EQ(log.rows.size(), 1u);
}

TEST_F(RetryingAnInference, StaysWithinItsBudget) {
  config.breaker.failures = 1'000'000;
  Start();
  auto calls = 0;
  EXPECT_CALL(serving, invoke_endpoint(_)).WillRepeatedly([&](const auto&) {
    ++calls;
    return Refuses(Unavailable());
  });

  for (int i = 0; i < 200; ++i) {
    Ask();
    world.advance(1s);
  }

  EXPECT_LE(calls, 200 + 20 + 5);
  EXPECT_GE(calls, 200 + 20);
}

class BreakingTheCircuit : public InferenceTest {
protected:
  BreakingTheCircuit() {
    config.max_attempts = 1;
    Start();
  }

  /// Fails until the breaker opens.
  void Open() {
    EXPECT_CALL(serving, invoke_endpoint(_))
        .Times(5)
        .WillRepeatedly(Return(Refuses(Unavailable())));
    for (int i = 0; i < 5; ++i)
      Ask();
    ::testing::Mock::VerifyAndClearExpectations(&serving);
  }
};

TEST_F(BreakingTheCircuit, AnswersAtOnceWhileItIsOpenAndLogsThat) {
  Open();
  EXPECT_CALL(serving, invoke_endpoint(_)).Times(0);

  auto fault = Ask().fail();

  EXPECT_EQ(fault.code, errc::model_unavailable);
  EXPECT_EQ(fault.retry_after, 1);
  EXPECT_EQ(log.rows.size(), 6u);
  EXPECT_EQ(log.rows.back().status, "ERROR");
}

TEST_F(BreakingTheCircuit, LogsTheRequestThatOpenedIt) {
  lakegate::test::captured_log captured;

  Open();

  EXPECT_THAT(captured.lines_of("breaker_opened"),
              ::testing::ElementsAre(lakegate::test::names_request("corr", "00-trace")));
}

TEST_F(BreakingTheCircuit, ProbesOnceAndClosesOnSuccess) {
  Open();
  world.advance(1s);
  EXPECT_CALL(serving, invoke_endpoint(_))
      .Times(2)
      .WillRepeatedly(Return(Predicts("{}")));

  EXPECT_TRUE(Ask()->predictions.is_object());
  EXPECT_TRUE(Ask()->predictions.is_object());
}

TEST_F(BreakingTheCircuit, LetsOneProbeThroughAtATime) {
  Open();
  world.advance(1s);
  EXPECT_CALL(serving, invoke_endpoint(_)).WillOnce(Return(std::nullopt));
  EXPECT_CALL(serving, call_cancelled(_)).Times(::testing::AnyNumber());

  auto probe = Ask();
  auto other = Ask();

  EXPECT_FALSE(probe.arrived());
  EXPECT_EQ(other.code(), errc::model_unavailable);
}

TEST_F(BreakingTheCircuit, GivesTheProbeBackWhenItsClientLeaves) {
  Open();
  world.advance(1s);
  EXPECT_CALL(serving, invoke_endpoint(_))
      .WillOnce(Return(std::nullopt))
      .WillOnce(Return(Predicts("{}")));
  EXPECT_CALL(serving, call_cancelled(_));
  Ask();

  caf::anon_send(actor, cancel_call{77});
  world.settle();

  EXPECT_TRUE(Ask()->predictions.is_object());
}

TEST_F(BreakingTheCircuit, IsNotMovedByWhatIsTheCallersOwn) {
  EXPECT_CALL(serving, invoke_endpoint(_))
      .Times(20)
      .WillRepeatedly(Return(Refuses(Failure(failure_kind::invalid_argument, 400))));

  for (int i = 0; i < 20; ++i)
    EXPECT_EQ(Ask().code(), errc::invalid_input);
}

TEST_F(BreakingTheCircuit, StaysClosedForOtherUsersAndEndpoints) {
  Open();
  EXPECT_CALL(serving, invoke_endpoint(_))
      .Times(2)
      .WillRepeatedly(Return(Predicts("{}")));
  auto elsewhere = Command();
  elsewhere.endpoint_name = "other";

  EXPECT_TRUE(Ask(Command("{\"a\":1}", "bob@example.com"))->predictions.is_object());
  EXPECT_TRUE(Ask(elsewhere)->predictions.is_object());
}

} // namespace lakegate::model_serving
