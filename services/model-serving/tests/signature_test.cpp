#include "services/model-serving/src/detection.hpp"
#include "services/model-serving/src/invocation.hpp"
#include "services/model-serving/tests/json_schema_validator.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lakegate::model_serving {

using nlohmann::json;
using test::SchemaFault;
using ::testing::HasSubstr;

namespace {

json Parsed(const json_text& x) {
  return json::parse(x.str());
}

/// Reads a signature and checks what must hold for each: the example validates.
detected_schema FromMlmodel(const std::string& yaml) {
  auto read = read_mlmodel(yaml);
  if (auto why = std::get_if<std::string>(&read))
    return undetected(*why);
  auto found = detected_signature(std::get<model_signature>(read));
  EXPECT_EQ(SchemaFault(Parsed(found.schema), Parsed(found.example)), "")
      << found.schema.str() << found.example.str();
  return found;
}

detected_schema FromInputs(const std::string& inputs, const std::string& params = "") {
  auto yaml = "artifact_path: model\nsignature:\n  inputs: '" + inputs
              + "'\n  outputs: '[{\"type\": \"double\"}]'\n";
  if (!params.empty())
    yaml += "  params: '" + params + "'\n";
  return FromMlmodel(yaml);
}

} // namespace

TEST(ReadingAnMlmodel, DescribesOneRowOfNamedColumns) {
  auto found = FromInputs(R"([{"name":"trip_distance","type":"double","required":true},)"
                          R"({"name":"hour","type":"long","required":false}])");

  auto schema = Parsed(found.schema);
  EXPECT_EQ(found.detected_type, "MLFLOW_MODEL");
  EXPECT_EQ(found.status, "SUCCESS");
  EXPECT_EQ(schema["required"], json({"trip_distance"}));
  EXPECT_EQ(schema["properties"]["hour"],
            json({{"type", "integer"}, {"format", "int64"}}));
  EXPECT_EQ(Parsed(found.example), json({{"trip_distance", 1.5}, {"hour", 1}}));
}

TEST(ReadingAnMlmodel, KnowsEveryColumnType) {
  auto found = FromInputs(
      R"([{"name":"b","type":"boolean"},{"name":"i","type":"integer"},)"
      R"({"name":"f","type":"float"},{"name":"s","type":"string"},)"
      R"({"name":"bin","type":"binary"},{"name":"t","type":"datetime"},)"
      R"({"name":"v","type":"sparkml_vector"},{"name":"x","type":"any"},)"
      R"({"name":"a","type":"array","items":{"type":"long"}},)"
      R"({"name":"m","type":"map","values":{"type":"double"}},)"
      R"({"name":"o","type":"object","properties":)"
      R"({"x":{"type":"double","required":true},"y":{"type":"string","required":false}}}])");

  auto example = Parsed(found.example);
  EXPECT_EQ(example["t"], "2025-01-31T12:00:00Z");
  EXPECT_EQ(example["a"], json({1, 2, 3}));
  EXPECT_EQ(example["m"], json({{"key", 1.5}}));
  EXPECT_EQ(example["o"], json({{"x", 1.5}, {"y", "text"}}));
  EXPECT_EQ(Parsed(found.schema)["properties"]["o"]["required"], json({"x"}));
}

TEST(ReadingAnMlmodel, TakesTheOlderSpellingOfOptional) {
  auto found = FromInputs(R"([{"name":"a","type":"long"},)"
                          R"({"name":"b","type":"long","optional":true}])");

  EXPECT_EQ(Parsed(found.schema)["required"], json({"a"}));
}

TEST(ReadingAnMlmodel, DescribesColumnsWithoutNames) {
  auto found = FromInputs(R"([{"type":"double"},{"type":"string"}])");

  EXPECT_EQ(
      Parsed(found.example),
      json::parse(R"({"dataframe_split":{"columns":[0,1],"data":[[1.5,"text"]]}})"));
}

