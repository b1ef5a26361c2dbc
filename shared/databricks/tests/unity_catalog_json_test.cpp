#include "shared/databricks/src/unity_catalog_json.hpp"

#include "shared/databricks/tests/answers.hpp"

#include <gmock/gmock.h>

namespace lakegate::databricks {

namespace {

using test::kind_of;
using test::must;
using test::success;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(ReadingAListOfNames, LeavesOutWhatMayOnlyBeBrowsed) {
  auto answer = success(R"({"catalogs":[{"name":"main","owner":"x"},
     {"name":"hidden","browse_only":true},{"name":"samples","browse_only":false}],
     "next_page_token":"t"})");

  auto result = must(read_name_page(answer, "catalogs"));

  EXPECT_THAT(result.names, ElementsAre("main", "samples"));
  EXPECT_EQ(result.next_page_token, "t");
}

TEST(ReadingAListOfNames, KnowsAnEmptyPageWithANextOne) {
  auto answer = success(R"({"next_page_token":"t"})");

  auto result = must(read_name_page(answer, "schemas"));

  EXPECT_THAT(result.names, IsEmpty());
  EXPECT_EQ(result.next_page_token, "t");
}

TEST(ReadingAListOfNames, KnowsAnEmptyObject) {
  auto answer = success("{}");

  auto result = must(read_name_page(answer, "schemas"));

  EXPECT_THAT(result.names, IsEmpty());
  EXPECT_EQ(result.next_page_token, "");
}

class ReadingABadList : public ::testing::TestWithParam<const char*> {};

TEST_P(ReadingABadList, IsAnInvalidResponse) {
  auto names = success(GetParam());
  auto tables = success(GetParam());

  EXPECT_EQ(kind_of(read_name_page(names, "tables")), failure_kind::invalid_response);
  EXPECT_EQ(kind_of(read_table_page(tables)), failure_kind::invalid_response);
}

INSTANTIATE_TEST_SUITE_P(Table, ReadingABadList,
                         ::testing::Values(R"({"tables":{}})", R"({"tables":["a"]})",
                                           R"({"tables":[{}]})",
                                           R"({"tables":[{"name":7}]})",
                                           R"({"tables":[],"next_page_token":7})", "[]"));

const auto orders = R"json({"name":"orders","catalog_name":"main","schema_name":"sales",
 "full_name":"main.sales.orders","table_type":"MANAGED","data_source_format":"DELTA",
 "owner":"ann@example.com","created_at":1721000000000,"updated_at":1721000000001,
 "properties":{"spark.sql.statistics.numRows":"12","spark.sql.statistics.totalSize":"3400",
   "delta.minReaderVersion":"1"},
 "columns":[{"name":"id","type_text":"bigint",
   "type_json":"{\"name\":\"id\",\"type\":\"long\",\"nullable\":true,\"metadata\":{}}",
   "type_name":"LONG","type_precision":0,"type_scale":0,"position":0,"nullable":false},
  {"name":"amount","type_text":"decimal(10,2)","type_name":"DECIMAL","position":1},
  {"name":"odd","type_text":"variant","type_name":"VARIANT"}],
 "table_constraints":[{"foreign_key_constraint":{"name":"fk","child_columns":["amount"]}},
  {"primary_key_constraint":{"name":"pk","child_columns":["id","amount"]}}]})json";

TEST(ReadingATable, TakesColumnsKeyAndStatistics) {
  auto answer = success(orders);

  auto result = must(read_table(answer));

  EXPECT_EQ(result.catalog, "main");
  EXPECT_EQ(result.schema, "sales");
  EXPECT_EQ(result.name, "orders");
  EXPECT_EQ(result.table_type, "MANAGED");
  EXPECT_EQ(result.owner, "ann@example.com");
  EXPECT_EQ(result.updated_at_ms, 1721000000001);
  EXPECT_EQ(result.row_count, std::int64_t{12});
  EXPECT_EQ(result.size_bytes, std::int64_t{3400});
  EXPECT_THAT(result.primary_key, ElementsAre("id", "amount"));
  ASSERT_EQ(result.columns.size(), 3u);
  EXPECT_FALSE(result.columns[0].nullable);
  EXPECT_TRUE(result.columns[1].nullable);
  EXPECT_EQ(result.columns[1].type_text, "decimal(10,2)");
  EXPECT_EQ(result.columns[2].type_name, "VARIANT");
  EXPECT_EQ(result.columns[2].position, 2);
}

TEST(ReadingATable, NeedsNothingButItsName) {
  auto answer = success(R"({"name":"v"})");

  auto result = must(read_table(answer));

  EXPECT_THAT(result.columns, IsEmpty());
  EXPECT_THAT(result.primary_key, IsEmpty());
  EXPECT_EQ(result.row_count, caf::none);
  EXPECT_EQ(result.updated_at_ms, caf::none);
}

TEST(ReadingATable, IgnoresStatisticsThatAreNoNumbers) {
  auto answer =
      success(R"({"name":"v","properties":{"spark.sql.statistics.numRows":"many"}})");

  EXPECT_EQ(must(read_table(answer)).row_count, caf::optional<std::int64_t>{});
}

class ReadingABadTable : public ::testing::TestWithParam<const char*> {};

TEST_P(ReadingABadTable, IsAnInvalidResponse) {
  auto answer = success(GetParam());

  EXPECT_EQ(kind_of(read_table(answer)), failure_kind::invalid_response);
}

INSTANTIATE_TEST_SUITE_P(
    Table, ReadingABadTable,
    ::testing::Values("{}", R"({"name":""})", R"({"name":"a","columns":{}})",
                      R"({"name":"a","columns":[7]})",
                      R"({"name":"a","columns":[{"name":"x","nullable":"no"}]})",
                      R"({"name":"a","updated_at":"2024-01-01"})",
                      R"({"name":"a","table_constraints":[7]})",
                      R"({"name":"a","table_constraints":[{"primary_key_constraint":
                          {"child_columns":[7]}}]})"));

TEST(ReadingAPageOfTables, TakesThemAll) {
  auto answer = success(std::string{R"({"tables":[)"} + orders
                        + R"(,{"name":"b","browse_only":true},{"name":"c"}]})");

  auto result = must(read_table_page(answer));

  ASSERT_EQ(result.tables.size(), 2u);
  EXPECT_EQ(result.tables[0].columns.size(), 3u);
  EXPECT_EQ(result.tables[1].name, "c");
  EXPECT_EQ(result.next_page_token, "");
}

} // namespace

} // namespace lakegate::databricks
