#include "services/model-serving/tests/service_fixture.hpp"

#include <lakegate/testing/captured_log.hpp>
#include <lakegate/testing/temporary_postgres.hpp>
#include <lakegate/testing/time_until.hpp>

#include <future>

namespace lakegate::model_serving {

using namespace std::chrono_literals;
using ::testing::_;
using ::testing::Return;

using namespace test;
using lakegate::test::temporary_postgres;

class LosingTheDatabase : public ServiceTest {
protected:
  LosingTheDatabase() {
    ON_CALL(serving, invoke_endpoint(_)).WillByDefault(Return(Predicted("{}")));
  }
};

TEST_F(LosingTheDatabase, AnswersAllTheSameAndWritesTheRowsLater) {
  temporary_postgres own;
  UseDatabase(own);
  Start();
  ASSERT_TRUE(Ask<inference>(Invocation("{\"a\":1}")));
  ASSERT_TRUE(Ask<inference_log_page>(Logs()));
  own.stop();

  for (int i = 0; i < 5; ++i)
    ASSERT_TRUE(Ask<inference>(Invocation("{\"a\":2}")));
  EXPECT_EQ(CodeOf<inference_log_page>(Logs()), errc::database_unavailable);
  own.start();

  EXPECT_EQ(Eventually("SELECT count(*) FROM lakegate.inference_logs", "6"), "6");
  EXPECT_EQ(Ask<inference_log_page>(Logs())->total, 6);
}

TEST_F(LosingTheDatabase, RefusesBeforeTheModelWhenTheJournalIsFull) {
  temporary_postgres own;
  UseDatabase(own);
  options.journal.segment_bytes = 32 * 1024;
  options.journal.max_bytes = 64 * 1024;
  Start();
  ASSERT_TRUE(Ask<inference>(Invocation("{\"a\":1}")));
  ASSERT_TRUE(Ask<inference_log_page>(Logs()));
  own.stop();
  auto calls = 0;
  ON_CALL(serving, invoke_endpoint(_)).WillByDefault([&](const auto&) {
    ++calls;
    return Predicted("{}");
  });
  auto answered = 0;
  auto pad = "{\"pad\":\"" + std::string(4000, 'x') + "\"}";
  while (answered < 1000 && CodeOf<inference>(Invocation(pad)) == errc::none)
    ++answered;

  EXPECT_EQ(CodeOf<inference>(Invocation(pad)), errc::database_unavailable);
  EXPECT_EQ(calls, answered);
  EXPECT_FALSE(running->is_ready());
  own.start();
  auto expected = std::to_string(answered + 1);
  EXPECT_EQ(Eventually("SELECT count(*) FROM lakegate.inference_logs", expected),
            expected);
  // The rows are in the table a moment before their files are gone.
  EXPECT_TRUE(lakegate::test::time_until([&] { return running->is_ready(); }));
  EXPECT_EQ(CodeOf<inference>(Invocation(pad)), errc::none);
}

class StoppingTheService : public ServiceTest {};

TEST_F(StoppingTheService, EndsWhatStillRunsAndKeepsItsRow) {
  UseDatabase(postgres_cluster::shared());
  std::promise<void> called;
  ON_CALL(serving, invoke_endpoint(_)).WillByDefault([&](const auto&) {
    called.set_value();
    return std::nullopt;
  });
  Start();
  caf::scoped_actor self{running->system()};
  auto asked = self->request(running->actor(), 20s, Invocation("{\"a\":1}"));
  ASSERT_EQ(called.get_future().wait_for(10s), std::future_status::ready);

  running->stop(5s);

  auto code = errc::none;
  asked.receive([](const inference&) {},
                [&](const caf::error& x) { code = failure_of(x).code; });
  EXPECT_EQ(code, errc::model_unavailable);
  EXPECT_EQ(
      Sql("SELECT status, error_message FROM lakegate.inference_logs"),
      "ERROR|MODEL_UNAVAILABLE: The service was stopped before the model answered.");
}

class RunningWithoutADatabase : public ServiceTest {};

TEST_F(RunningWithoutADatabase, InfersAndSaysThatThereIsNoLog) {
  ON_CALL(serving, invoke_endpoint(_)).WillByDefault(Return(Predicted("[1]")));
  Start();

  auto done = Ask<inference>(Invocation("{\"a\":1}"));
  auto status = Ask<service_status>(get_status{});

  EXPECT_EQ(done->predictions.str(), "{\"predictions\":[1]}");
  EXPECT_EQ(CodeOf<inference_log_page>(Logs()), errc::lakebase_not_configured);
  ASSERT_EQ(status->components.size(), 3u);
  EXPECT_EQ(status->components[0].name, "workspace");
  EXPECT_EQ(status->components[0].status, "up");
  EXPECT_EQ(status->components[1].name, "database");
  EXPECT_EQ(status->components[1].status, "not_configured");
  EXPECT_EQ(status->components[2].name, "journal");
  EXPECT_EQ(status->components[2].status, "not_configured");
  EXPECT_FALSE(std::filesystem::exists(place.config.directory));
  Stop();
}

class DetectingASchema : public ServiceTest {
protected:
  DetectingASchema() { UseDatabase(postgres_cluster::shared()); }

  void EndpointIs(const std::string& task, const std::string& entity) {
    databricks::serving_endpoint x;
    x.name = "fare";
    x.ready = "READY";
    x.task = task;
    x.entities.push_back({"fare-1", entity, "3", false, false});
    ON_CALL(serving, get_serving_endpoint(_))
        .WillByDefault(Return(caf::expected<databricks::serving_endpoint>{x}));
    ON_CALL(serving, get_endpoint_openapi(_))
        .WillByDefault(Return(lakegate::test::fails<databricks::openapi_document>({})));
  }