TEST(ReadingAnMlmodel, DescribesTensors) {
  auto one = FromInputs(
      R"([{"type":"tensor","tensor-spec":{"dtype":"float64","shape":[-1,3]}}])");
  auto named = FromInputs(
      R"([{"name":"x","type":"tensor","tensor-spec":{"dtype":"int32","shape":[2]}}])");

  EXPECT_EQ(Parsed(one.example), json::parse(R"({"inputs":[[1.5,2.5,3.5]]})"));
  EXPECT_EQ(Parsed(named.example), json::parse(R"({"inputs":{"x":[1,2]}})"));
}

TEST(ReadingAnMlmodel, ShowsParametersWithTheirDefaults) {
  auto found =
      FromInputs(R"([{"name":"text","type":"string"}])",
                 R"([{"name":"temperature","type":"double","default":0.1,"shape":null},)"
                 R"({"name":"stop","type":"string","default":["a"],"shape":[-1]}])");

  EXPECT_EQ(Parsed(found.example),
            json::parse(R"({"dataframe_records":[{"text":"text"}],)"
                        R"("params":{"temperature":0.1,"stop":["a"]}})"));
}

TEST(ReadingAnMlmodel, WrapsARowThatWouldLookLikeABodyOfItsOwn) {
  auto found = FromInputs(R"([{"name":"prompt","type":"string"}])");

  auto example = json_text::trusted(found.example.str());
  EXPECT_EQ(Parsed(example), json::parse(R"({"dataframe_records":[{"prompt":"text"}]})"));
  EXPECT_EQ(invocation_body(example), example);
}

TEST(ReadingAnMlmodel, GivesTheSchemaOfATensorTooLargeToShow) {
  auto found = detected_signature(std::get<model_signature>(
      read_mlmodel("signature:\n  inputs: '[{\"type\":\"tensor\",\"tensor-spec\":"
                   "{\"dtype\":\"float32\",\"shape\":[-1,224,224,3]}}]'\n")));

  EXPECT_EQ(found.status, "FAILURE");
  EXPECT_EQ(found.detected_type, "MLFLOW_MODEL");
  EXPECT_TRUE(found.error_message);
  EXPECT_EQ(Parsed(found.schema)["required"], json({"inputs"}));
}

TEST(ReadingAnMlmodel, SaysWhatIsMissingOrWrong) {
  struct {
    std::string yaml;
    std::string words;
  } cases[] = {
      {"artifact_path: model\n", "logged without a signature"},
      {"signature: null\n", "logged without a signature"},
      {"signature:\n  outputs: '[]'\n", "inputs can't be read: is missing"},
      {"signature:\n  inputs: '[{]'\n", "inputs can't be read"},
      {"signature:\n  inputs: '[]'\n", "has no inputs"},
      {"a: [b\n", "not valid YAML"},
      {"", "logged without a signature"},
      {"- 1\n", "logged without a signature"},
      {std::string(100'000, '['), "not valid YAML"},
  };
  for (const auto& x : cases) {
    auto found = FromMlmodel(x.yaml);

    EXPECT_EQ(found.detected_type, "UNKNOWN") << x.yaml.substr(0, 80);
    EXPECT_EQ(found.status, "FAILURE");
    EXPECT_THAT(std::string{*found.error_message}, HasSubstr(x.words));
    EXPECT_TRUE(Parsed(found.example).contains("dataframe_records"));
  }
}

namespace {

detected_schema FromOpenapi(const json& body, std::string_view served = "fare-1") {
  json document = {{"openapi", "3.1.0"}, {"paths", json::object()}};
  document["paths"]["/served-models/other/invocations"]["post"]["requestBody"]["content"]
          ["application/json"]["schema"] = {{"properties", {{"wrong", json::object()}}}};
  document["paths"]["/served-models/fare-1/invocations"]["post"]["requestBody"]["content"]
          ["application/json"]["schema"] = body;
  auto input = read_openapi(json_text::trusted(document.dump()), served);
  if (!input)
    return undetected("nothing.");
  auto signature = std::get_if<model_signature>(&*input);
  auto found = signature ? detected_signature(*signature)
                         : detected_body(std::get<json_text>(*input));
  EXPECT_EQ(SchemaFault(Parsed(found.schema), Parsed(found.example)), "");
  return found;
}

// The form of the page "Query schema of a model serving endpoint".
const auto split_form = json::parse(R"({"properties":{"dataframe_split":{"properties":{
  "columns":{"items":{"enum":["a","b","c"]},"description":"required fields: a, b, c"},
  "data":{"items":{"prefixItems":[{"type":"integer","format":"int64"},
    {"type":"number","format":"double"},{"type":"string"}]}}}},"params":{}}})");
