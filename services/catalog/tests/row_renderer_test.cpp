#include "services/catalog/src/row_renderer.hpp"

#include <gmock/gmock.h>

namespace lakegate::catalog {
namespace {

std::string Rendered(const std::string& type, const std::string& cell) {
  json_writer out;
  append_cell(out, parse_column_type(type), cell);
  return out.str();
}

struct Cell {
  const char* type;
  const char* text;
  const char* json;
};

class RenderingACell : public testing::TestWithParam<Cell> {};

TEST_P(RenderingACell, FollowsTheColumnsType) {
  EXPECT_EQ(Rendered(GetParam().type, GetParam().text), GetParam().json);
}

INSTANTIATE_TEST_SUITE_P(
    Scalars, RenderingACell,
    testing::Values(
        Cell{"boolean", "true", "true"}, Cell{"boolean", "FALSE", "false"},
        Cell{"boolean", "maybe", R"("maybe")"},
        Cell{"bigint", "9007199254740993", "9007199254740993"},
        Cell{"bigint", "-9223372036854775808", "-9223372036854775808"},
        Cell{"int", "007", R"("007")"}, Cell{"int", "", R"("")"},
        Cell{"int", "1.5", R"("1.5")"}, Cell{"double", "1.10", "1.10"},
        Cell{"double", "1.0E10", "1.0E10"}, Cell{"double", "-0.0", "-0.0"},
        Cell{"double", "1e400", "1e400"}, Cell{"double", "NaN", R"("NaN")"},
        Cell{"double", "-Infinity", R"("-Infinity")"}, Cell{"float", "1.", R"("1.")"},
        Cell{"decimal(10,2)", "12.50", R"("12.50")"},
        Cell{"date", "2024-01-31", R"("2024-01-31")"},
        Cell{"timestamp", "2021-01-01T10:00:00.000-08:00",
             R"("2021-01-01T18:00:00.000Z")"},
        Cell{"timestamp", "2021-06-15T12:34:56.789012Z", R"("2021-06-15T12:34:56.789Z")"},
        Cell{"timestamp", "soon", R"("soon")"},
        Cell{"timestamp_ntz", "2021-01-01T10:00:00.000", R"("2021-01-01T10:00:00.000")"},
        Cell{"string", "a \"b\"\n", R"("a \"b\"\n")"},
        Cell{"string", "true", R"("true")"}, Cell{"binary", "AQID", R"("AQID")"},
        Cell{"interval day to second", "1 02:00:00", R"("1 02:00:00")"}));

INSTANTIATE_TEST_SUITE_P(
    Nested, RenderingACell,
    testing::Values(Cell{"array<int>", R"(["1","2",null])", "[1,2,null]"},
                    Cell{"array<string>", R"(["1","2"])", R"(["1","2"])"},
                    Cell{"array<boolean>", R"(["true"])", "[true]"},
                    Cell{"map<string,bigint>", R"({"a":"9007199254740993"})",
                         R"({"a":9007199254740993})"},
                    Cell{"map<int,string>", R"({"1":"x"})", R"({"1":"x"})"},
                    Cell{"array<struct<a:int,b:decimal(10,2)>>",
                         R"([{"a":"1","b":"2.50"}])", R"([{"a":1,"b":"2.50"}])"},
                    Cell{"struct<t:timestamp>", R"({"t":"2021-01-01T10:00:00+01:00"})",
                         R"({"t":"2021-01-01T09:00:00.000Z"})"},
                    Cell{"struct<a:int>", R"({"unknown":"1"})", R"({"unknown":"1"})"},
                    Cell{"array<int>", "[1, 2]", "[1,2]"},
                    Cell{"array<int>", "not json", R"("not json")"},
                    Cell{"array<int>", R"({"a":1})", R"({"a":1})"},
                    Cell{"variant", R"({"a":[1,"2"]})", R"({"a":[1,"2"]})"},
                    Cell{"variant", R"("text")", R"("text")"}));

TEST(RenderingRows, KeepsOrderNullsAndColumnNames) {
  row_renderer renderer{
      {{"id", parse_column_type("bigint")}, {"na\"me", parse_column_type("string")}}};

  EXPECT_TRUE(renderer.add({{databricks::cell{"1"}, databricks::cell{"x"}}}));
  EXPECT_TRUE(renderer.add({{databricks::cell{"2"}, caf::none}}));

  EXPECT_EQ(renderer.rows(), 2);
  EXPECT_EQ(std::move(renderer).finish().str(),
            R"([{"id":1,"na\"me":"x"},{"id":2,"na\"me":null}])");
}

TEST(RenderingRows, OfNoneIsAnEmptyArray) {
  row_renderer renderer{{{"id", {}}}};

  EXPECT_EQ(std::move(renderer).finish().str(), "[]");
}

TEST(RenderingRows, RefusesARowOfAnotherWidthWhole) {
  row_renderer renderer{{{"id", {}}}};

  EXPECT_FALSE(renderer.add({{databricks::cell{"1"}}, {}}));

  EXPECT_EQ(renderer.rows(), 0);
}

} // namespace
} // namespace lakegate::catalog
