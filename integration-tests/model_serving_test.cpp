// Story 3: serving endpoints, schema detection, inference and its log.

#include "integration-tests/support/scenario.hpp"

namespace lakegate::integration {

using databricks::failure_kind;
using databricks::upstream_failure;
using nlohmann::json;
using testing::_;
using testing::AllOf;
using testing::Return;

class ModelServing : public Scenario {};

TEST_F(ModelServing, ListEndpoints) {
  auto response = When(Get(path::endpoints).As(user_a));

  EXPECT_THAT(response, HasStatus(200));
  EXPECT_EQ(response.json(),
            json::array({{{"endpoint_name", "claude-sonnet-4"},
                          {"endpoint_id", "id-of-claude-sonnet-4"},
                          {"model_name", "system.ai.claude-sonnet-4"},
                          {"model_version", "1"},
                          {"state", "READY"},
                          {"task", "llm/v1/chat"},
                          {"creator", "owner@example.com"},
                          {"creation_timestamp", "2026-01-01T00:00:00.000Z"}},
                         {{"endpoint_name", "custom-classifier"},
                          {"endpoint_id", "id-of-custom-classifier"},
                          {"model_name", "main.default.classifier"},
                          {"model_version", "3"},
                          {"state", "READY"},
                          {"task", nullptr},
                          {"creator", "owner@example.com"},
                          {"creation_timestamp", "2026-01-01T00:00:00.000Z"}}}));
}

TEST_F(ModelServing, GetEndpointDetails) {
  auto response = When(Get(path::endpoints + "/custom-classifier").As(user_a));

  EXPECT_THAT(response, HasStatus(200));
  EXPECT_THAT(response,
              HasJson(json{{"endpoint_name", "custom-classifier"},
                           {"state", "READY"},
                           {"last_updated_timestamp", "2026-01-02T00:00:00.000Z"},
                           {"config", {{"config_version", 7}}}}));
  EXPECT_THAT(response.json()["workload_url"].get<std::string>(),
              testing::HasSubstr("/serving-endpoints/custom-classifier/invocations"));
}

TEST_F(ModelServing, EndpointNotFoundGives404) {
  const std::vector<Request> all{
      Get(path::endpoints + "/nope").As(user_a),
      Get(path::endpoints + "/nope/schema").As(user_a),
      Post(path::invoke)
          .With({{"endpoint_name", "nope"}, {"inputs", {{"text", "x"}}}})
          .As(user_a),
  };

  for (const auto& request : all)
    EXPECT_THAT(When(request), IsProblem(errc::endpoint_not_found));
}

TEST_F(ModelServing, DetectEndpointSchema) {
  auto chat = When(Get(path::endpoints + "/claude-sonnet-4/schema").As(user_a));
  auto mlflow = When(Get(path::endpoints + "/custom-classifier/schema").As(user_a));

  EXPECT_THAT(chat,
              AllOf(HasStatus(200), HasJson(json{{"detected_type", "FOUNDATION_MODEL"},
                                                 {"status", "SUCCESS"}})));
  EXPECT_TRUE(chat.json()["example_json"].contains("messages"));
  EXPECT_THAT(mlflow,
              AllOf(HasStatus(200), HasJson(json{{"detected_type", "MLFLOW_MODEL"},
                                                 {"status", "SUCCESS"}})));
  for (const auto& [name, answer] :
       {std::pair{std::string{"claude-sonnet-4"}, chat}, {"custom-classifier", mlflow}}) {
    auto run = When(
        Post(path::invoke)
            .With({{"endpoint_name", name}, {"inputs", answer.json()["example_json"]}})
            .As(user_a));
    EXPECT_THAT(run, HasStatus(200)) << "the example must run";
  }
  EXPECT_EQ(Sql("SELECT count(*) FROM lakegate.schema_detection_events"), "2");
}

TEST_F(ModelServing, InvokeReturnsPredictions) {
  auto response = When(Classify("hello").As(user_a));

  EXPECT_THAT(response, HasStatus(200));
  EXPECT_THAT(response,
              HasJson(json{{"endpoint_name", "custom-classifier"},
                           {"status", "SUCCESS"},
                           {"predictions", {{"predictions", {"label-of-hello"}}}},
                           {"error_message", nullptr}}));
  EXPECT_GE(response.json()["execution_time_ms"].get<int>(), 1);
}

TEST_F(ModelServing, InferenceLogPersisted) {
  auto inference = GivenInference(user_a, "hello");

  auto read = When(Get(path::logs).As(user_a)); // a read flushes

  EXPECT_THAT(read, HasStatus(200));
  EXPECT_EQ(Sql("SELECT user_id, endpoint_name, status, inputs, predictions FROM "
                "lakegate.inference_logs WHERE request_id = '"
                + inference["request_id"].get<std::string>() + "'"),
            user_a
                + "|custom-classifier|SUCCESS|{\"text\":\"hello\"}|"
                  "{\"predictions\":[\"label-of-hello\"]}");
}

TEST_F(ModelServing, LogsIsolatedByUser) {
  for (int i = 0; i < 3; ++i)
    GivenInference(user_a, "a" + std::to_string(i));
  GivenInference(user_b, "b0");

  auto of_a = When(Get(path::logs + "?limit=2&offset=1").As(user_a)).json();
  auto of_b = When(Get(path::logs).As(user_b)).json();

  EXPECT_EQ(of_a["total_count"], 3);
  EXPECT_EQ(of_a["limit"], 2);
  EXPECT_EQ(of_a["offset"], 1);
  ASSERT_EQ(of_a["logs"].size(), 2u);
  EXPECT_EQ(of_a["logs"][0]["inputs"]["text"], "a1");
  EXPECT_EQ(of_a["logs"][1]["inputs"]["text"], "a0");
  EXPECT_EQ(of_b["total_count"], 1);
  EXPECT_EQ(of_b["logs"][0]["user_id"], user_b);
  EXPECT_EQ(of_b["logs"][0]["inputs"]["text"], "b0");
}

TEST_F(ModelServing, LogsAreFiltered) {
  auto good = GivenInference(user_a, "good");
  ON_CALL(Workspace().serving, invoke_endpoint(_))
      .WillByDefault(Return(test::fails<databricks::invocation_answer>(
          upstream_failure{failure_kind::invalid_argument,
                           400,
                           "BAD_REQUEST",
                           "no",
                           {},
                           {},
                           {},
                           {},
                           {},
                           true})));
  EXPECT_THAT(When(Classify("bad").As(user_a)), IsProblem(errc::invalid_input));

  auto failed = When(Get(path::logs + "?status=ERROR").As(user_a)).json();
  auto other = When(Get(path::logs + "?endpoint_name=claude-sonnet-4").As(user_a)).json();
  auto before =
      When(Get(path::logs + "?until=" + Encoded(good["completed_at"].get<std::string>()))
               .As(user_a))
          .json();

  EXPECT_EQ(failed["total_count"], 1);
  EXPECT_EQ(failed["logs"][0]["inputs"]["text"], "bad");
  EXPECT_EQ(other["total_count"], 0);
  EXPECT_EQ(before["total_count"], 1);
  EXPECT_EQ(before["logs"][0]["inputs"]["text"], "good");
}

TEST_F(ModelServing, ModelTimeoutGives503) {
  EXPECT_CALL(Workspace().serving, invoke_endpoint(_))
      .WillRepeatedly(Return(std::nullopt));

  auto response = When(Classify("slow", 2).As(user_a));

  EXPECT_THAT(response, IsProblem(errc::model_timeout));
  EXPECT_GE(response.took.count(), 1900);
  EXPECT_LE(response.took.count(), 2200);
  auto logs = When(Get(path::logs).As(user_a)).json();
  ASSERT_EQ(logs["total_count"], 1);
  EXPECT_EQ(logs["logs"][0]["status"], "TIMEOUT");
  EXPECT_TRUE(logs["logs"][0]["predictions"].is_null());
}

TEST_F(ModelServing, InvalidInputGives400) {
  struct bad {
    std::string body;
    std::vector<std::string> fields;
  };
  const std::vector<bad> all{
      {R"({"inputs":{"text":"x"}})", {"endpoint_name"}},
      {R"({"endpoint_name":"","inputs":{"text":"x"}})", {"endpoint_name"}},
      {R"({"endpoint_name":"custom-classifier"})", {"inputs"}},
      {R"({"endpoint_name":"custom-classifier","inputs":{}})", {"inputs"}},
      {R"({"endpoint_name":"custom-classifier","inputs":[1]})", {"inputs"}},
      {R"({"endpoint_name":"custom-classifier","inputs":"x"})", {"inputs"}},
      {R"({"endpoint_name":"custom-classifier","inputs":{"a":1},"timeout_seconds":0})",
       {"timeout_seconds"}},
      {R"({"endpoint_name":"custom-classifier","inputs":{"a":1},"timeout_seconds":301})",
       {"timeout_seconds"}},
      {R"({"endpoint_name":"custom-classifier","inputs":{"a":1},"timeout_seconds":"5"})",
       {"timeout_seconds"}},
      {R"({"endpoint_name":7,"inputs":null})", {"endpoint_name", "inputs"}},
  };
  EXPECT_CALL(Workspace().serving, invoke_endpoint(_)).Times(0);

  for (const auto& [body, fields] : all)
    EXPECT_THAT(When(Post(path::invoke).WithBody(body).As(user_a)),
                IsProblemWith(errc::invalid_input, fields))
        << body;
}

TEST_F(ModelServing, TheModelsOwn400IsPassedOn) {
  auto response = When(Post(path::invoke)
                           .With({{"endpoint_name", "custom-classifier"},
                                  {"inputs", {{"messages", json::array()}}}})
                           .As(user_a));

  EXPECT_THAT(response, IsProblem(errc::invalid_input));
  EXPECT_EQ(response.json()["detail"]["technical_details"]["model_message"],
            "Model is missing inputs ['text'].");
}

TEST_F(ModelServing, PermissionDeniedGives403) {
  EXPECT_CALL(Workspace().serving, invoke_endpoint(_))
      .WillOnce(Return(test::fails<databricks::invocation_answer>(
          Failing(failure_kind::permission_denied, 403))));

  EXPECT_THAT(When(Classify("x").As(user_a)), IsProblem(errc::model_permission_denied));
}

class ModelServingWithoutADatabase : public Scenario {
protected:
  world_options Options() const override { return {.database = false}; }
};

TEST_F(ModelServingWithoutADatabase, LogsWithoutLakebaseGives503) {
  auto inference = When(Classify("hello").As(user_a));
  auto logs = When(Get(path::logs).As(user_a));

  EXPECT_THAT(inference, HasStatus(200));
  EXPECT_THAT(logs, IsProblem(errc::lakebase_not_configured));
}

} // namespace lakegate::integration