  detected_schema Detect() {
    detect_schema command;
    command.who = Who("ann@example.com");
    command.endpoint_name = "fare";
    auto found = Ask<detected_schema>(command);
    if (!found)
      throw std::runtime_error{to_string(failure_of(found.error()).code)};
    return *found;
  }
};

TEST_F(DetectingASchema, KnowsAFoundationModelByItsTask) {
  EndpointIs("llm/v1/chat", "");
  EXPECT_CALL(serving, get_endpoint_openapi(_)).Times(0);
  Start();

  auto found = Detect();

  EXPECT_EQ(found.endpoint_name, "fare");
  EXPECT_EQ(found.detected_type, "FOUNDATION_MODEL");
  EXPECT_EQ(found.status, "SUCCESS");
  EXPECT_EQ(Eventually("SELECT user_id, endpoint_name, detected_type, status, "
                       "correlation_id FROM lakegate.schema_detection_events",
                       "ann@example.com|fare|FOUNDATION_MODEL|SUCCESS|corr"),
            "ann@example.com|fare|FOUNDATION_MODEL|SUCCESS|corr");
}

TEST_F(DetectingASchema, LogsWhoseEventIsLost) {
  EndpointIs("llm/v1/chat", "");
  Start();
  Detect();
  auto count = "SELECT count(*) FROM lakegate.schema_detection_events";
  ASSERT_EQ(Eventually(count, "1"), "1");
  lakegate::test::captured_log log;
  Sql("DROP TABLE lakegate.schema_detection_events");

  Detect();

  EXPECT_THAT(log.await("detection_event_lost"),
              ::testing::ElementsAre(lakegate::test::names_request("corr", "00-trace")));
}

TEST_F(DetectingASchema, TakesOverTheEventsOfAnEarlierApplication) {
  Sql("CREATE SCHEMA lakegate; CREATE TABLE lakegate.schema_detection_events ("
      "id serial PRIMARY KEY, correlation_id varchar(36) NOT NULL, endpoint_name "
      "varchar(255) NOT NULL, detected_type varchar(50) NOT NULL, status varchar(20) NOT "
      "NULL, latency_ms int NOT NULL, error_details text, user_id varchar(255) NOT NULL, "
      "created_at timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP);"
      "INSERT INTO lakegate.schema_detection_events (correlation_id, endpoint_name, "
      "detected_type, status, latency_ms, user_id, created_at) VALUES ('old', 'fare', "
      "'UNKNOWN', 'FAILURE', 3, 'ann@example.com', '2025-01-02 03:04:05')");
  EndpointIs("llm/v1/chat", "");
  Start();

  Detect();

  auto rows = "SELECT correlation_id, detected_at < '2025-01-03' FROM "
              "lakegate.schema_detection_events ORDER BY id";
  EXPECT_EQ(Eventually(rows, "old|t\ncorr|f"), "old|t\ncorr|f");
}

TEST_F(DetectingASchema, FallsBackToTheSignatureInTheRegistry) {
  EndpointIs("", "main.models.fare");
  EXPECT_CALL(models, get_mlmodel(_)).WillOnce([](const auto& x) {
    EXPECT_EQ(x.model_name, "main.models.fare");
    EXPECT_EQ(x.version, "3");
    return caf::expected<databricks::mlmodel_file>{databricks::mlmodel_file{
        "signature:\n  inputs: '[{\"name\":\"a\",\"type\":\"long\"}]'\n"}};
  });
  Start();

  auto found = Detect();

  EXPECT_EQ(found.detected_type, "MLFLOW_MODEL");
  EXPECT_EQ(found.example.str(), "{\"a\":1}");
}

TEST_F(DetectingASchema, IsHelpfulWhenNothingIsKnown) {
  EndpointIs("", "legacy");
  Start();

  auto found = Detect();

  EXPECT_EQ(found.detected_type, "UNKNOWN");
  EXPECT_EQ(found.status, "FAILURE");
  EXPECT_EQ(found.schema.str(), "null");
  EXPECT_TRUE(found.example.is_object());
  EXPECT_TRUE(found.error_message);
}

TEST_F(DetectingASchema, SaysWhenItTookTooLong) {
  EndpointIs("", "main.models.fare");
  ON_CALL(models, get_mlmodel(_)).WillByDefault(Return(std::nullopt));
  options.detection.budget = 200ms;
  Start();

  auto found = Detect();

  EXPECT_EQ(found.status, "TIMEOUT");
  EXPECT_EQ(found.detected_type, "UNKNOWN");
  EXPECT_GE(found.latency_ms, 200);
}

TEST_F(DetectingASchema, RefusesAMissingOrDeniedEndpoint) {
  databricks::upstream_failure why;
  why.kind = databricks::failure_kind::not_found;
  EXPECT_CALL(serving, get_serving_endpoint(_))
      .WillOnce(Return(lakegate::test::fails<databricks::serving_endpoint>(why)))
      .WillOnce([&](const auto&) {
        why.kind = databricks::failure_kind::permission_denied;
        return lakegate::test::fails<databricks::serving_endpoint>(why);
      });
  Start();

  EXPECT_THROW(
      {
        try {
          Detect();
        } catch (const std::runtime_error& x) {
          EXPECT_STREQ(x.what(), "ENDPOINT_NOT_FOUND");
          throw;
        }
      },
      std::runtime_error);
  detect_schema command;
  command.who = Who("ann@example.com");
  command.endpoint_name = "fare";
  EXPECT_EQ(CodeOf<detected_schema>(command), errc::model_permission_denied);
}

} // namespace lakegate::model_serving
