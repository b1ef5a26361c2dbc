#include "services/model-serving/tests/inference_fixture.hpp"

#include <nlohmann/json.hpp>

namespace lakegate::model_serving {

using namespace std::chrono_literals;
using databricks::failure_kind;
using nlohmann::json;
using ::testing::_;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::Return;

using namespace test;

class InvokingAModel : public InferenceTest {};

TEST_F(InvokingAModel, AnswersWithPredictionsAndLogsThem) {
  EXPECT_CALL(serving, invoke_endpoint(_)).WillOnce([](const auto& x) {
    EXPECT_EQ(x.name, "fare");
    EXPECT_EQ(x.ctx.token.reveal(), "secret");
    EXPECT_EQ(x.ctx.correlation_id, "corr");
    EXPECT_EQ(x.ctx.time_left, caf::timespan{30s});
    EXPECT_EQ(x.body.str(), R"({"dataframe_records":[{"trip_distance":1.5}]})");
    return Predicts(R"({"predictions":[7.25]})");
  });

  auto result = Ask();

  EXPECT_EQ(result->predictions.str(), R"({"predictions":[7.25]})");
  EXPECT_EQ(result->endpoint_name, "fare");
  EXPECT_EQ(result->execution_time_ms, 1);
  EXPECT_EQ(result->completed_at, "2025-11-22T12:00:00.001Z");
  ASSERT_EQ(log.rows.size(), 1u);
  const auto& row = log.rows[0];
  EXPECT_EQ(row.request_id, result->request_id);
  EXPECT_EQ(row.user_id, "ann@example.com");
  EXPECT_EQ(row.inputs, R"({"trip_distance":1.5})");
  EXPECT_EQ(row.predictions, R"({"predictions":[7.25]})");
  EXPECT_EQ(row.status, "SUCCESS");
  EXPECT_EQ(row.execution_time_ms, 1);
  EXPECT_FALSE(row.error_message);
}

TEST_F(InvokingAModel, WrapsAPredictionThatIsNoObject) {
  EXPECT_CALL(serving, invoke_endpoint(_)).WillOnce(Return(Predicts("[1.10, 1e400]")));

  EXPECT_EQ(Ask()->predictions.str(), R"({"predictions":[1.10, 1e400]})");
}

TEST_F(InvokingAModel, PassesABodyOfItsOwnFormByteForByte) {
  auto chat = R"({ "messages": [], "max_tokens" : 9007199254740993 })";
  EXPECT_CALL(serving, invoke_endpoint(Field(&databricks::invoke_endpoint::body,
                                             json_text::trusted(chat))))
      .WillOnce(Return(Predicts("{}")));

  EXPECT_TRUE(Ask(Command(chat)).arrived());
}

TEST_F(InvokingAModel, RefusesWhatIsNotValidWithEveryFault) {
  EXPECT_CALL(serving, invoke_endpoint(_)).Times(0);
  auto bad = Command("[]");
  bad.timeout = 301s;

  auto fault = Ask(bad).fail();

  EXPECT_EQ(fault.code, errc::invalid_input);
  EXPECT_EQ(json::parse(fault.details)["errors"].size(), 2u);
  EXPECT_TRUE(log.rows.empty());
}

TEST_F(InvokingAModel, DoesNotCallTheModelWithoutRoomForTheRow) {
  EXPECT_CALL(serving, invoke_endpoint(_)).Times(0);
  log.has_room = false;

  EXPECT_EQ(Ask().code(), errc::database_unavailable);
  EXPECT_TRUE(log.rows.empty());
  EXPECT_GT(log.reserved.at(0).bytes, Command().inputs.size());
}

TEST_F(InvokingAModel, GivesNoAnswerThatIsNotLogged) {
  EXPECT_CALL(serving, invoke_endpoint(_)).WillOnce(Return(Predicts("{}")));
  log.takes_whole_rows = false;

  EXPECT_EQ(Ask().code(), errc::database_unavailable);
}

TEST_F(InvokingAModel, PassesTheModelsOwnRefusalOnWithoutItsStackTrace) {
  EXPECT_CALL(serving, invoke_endpoint(_))
      .WillOnce(Return(Refuses(Failure(
          failure_kind::invalid_argument, 400,
          "Model is missing inputs ['a'].\nTraceback (most recent call last):\n x"))));

  auto fault = Ask().fail();

  EXPECT_EQ(fault.code, errc::invalid_input);
  EXPECT_EQ(json::parse(fault.details),
            json({{"endpoint_name", "fare"},
                  {"model_message", "Model is missing inputs ['a']."}}));
  ASSERT_EQ(log.rows.size(), 1u);
  EXPECT_EQ(log.rows[0].status, "ERROR");
  EXPECT_THAT(*log.rows[0].error_message, HasSubstr("Model is missing inputs ['a']."));
}

TEST_F(InvokingAModel, MapsWhatIsTheCallersOwnAndNeverRepeatsIt) {
  struct {
    failure_kind kind;
    int status;
    errc code;
  } cases[] = {
      {failure_kind::permission_denied, 403, errc::model_permission_denied},
      {failure_kind::scope_missing, 403, errc::token_scope_missing},
      {failure_kind::token_expired, 401, errc::auth_expired},
      {failure_kind::token_invalid, 403, errc::auth_invalid},
      {failure_kind::invalid_response, 200, errc::upstream_invalid_response},
      {failure_kind::not_configured, 0, errc::workspace_not_configured},
      {failure_kind::overloaded, 0, errc::overloaded},
      {failure_kind::held_back, 0, errc::model_unavailable},
  };
  for (const auto& x : cases) {
    EXPECT_CALL(serving, invoke_endpoint(_))
        .WillOnce(Return(Refuses(Failure(x.kind, x.status))));

    EXPECT_EQ(Ask().code(), x.code);
    world.advance(60s);
    EXPECT_EQ(log.rows.back().status, "ERROR");
  }
}

TEST_F(InvokingAModel, LooksUpAnEndpointThatWasNotFound) {
  EXPECT_CALL(serving, invoke_endpoint(_))
      .WillRepeatedly(Return(Refuses(Failure(failure_kind::not_found, 404))));
  EXPECT_CALL(serving, get_serving_endpoint(_))
      .WillOnce(Return(EndpointIs("NOT_READY")))
      .WillOnce(Return(
          fails<databricks::serving_endpoint>(Failure(failure_kind::not_found, 404))));

  EXPECT_EQ(Ask().code(), errc::endpoint_not_ready);
  EXPECT_EQ(Ask().code(), errc::endpoint_not_found);
}

TEST_F(InvokingAModel, SaysWhenTheEndpointIsNotReady) {
  EXPECT_CALL(serving, invoke_endpoint(_))
      .WillOnce(Return(Refuses(
          Failure(failure_kind::unavailable, 503, "The endpoint fare is Not Ready."))));
  EXPECT_CALL(serving, get_serving_endpoint(_)).WillOnce(Return(EndpointIs("NOT_READY")));

  EXPECT_EQ(Ask().code(), errc::endpoint_not_ready);
}

TEST_F(InvokingAModel, EndsAtItsDeadlineAndStopsTheServingCall) {
  std::uint64_t upstream = 0;
  EXPECT_CALL(serving, invoke_endpoint(_)).WillOnce([&](const auto& x) {
    upstream = x.ctx.call_id;
    return std::nullopt;
  });
  EXPECT_CALL(serving, call_cancelled(_)).WillOnce([&](const auto& x) {
    EXPECT_EQ(x.call_id, upstream);
  });
  auto command = Command();
  command.timeout = 2s;
  auto result = Ask(command);

  world.advance(1999ms);
  EXPECT_FALSE(result.arrived());
  world.advance(1ms);

  EXPECT_EQ(result.code(), errc::model_timeout);
  EXPECT_NE(upstream, 0u);
  ASSERT_EQ(log.rows.size(), 1u);
  EXPECT_EQ(log.rows[0].status, "TIMEOUT");
  EXPECT_EQ(log.rows[0].execution_time_ms, 2000);
}

TEST_F(InvokingAModel, NeverRepeatsAPostThatTimedOut) {
  EXPECT_CALL(serving, invoke_endpoint(_))
      .WillOnce(Return(Refuses(Failure(failure_kind::timeout, 0))));
  EXPECT_CALL(serving, call_cancelled(_));

  EXPECT_EQ(Ask().code(), errc::model_timeout);
  world.advance(60s);
}

TEST_F(InvokingAModel, LeavesTimeForTheWayBackToAnImpatientCaller) {
  EXPECT_CALL(serving, invoke_endpoint(_)).WillOnce([](const auto& x) {
    EXPECT_EQ(x.ctx.time_left, caf::timespan{1900ms});
    return Predicts("{}");
  });
  auto command = Command();
  command.who.time_left = 2s;

  EXPECT_TRUE(Ask(command).arrived());
}

TEST_F(InvokingAModel, StopsWhenTheClientGoesAway) {
  EXPECT_CALL(serving, invoke_endpoint(_)).WillOnce(Return(std::nullopt));
  EXPECT_CALL(serving, call_cancelled(_));
  auto result = Ask();

  caf::anon_send(actor, cancel_call{77});
  world.settle();

  EXPECT_TRUE(result.failed());
  ASSERT_EQ(log.rows.size(), 1u);
  EXPECT_EQ(log.rows[0].status, "ERROR");
  EXPECT_THAT(*log.rows[0].error_message, HasSubstr("The client went away"));
}

TEST_F(InvokingAModel, IgnoresACancellationOfAnotherCall) {
  EXPECT_CALL(serving, invoke_endpoint(_)).WillOnce(Return(std::nullopt));
  EXPECT_CALL(serving, call_cancelled(_)).Times(0);
  auto result = Ask();

  caf::anon_send(actor, cancel_call{78});
  caf::anon_send(actor, cancel_call{0});
  world.settle();

  EXPECT_FALSE(result.arrived());
  EXPECT_CALL(serving, call_cancelled(_)).Times(::testing::AnyNumber());
}

TEST_F(InvokingAModel, ShedsLoadBeyondItsBounds) {
  config.max_in_flight = 2;
  config.max_in_flight_bytes = 1000;
  Start();
  EXPECT_CALL(serving, invoke_endpoint(_)).WillRepeatedly(Return(std::nullopt));
  EXPECT_CALL(serving, call_cancelled(_)).Times(::testing::AnyNumber());
  auto large = Command("{\"pad\":\"" + std::string(990, 'x') + "\"}");

  auto first = Ask();
  EXPECT_EQ(Ask(large).code(), errc::overloaded);
  auto second = Ask();
  EXPECT_EQ(Ask().code(), errc::overloaded);
  world.advance(30s);

  EXPECT_EQ(first.code(), errc::model_timeout);
  EXPECT_FALSE(Ask(large).arrived()) << "place again, for a large one alone, too";
}

} // namespace lakegate::model_serving
