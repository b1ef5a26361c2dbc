// Story 3, schemas: what a signature or a body's own schema becomes, and the example that
// is made of it.

#include "integration-tests/support/served_model.hpp"

namespace lakegate::integration {

using nlohmann::json;
using testing::HasSubstr;

namespace {

/// An MLmodel file whose signature has these inputs and, if any, these parameters.
std::string MlmodelOf(const std::string& inputs, const std::string& params = {}) {
  auto yaml = "artifact_path: model\nsignature:\n  inputs: '" + inputs + "'\n";
  return params.empty() ? yaml : yaml + "  params: '" + params + "'\n";
}

} // namespace

class SchemaExamples : public ServedModel {};

TEST_F(SchemaExamples, EveryTypeOfASignatureHasItsSchemaAndAnExample) {
  struct row {
    std::string type; ///< Of the column `x`, as MLflow writes it.
    std::string schema;
    std::string example;
  };
  const std::vector<row> rows{
      {R"("type":"boolean")", R"({"type":"boolean"})", "true"},
      {R"("type":"integer")", R"({"type":"integer","format":"int32"})", "1"},
      {R"("type":"long")", R"({"type":"integer","format":"int64"})", "1"},
      {R"("type":"float")", R"({"type":"number","format":"float"})", "1.5"},
      {R"("type":"double")", R"({"type":"number","format":"double"})", "1.5"},
      {R"("type":"string")", R"({"type":"string"})", R"("text")"},
      {R"("type":"binary")", R"({"type":"string","contentEncoding":"base64"})",
       R"("dGV4dA==")"},
      {R"("type":"datetime")", R"({"type":"string","format":"date-time"})",
       R"("2025-01-31T12:00:00Z")"},
      {R"("type":"sparkml_vector")", R"({"type":"array","items":{"type":"number"}})",
       "[1.5,2.5,3.5]"},
      {R"("type":"any")", "{}", R"("text")"},
      {R"("type":7)", "{}", R"("text")"},
      {R"("type":"array","items":{"type":"long"})",
       R"({"type":"array","items":{"type":"integer","format":"int64"}})", "[1,2,3]"},
      {R"("type":"array","items":{"type":"array","items":{"type":"string"}})",
       R"({"type":"array","items":{"type":"array","items":{"type":"string"}}})",
       R"([["text","text 2","text 3"]])"},
      {R"("type":"map","values":{"type":"double"})",
       R"({"type":"object","additionalProperties":{"type":"number","format":"double"}})",
       R"({"key":1.5})"},
      {R"("type":"object","properties":{"a":{"type":"long"},)"
       R"("b":{"type":"string","required":false},"c":{"type":"long","optional":true}})",
       R"({"type":"object","properties":{"a":{"type":"integer","format":"int64"},)"
       R"("b":{"type":"string"},"c":{"type":"integer","format":"int64"}},)"
       R"("required":["a"]})",
       R"({"a":1,"b":"text","c":1})"},
  };

  for (const auto& [type, schema, example] : rows) {
    GivenMlmodel(MlmodelOf(R"([{"name":"x",)" + type + "}]"));

    auto response = WhenDetected();

    EXPECT_THAT(response, HasJson(json{{"detected_type", "MLFLOW_MODEL"},
                                       {"status", "SUCCESS"},
                                       {"error_message", nullptr}}));
    EXPECT_EQ(response.json()["schema"]["properties"]["x"], json::parse(schema)) << type;
    EXPECT_EQ(response.json()["schema"]["required"], json{"x"}) << type;
    EXPECT_EQ(response.json()["example_json"], json({{"x", json::parse(example)}}))
        << type;
  }
}

TEST_F(SchemaExamples, ASignatureThatARowCannotSayTakesTheProtocolsOwnForm) {
  struct row {
    std::string inputs;
    std::string params;
    std::string example;
  };
  const std::vector<row> rows{
      {R"([{"type":"double"},{"type":"string"}])", "",
       R"({"dataframe_split":{"columns":[0,1],"data":[[1.5,"text"]]}})"},
      {R"([{"name":"prompt","type":"string"}])", "",
       R"({"dataframe_records":[{"prompt":"text"}]})"},
      {R"([{"name":"a","type":"long","required":false}])",
       R"([{"name":"t","type":"double","default":0.1},{"name":"n","dtype":"long"},)"
       R"({"name":"u","type":"unheard"},{"type":"string","default":null},)"
       R"({"name":"s","type":"string","shape":[-1],"default":["x"]}])",
       R"({"dataframe_records":[{"a":1}],)"
       R"("params":{"t":0.1,"n":1,"u":"text","":"text","s":["x"]}})"},
      {R"([{"type":"tensor","tensor-spec":{"dtype":"float64","shape":[-1,2]}}])", "",
       R"({"inputs":[[1.5,2.5]]})"},
      {R"([{"name":"x","type":"tensor","tensor-spec":{"dtype":"int32","shape":[2]}},)"
       R"({"name":"y","type":"tensor","tensor-spec":{"dtype":"uint8","shape":[]}}])",
       "", R"({"inputs":{"x":[1,2],"y":1}})"},
      {R"([{"type":"tensor","tensor-spec":{"dtype":"bool","shape":[2]}}])", "",
       R"({"inputs":[true,false]})"},
      {R"([{"type":"tensor","tensor-spec":{"dtype":"str","shape":[1]}}])", "",
       R"({"inputs":["text"]})"},
      {R"([{"type":"tensor","tensor-spec":{"dtype":"<U3","shape":[1]}}])", "",
       R"({"inputs":["text"]})"},
      {R"([{"type":"tensor","tensor-spec":{"dtype":"object","shape":["any"]}}])", "",
       R"({"inputs":["text","text 2","text 3"]})"},
      {R"([{"type":"tensor","tensor-spec":{"shape":[1]}}])", "",
       R"({"inputs":["text"]})"},
  };

  for (const auto& [inputs, params, example] : rows) {
    GivenMlmodel(MlmodelOf(inputs, params));

    auto response = WhenDetected();

    EXPECT_THAT(response, HasJson(json{{"status", "SUCCESS"}}));
    EXPECT_EQ(response.json()["example_json"], json::parse(example)) << inputs;
  }
}

TEST_F(SchemaExamples, ATensorTooLargeToShowHasASchemaAndNoExample) {
  GivenMlmodel(MlmodelOf(R"([{"type":"tensor","tensor-spec":)"
                         R"({"dtype":"float32","shape":[-1,224,224,3]}}])"));

  auto response = WhenDetected();

  EXPECT_THAT(
      response,
      HasJson(json{{"detected_type", "MLFLOW_MODEL"},
                   {"status", "FAILURE"},
                   {"example_json",
                    json::parse(R"({"dataframe_records":[{"column_name":"value"}]})")},
                   {"error_message",
                    "The model takes more values than an example can show; build "
                    "the inputs from the schema."}}));
  EXPECT_EQ(response.json()["schema"]["required"], json{"inputs"});
}

TEST_F(SchemaExamples, AnMlmodelFileThatTellsNothingIsNamed) {
  const std::vector<std::pair<std::string, std::string>> rows{
      {"artifact_path: model\n", "logged without a signature"},
      {"signature: null\n", "logged without a signature"},
      {"signature: text\n", "logged without a signature"},
      {"- 1\n", "logged without a signature"},
      {"", "logged without a signature"},
      {"a: [b\n", "is not valid YAML"},
      {"signature:\n  outputs: '[]'\n", "inputs can't be read: is missing"},
      {"signature:\n  inputs: [1]\n", "inputs can't be read: is missing"},
      {"signature:\n  inputs: '[{]'\n", "inputs can't be read: "},
      {"signature:\n  inputs: '[]'\n", "has no inputs"},
      {"signature:\n  inputs: '{}'\n", "has no inputs"},
  };

  for (const auto& [yaml, words] : rows) {
    GivenMlmodel(yaml);

    auto response = WhenDetected();

    EXPECT_THAT(response,
                HasJson(json{{"detected_type", "UNKNOWN"}, {"status", "FAILURE"}}));
    EXPECT_THAT(response.json()["error_message"].get<std::string>(), HasSubstr(words))
        << yaml;
  }
}

TEST_F(SchemaExamples, AParameterListThatIsNoJsonIsLeftOut) {
  GivenMlmodel(MlmodelOf(R"([{"name":"a","type":"long"}])", "[{"));

  EXPECT_EQ(WhenDetected().json()["example_json"], json({{"a", 1}}));
}

TEST_F(SchemaExamples, AnExampleKeepsToItsSchema) {
  const std::vector<std::pair<std::string, std::string>> rows{
      // What the schema itself names comes first.
      {R"({"const":9.5})", "9.5"},
      {R"({"enum":["red","blue"]})", R"("red")"},
      {R"({"enum":[null],"default":null,"type":"integer"})", "1"},
      {R"({"type":"string","default":"d"})", R"("d")"},
      {R"({"example":{"a":[1]}})", R"({"a":[1]})"},
      {R"({"examples":["first","second"]})", R"("first")"},
      // Types.
      {R"({"type":["null","integer"]})", "1"},
      {R"({"type":["null"]})", "null"},
      {R"({"type":[7]})", R"("text")"},
      {R"({"type":"null"})", "null"},
      {R"({"type":"unheard"})", R"("text")"},
      {R"({"properties":{"a":{"type":"boolean"}}})", R"({"a":true})"},
      {R"({"items":{"type":"boolean"}})", "[true,false,true]"},
      {R"({"prefixItems":[{"type":"integer"},{"type":"string"}]})", R"([1,"text"])"},
      {R"({"anyOf":[{"type":"integer"},{"type":"string"}]})", "1"},
      {R"({"oneOf":[{"type":"number"}]})", "1.5"},
      {R"({"allOf":[{"type":"boolean"}]})", "true"},
      {R"({"anyOf":[]})", R"("text")"},
      {"true", R"("text")"},
      // Objects.
      {R"({"type":"object"})", "{}"},
      {R"({"type":"object","required":["a",3],"properties":{"b":{"type":"integer"}},)"
       R"("additionalProperties":{"type":"number"}})",
       R"({"b":1,"a":1.5})"},
      {R"({"type":"object","required":["a"],"properties":{"a":{"type":"integer"}}})",
       R"({"a":1})"},
      {R"({"type":"object","additionalProperties":{"type":"integer"}})", R"({"key":1})"},
      {R"({"type":"object","additionalProperties":true})", "{}"},
      {R"({"type":"object","required":["r"],"additionalProperties":{"type":"null"}})",
       R"({"r":null})"},
      // Arrays.
      {R"({"type":"array","items":{"type":"object","properties":{"a":{"type":"null"}}}})",
       R"([{"a":null}])"},
      {R"({"type":"array","items":{"type":"array","items":{"type":"integer"}}})",
       "[[1,2,3]]"},
      {R"({"type":"array","maxItems":1,"items":{"type":"integer"}})", "[1]"},
      {R"({"type":"array","minItems":5,"items":{"type":"integer"}})", "[1,2,3,4,5]"},
      {R"({"type":"array","items":{"enum":["a","b"]}})", R"(["a","b","a"])"},
      {R"({"type":"array","items":[{"type":"integer"}],"minItems":2,)"
       R"("additionalItems":{"type":"boolean"}})",
       "[1,false]"},
      // Integers.
      {R"({"type":"integer","minimum":10})", "10"},
      {R"({"type":"integer","minimum":0.5})", "1"},
      {R"({"type":"integer","exclusiveMinimum":10})", "11"},
      {R"({"type":"integer","minimum":20,"exclusiveMinimum":10})", "20"},
      {R"({"type":"integer","maximum":-3})", "-3"},
      {R"({"type":"integer","exclusiveMaximum":-3})", "-4"},
      {R"({"type":"integer","maximum":-9,"exclusiveMaximum":-3})", "-9"},
      {R"({"type":"integer","minimum":0,"maximum":7})", "1"},
      // Numbers.
      {R"({"type":"number","minimum":2,"maximum":3})", "2.5"},
      {R"({"type":"number","minimum":10})", "11"},
      {R"({"type":"number","maximum":-5})", "-6"},
      {R"({"type":"number","exclusiveMinimum":4})", "5"},
      {R"({"type":"number","exclusiveMaximum":1})", "0"},
      {R"({"type":"number","exclusiveMinimum":2,"exclusiveMaximum":2.5})", "2.25"},
      {R"({"type":"number","minimum":7,"maximum":7})", "7"},
      {R"({"type":"number","minimum":9,"maximum":8})", "1.5"},
      {R"({"type":"number","exclusiveMinimum":3,"maximum":3.5})", "3.25"},
      {R"({"type":"number","minimum":0,"maximum":5})", "1.5"},
      // Strings.
      {R"({"type":"string","format":"date"})", R"("2025-01-31")"},
      {R"({"type":"string","format":"date-time"})", R"("2025-01-31T12:00:00Z")"},
      {R"({"type":"string","format":"byte"})", R"("dGV4dA==")"},
      {R"({"type":"string","format":"email"})", R"("text")"},
      {R"({"type":"string","contentEncoding":"base64"})", R"("dGV4dA==")"},
      {R"({"type":"string","contentEncoding":"quoted-printable"})", R"("text")"},
      {R"({"type":"string","minLength":6})", R"("textxx")"},
      {R"({"type":"string","minLength":2})", R"("text")"},
      {R"({"type":"string","maxLength":2})", R"("te")"},
      {R"({"type":"string","maxLength":9})", R"("text")"},
      {R"({"type":"string","maxLength":-1})", R"("text")"},
  };

  for (const auto& [schema, example] : rows) {
    auto body = json::parse(R"({"properties":{"x":)" + schema + "}}");
    GivenOpenapi(OpenapiOf(body));

    auto response = WhenDetected();

    EXPECT_THAT(response, HasJson(json{{"detected_type", "MLFLOW_MODEL"},
                                       {"status", "SUCCESS"},
                                       {"schema", body}}));
    EXPECT_EQ(response.json()["example_json"]["x"], json::parse(example)) << schema;
  }
}

} // namespace lakegate::integration
