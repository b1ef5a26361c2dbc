// Story 3, schemas: where the schema of an endpoint's inputs is found, and what is said
// when it is not.

#include "integration-tests/support/served_model.hpp"

namespace lakegate::integration {

using databricks::failure_kind;
using nlohmann::json;
using testing::_;
using testing::AllOf;
using testing::HasSubstr;
using testing::Return;

class SchemaDetection : public ServedModel {
protected:
  /// The workspace refuses to tell of the endpoint.
  void GivenTheEndpointFails(failure_kind why, int http_status = 0) {
    ON_CALL(Workspace().serving, get_serving_endpoint(_))
        .WillByDefault(
            Return(test::fails<databricks::serving_endpoint>(Failing(why, http_status))));
  }
};

TEST_F(SchemaDetection, ATaskSaysWhatAnEndpointTakes) {
  const json chat{
      {"messages", {{{"role", "user"}, {"content", "Say hello in one short sentence."}}}},
      {"max_tokens", 64}};
  const json completions{{"prompt", "A lake house is"}, {"max_tokens", 64}};
  const json embeddings{
      {"input", {"A lake house is a data platform.", "A boat is not."}}};
  const json responses{
      {"input", {{{"role", "user"}, {"content", "Say hello in one short sentence."}}}}};
  struct row {
    std::string task;
    std::string endpoint_name;
    databricks::served_entity entity;
    std::string type;
    json example;
  };
  const databricks::served_entity classic{"e", "main.default.agent", "1", false, false};
  const std::vector<row> rows{
      {"llm/v1/chat", "model", classic, "FOUNDATION_MODEL", chat},
      {"llm/v1/completions", "model", classic, "FOUNDATION_MODEL", completions},
      {"llm/v1/embeddings", "model", classic, "FOUNDATION_MODEL", embeddings},
      {"agent/v1/chat", "model", classic, "MLFLOW_MODEL", chat},
      {"agent/v2/chat", "model", classic, "MLFLOW_MODEL", chat},
      {"agent/v1/responses", "model", classic, "MLFLOW_MODEL", responses},
      {"agent/v2/responses", "model", classic, "MLFLOW_MODEL", responses},
      // Without a task the kind of what is served tells, then its name.
      {"", "model", {"e", "system.ai.llama", "1", true, false}, "FOUNDATION_MODEL", chat},
      {"", "model", {"e", "claude", "", false, true}, "FOUNDATION_MODEL", chat},
      {"",
       "model",
       {"e", "text-embedding-3", "", false, true},
       "FOUNDATION_MODEL",
       embeddings},
      {"",
       "databricks-gte-large-en",
       {"e", "system.ai.gte", "1", true, false},
       "FOUNDATION_MODEL",
       embeddings},
      {"",
       "databricks-bge-large-en",
       {"e", "system.ai.bge", "1", true, false},
       "FOUNDATION_MODEL",
       embeddings},
      {"llm/v9/new", "model", {"e", "claude", "", false, true}, "FOUNDATION_MODEL", chat},
  };

  for (const auto& [task, name, entity, type, example] : rows) {
    auto endpoint = ClassicEndpoint();
    endpoint.task = task;
    endpoint.name = name;
    endpoint.entities = {entity};
    GivenEndpoint(endpoint);

    auto response = WhenDetected();

    EXPECT_THAT(response, HasStatus(200));
    EXPECT_THAT(response, HasJson(json{{"endpoint_name", "model"},
                                       {"detected_type", type},
                                       {"status", "SUCCESS"},
                                       {"error_message", nullptr}}))
        << task << " " << name;
    EXPECT_EQ(response.json()["example_json"], example) << task << " " << name;
    EXPECT_EQ(response.json()["schema"]["required"],
              json{example.contains("messages") ? "messages"
                   : example.contains("prompt") ? "prompt"
                                                : "input"});
  }
}

TEST_F(SchemaDetection, AnyServedFoundationModelCounts) {
  auto endpoint = ClassicEndpoint();
  endpoint.entities.push_back({"second", "claude", "", false, true});
  GivenEndpoint(endpoint);

  EXPECT_EQ(WhenDetected().json()["detected_type"], "FOUNDATION_MODEL");
}

TEST_F(SchemaDetection, AFailureOfTheWorkspaceIsTheCallersOrAFinding) {
  struct row {
    failure_kind kind;
    int http_status;
    errc code; ///< `none`: the answer is 200 and a finding.
    std::string status;
    std::string words;
  };
  const std::vector<row> rows{
      {failure_kind::not_found, 404, errc::endpoint_not_found, "", ""},
      {failure_kind::permission_denied, 403, errc::model_permission_denied, "", ""},
      {failure_kind::token_invalid, 401, errc::auth_invalid, "", ""},
      {failure_kind::token_expired, 401, errc::auth_expired, "", ""},
      {failure_kind::scope_missing, 403, errc::token_scope_missing, "", ""},
      {failure_kind::not_configured, 0, errc::workspace_not_configured, "", ""},
      {failure_kind::timeout, 0, errc::none, "TIMEOUT", "did not answer in time"},
      {failure_kind::rate_limited, 429, errc::none, "FAILURE", "workspace is busy"},
      {failure_kind::invalid_response, 200, errc::none, "FAILURE",
       "answer was not valid"},
      {failure_kind::unavailable, 503, errc::none, "FAILURE", "did not answer; try"},
  };

  for (const auto& [kind, http_status, code, status, words] : rows) {
    GivenTheEndpointFails(kind, http_status);

    auto response = WhenDetected();

    if (code != errc::none) {
      EXPECT_THAT(response, IsProblem(code)) << to_string(code);
      continue;
    }
    EXPECT_THAT(response, HasJson(json{{"detected_type", "UNKNOWN"},
                                       {"status", status},
                                       {"schema", nullptr}}));
    EXPECT_THAT(response.json()["error_message"].get<std::string>(), HasSubstr(words));
    EXPECT_EQ(response.json()["example_json"],
              json::parse(R"({"dataframe_records":[{"column_name":"value"}]})"));
  }
}

TEST_F(SchemaDetection, AFailureOfTheRegistrySaysWhatToDo) {
  struct row {
    failure_kind kind;
    std::string status;
    std::string words;
  };
  const std::vector<row> rows{
      {failure_kind::not_found, "FAILURE", "signature was not found"},
      {failure_kind::permission_denied, "FAILURE", "you may not read the model's"},
      {failure_kind::rate_limited, "FAILURE", "the workspace is busy"},
      {failure_kind::invalid_response, "FAILURE", "answer was not valid"},
      {failure_kind::unavailable, "FAILURE", "did not answer; try again shortly"},
      {failure_kind::timeout, "TIMEOUT", "did not answer in time"},
  };

  for (const auto& [kind, status, words] : rows) {
    GivenNoMlmodel(kind, 0);

    auto response = WhenDetected();

    EXPECT_THAT(response,
                HasJson(json{{"detected_type", "UNKNOWN"}, {"status", status}}));
    EXPECT_THAT(response.json()["error_message"].get<std::string>(), HasSubstr(words));
  }
  EXPECT_EQ(Sql("SELECT status, count(*) FROM lakegate.schema_detection_events GROUP BY "
                "status ORDER BY status"),
            "FAILURE|5\nTIMEOUT|1");
}

TEST_F(SchemaDetection, OnlyAModelOfUnityCatalogHasASignatureToAskFor) {
  const std::vector<std::vector<databricks::served_entity>> all{
      {},
      {{"e", "workspace-model", "3", false, false}},
      {{"e", "main.default", "3", false, false}},
      {{"e", "main.default.model", "", false, false}},
  };
  EXPECT_CALL(Workspace().registry, get_mlmodel(_)).Times(0);

  for (const auto& entities : all) {
    auto endpoint = ClassicEndpoint();
    endpoint.entities = entities;
    GivenEndpoint(endpoint);

    auto response = WhenDetected();

    EXPECT_THAT(response,
                HasJson(json{{"detected_type", "UNKNOWN"}, {"status", "FAILURE"}}));
    EXPECT_THAT(response.json()["error_message"].get<std::string>(),
                HasSubstr("its model is not one of Unity Catalog."));
  }
}

TEST_F(SchemaDetection, AnOpenapiDocumentWithoutInputsIsAsGoodAsNone) {
  const std::vector<std::string> documents{
      "{}",
      "[]",
      R"({"paths":{}})",
      R"({"paths":{"/served-models/model-1/invocations":{"get":{}}}})",
      OpenapiOf("no object"),
      OpenapiOf(json::object()),
      OpenapiOf({{"oneOf", {1, "x", json::object()}}}),
      OpenapiOf({{"properties", {{"dataframe_split", json::object()}}}}),
      OpenapiOf({{"properties", {{"dataframe_records", json::object()}}}}),
      OpenapiOf({{"properties", {{"dataframe_split", true}, {"other", 1}}}}),
  };
  GivenMlmodel("signature:\n  inputs: '[{\"name\":\"a\",\"type\":\"long\"}]'\n");

  for (const auto& document : documents) {
    GivenOpenapi(document);

    auto response = WhenDetected();

    EXPECT_THAT(response, HasJson(json{{"detected_type", "MLFLOW_MODEL"},
                                       {"status", "SUCCESS"},
                                       {"example_json", {{"a", 1}}}}))
        << document;
  }
}

TEST_F(SchemaDetection, ThePathOfTheServedModelComesFirst) {
  auto document = json::parse(OpenapiOf({{"properties", {{"mine", {{"const", 1}}}}}}));
  auto& paths = document["paths"];
  const json theirs{{"properties", {{"theirs", {{"const", 2}}}}}};
  for (auto other : {"/served-models/a/invocations", "/served-models/z/invocations"})
    paths[other] = json::parse(OpenapiOf(theirs, "x"))["paths"].begin().value();

  GivenOpenapi(document.dump());
  auto mine = WhenDetected();
  paths["/served-models/model-1/invocations"] = json::object();
  GivenOpenapi(document.dump());
  auto any = WhenDetected();
  auto endpoint = ClassicEndpoint();
  endpoint.entities.clear();
  GivenEndpoint(endpoint);
  auto nameless = WhenDetected();

  EXPECT_EQ(mine.json()["example_json"], json({{"mine", 1}}));
  EXPECT_EQ(any.json()["example_json"], json({{"theirs", 2}}));
  EXPECT_EQ(nameless.json()["example_json"], json({{"theirs", 2}}));
}

TEST_F(SchemaDetection, ColumnsAreReadFromEitherFormOfAFrame) {
  struct row {
    std::string body;
    json example;
    json required;
  };
  const std::vector<row> rows{
      {R"({"oneOf":[{"properties":{"dataframe_records":{"items":{"required":["a",7],
           "properties":{"a":{"type":"integer"},"b":{"type":"number"},"any":true}}}}}]})",
       {{"a", 1}, {"b", 1.5}, {"any", "text"}},
       {"a"}},
      {R"({"anyOf":[{"properties":{"dataframe_split":{"properties":{
           "columns":{"items":{"enum":["a","b"]}},
           "data":{"items":{"prefixItems":[{"type":"integer"},{"type":"string"}]}}}}}}]})",
       {{"a", 1}, {"b", "text"}},
       {"a", "b"}},
      {R"({"properties":{"dataframe_split":{"properties":{
           "columns":{"items":{"enum":["a","b"]}},
           "data":{"items":{"items":[{"type":"integer"}]}}}}}})",
       {{"a", 1}, {"b", "text"}},
       {"a", "b"}},
      {R"({"properties":{"dataframe_split":{"properties":{
           "columns":{"items":{"enum":[0,1]}},
           "data":{"items":{"items":{"type":"number"}}}}}}})",
       {{"0", 1.5}, {"1", 1.5}},
       {"0", "1"}},
      {R"({"oneOf":[{"properties":{"dataframe_records":{"items":{
           "properties":{"a":{"type":"integer"}}}},
           "params":{"properties":{"t":{"type":"number","default":0.5}}}}}]})",
       json::parse(R"({"dataframe_records":[{"a":1}],"params":{"t":0.5}})"),
       {"dataframe_records"}},
      {R"({"oneOf":[{"properties":{"dataframe_records":{"items":{
           "properties":{"a":{"type":"integer"}}}},"params":{}}}]})",
       {{"a", 1}},
       json::array()},
  };

  for (const auto& [body, example, required] : rows) {
    GivenOpenapi(OpenapiOf(json::parse(body)));

    auto response = WhenDetected();

    EXPECT_THAT(response, AllOf(HasStatus(200), HasJson(json{{"status", "SUCCESS"}})));
    EXPECT_EQ(response.json()["example_json"], example) << body;
    EXPECT_EQ(response.json()["schema"]["required"], required) << body;
  }
}

TEST_F(SchemaDetection, AnEventThatCannotBeKeptCostsNobodyTheAnswer) {
  WhenDetected();
  Sql("ALTER TABLE lakegate.schema_detection_events RENAME TO away");

  auto response = WhenDetected();
  Sql("ALTER TABLE lakegate.away RENAME TO schema_detection_events");
  auto again = WhenDetected();

  EXPECT_THAT(response, HasStatus(200));
  EXPECT_THAT(again, HasStatus(200));
  auto lost = "lakegate_model_serving_schema_detection_events_lost_total 1";
  EXPECT_THAT(Eventually(Get("/metrics").As(user_a),
                         [&](const Response& x) {
                           return x.body.find(lost) != std::string::npos;
                         })
                  .body,
              HasSubstr(lost));
}

class SchemaDetectionWithoutADatabase : public SchemaDetection {
protected:
  world_options Options() const override { return {.database = false}; }
};

TEST_F(SchemaDetectionWithoutADatabase, AnswersAndKeepsNoEvent) {
  EXPECT_THAT(WhenDetected(), HasStatus(200));
}

} // namespace lakegate::integration
