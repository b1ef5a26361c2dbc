#include "services/model-serving/src/schema_example.hpp"
#include "services/model-serving/tests/json_schema_validator.hpp"

#include <gtest/gtest.h>

#include <random>

namespace lakegate::model_serving {

using nlohmann::json;
using test::SchemaFault;

namespace {

json ExampleOf(const json& schema) {
  auto text = json_text::trusted(schema.dump());
  auto example = example_of(json_view{text});
  return example ? json::parse(example->str()) : json("<none>");
}

/// A random schema of the forms that endpoints and signatures have.
class schema_generator {
public:
  explicit schema_generator(unsigned seed) : random_{seed} {}

  json Make(int depth = 0) {
    switch (Below(depth < 4 ? 10 : 6)) {
    case 0:
      return Bounded("integer");
    case 1:
      return Bounded("number");
    case 2:
      return {{"type", "boolean"}};
    case 3:
      return String();
    case 4:
      return {{"enum", {"red", 2, false}}};
    case 5:
      return {{"type", {"null", "string"}}};
    case 6:
      return Object(depth);
    case 7:
      return Array(depth);
    case 8:
      return {{"type", "array"},
              {"prefixItems", {Make(depth + 1), Make(depth + 1)}},
              {"minItems", 2},
              {"maxItems", 2}};
    default:
      return {{"anyOf", {Make(depth + 1), Make(depth + 1)}}};
    }
  }

private:
  int Below(int n) { return std::uniform_int_distribution{0, n - 1}(random_); }

  json Bounded(const std::string& type) {
    json x = {{"type", type}};
    auto low = Below(2000) - 1000;
    if (Below(2) == 0)
      x[Below(2) == 0 ? "minimum" : "exclusiveMinimum"] = low;
    if (Below(2) == 0)
      x[Below(2) == 0 ? "maximum" : "exclusiveMaximum"] = low + 2 + Below(5);
    return x;
  }

  json String() {
    json x = {{"type", "string"}};
    if (Below(3) == 0)
      x["format"] = "date-time";
    else if (Below(2) == 0)
      x["minLength"] = Below(40);
    else if (Below(2) == 0)
      x["maxLength"] = Below(4);
    return x;
  }

  json Object(int depth) {
    json x = {{"type", "object"}, {"properties", json::object()}};
    for (int i = Below(4); i > 0; --i)
      x["properties"]["p" + std::to_string(i)] = Make(depth + 1);
    if (Below(2) == 0)
      x["required"] = {"p1"};
    if (Below(3) == 0)
      x["additionalProperties"] = Make(depth + 1);
    else if (!x["properties"].contains("p1"))
      x.erase("required");
    return x;
  }

  json Array(int depth) {
    json x = {{"type", "array"}, {"items", Make(depth + 1)}};
    if (Below(3) == 0)
      x["minItems"] = Below(5);
    if (Below(3) == 0)
      x["maxItems"] = x.value("minItems", 0) + Below(3);
    return x;
  }

  std::mt19937 random_;
};

} // namespace

TEST(MakingAnExample, ValidatesAgainstItsSchemaWhateverThatIs) {
  for (unsigned seed = 0; seed < 5000; ++seed) {
    auto schema = schema_generator{seed}.Make();

    auto example = ExampleOf(schema);

    ASSERT_EQ(SchemaFault(schema, example), "") << "seed " << seed << "\n"
                                                << schema.dump() << "\n"
                                                << example.dump();
  }
}

TEST(MakingAnExample, HasEveryKindOfValue) {
  auto schema = json::parse(R"({"type":"object","properties":{
    "s":{"type":"string"},"i":{"type":"integer"},"n":{"type":"number"},
    "b":{"type":"boolean"},"a":{"type":"array","items":{"type":"integer"}},
    "o":{"type":"object","properties":{"x":{"type":"string","format":"date-time"}}},
    "e":{"enum":["low","high"]},"d":{"type":"number","default":0.25}}})");

  EXPECT_EQ(ExampleOf(schema), json::parse(R"({"s":"text","i":1,"n":1.5,"b":true,
    "a":[1,2,3],"o":{"x":"2025-01-31T12:00:00Z"},"e":"low","d":0.25})"));
}

TEST(MakingAnExample, KeepsGivenNumbersDigitForDigit) {
  auto schema = json_text::trusted(R"({"const":9007199254740993.10})");

  EXPECT_EQ(example_of(json_view{schema})->str(), "9007199254740993.10");
}

TEST(MakingAnExample, HasAsManyItemsAsTheSchemaAsksFor) {
  EXPECT_EQ(
      ExampleOf({{"type", "array"}, {"items", {{"type", "number"}}}, {"minItems", 9}})
          .size(),
      9u);
  EXPECT_EQ(ExampleOf({{"type", "array"}, {"items", {{"type", "number"}}}}).size(), 3u);
  EXPECT_EQ(ExampleOf({{"type", "array"}, {"maxItems", 1}}).size(), 1u);
}

TEST(MakingAnExample, GivesUpOnATensorTooLargeToShow) {
  auto schema = json::parse(R"({"type":"array","minItems":224,"items":
    {"type":"array","minItems":224,"items":{"type":"number"}}})");
  auto text = json_text::trusted(schema.dump());

  EXPECT_FALSE(example_of(json_view{text}));
}

TEST(MakingAnExample, EndsForAnAbsurdNumberOfItems) {
  auto text = json_text::trusted(
      R"({"type":"array","minItems":9223372036854775807,"items":{"type":"integer"}})");

  EXPECT_FALSE(example_of(json_view{text}));
}

} // namespace lakegate::model_serving