const auto records_form = json::parse(R"({"properties":{"dataframe_records":{"items":{
  "required":["a"],"properties":{"a":{"type":"integer","format":"int64"},
  "b":{"type":"number"}}}}}})");

} // namespace

TEST(ReadingAnOpenapiDocument, PrefersRecordsForTheirRequiredColumns) {
  auto found = FromOpenapi({{"oneOf", {split_form, records_form}}});

  EXPECT_EQ(Parsed(found.schema)["required"], json({"a"}));
  EXPECT_EQ(Parsed(found.example), json({{"a", 1}, {"b", 1.5}}));
}

TEST(ReadingAnOpenapiDocument, ReadsColumnsOfASplitFrame) {
  auto found = FromOpenapi({{"oneOf", {split_form}}});

  EXPECT_EQ(Parsed(found.schema)["required"], json({"a", "b", "c"}));
  EXPECT_EQ(Parsed(found.example), json({{"a", 1}, {"b", 1.5}, {"c", "text"}}));
}

TEST(ReadingAnOpenapiDocument, TakesATupleUnderItems) {
  auto older = split_form;
  auto& row = older["properties"]["dataframe_split"]["properties"]["data"]["items"];
  row = {{"items", row["prefixItems"]}};

  EXPECT_EQ(Parsed(FromOpenapi({{"oneOf", {older}}}).example),
            json({{"a", 1}, {"b", 1.5}, {"c", "text"}}));
}

TEST(ReadingAnOpenapiDocument, TakesABodyOfItsOwnFormAsItIs) {
  auto body = json::parse(R"({"properties":{"input":{"oneOf":[{"type":"string"},
    {"type":"array","items":{"type":"string"}}]}}})");

  auto found = FromOpenapi(body);

  EXPECT_EQ(Parsed(found.schema), body);
  EXPECT_EQ(Parsed(found.example), json({{"input", "text"}}));
}

TEST(ReadingAnOpenapiDocument, TellsNothingWhereThereIsNothing) {
  for (auto text : {"{}", "[]", R"({"paths":{}})", R"({"paths":{"/x":{"post":{}}}})"})
    EXPECT_FALSE(read_openapi(json_text::trusted(text), "x")) << text;
  EXPECT_EQ(FromOpenapi(json::object()).detected_type, "UNKNOWN");
}

TEST(DescribingATask, GivesExamplesThatValidate) {
  for (auto kind : {task_kind::chat, task_kind::completions, task_kind::embeddings,
                    task_kind::responses}) {
    auto what = describe(kind);

    EXPECT_EQ(find_json_fault(what.schema.str()).reason, "");
    EXPECT_EQ(SchemaFault(Parsed(what.schema), Parsed(what.example)), "");
    EXPECT_EQ(invocation_body(what.example), what.example);
  }
}

TEST(DescribingATask, KnowsFoundationAndExternalEntitiesWithoutATask) {
  databricks::serving_endpoint x;
  x.name = "databricks-gte-large-en";
  x.entities.push_back({"e", "system.ai.gte_large", "1", true, false});

  EXPECT_TRUE(is_foundation(x));
  EXPECT_EQ(kind_of(x), task_kind::embeddings);

  x.name = "my-claude";
  x.entities.front() = {"e", "claude", "", false, true};
  EXPECT_EQ(kind_of(x), task_kind::chat);

  x.entities.front().external = false;
  EXPECT_FALSE(is_foundation(x));
  EXPECT_EQ(kind_of(x), task_kind::other);
}

} // namespace lakegate::model_serving
