#include "services/catalog/src/statement_builder.hpp"

#include <gmock/gmock.h>

namespace lakegate::catalog {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

databricks::table_info Customers() {
  databricks::table_info result;
  result.columns = {{"customer_id", "bigint", "LONG", false, 0},
                    {"name", "string", "STRING", true, 1},
                    {"Active", "boolean", "BOOLEAN", true, 2},
                    {"photo", "binary", "BINARY", true, 3},
                    {"tags", "map<string,string>", "MAP", true, 4}};
  return result;
}

query_table Query(const std::string& body) {
  faults found;
  auto result = parse_query_body(json_text::trusted(body), found);
  EXPECT_THAT(found, IsEmpty());
  result.catalog = result.catalog.value_or("main");
  result.schema = result.schema.value_or("default");
  result.table = result.table.value_or("customers");
  return result;
}

query_plan Plan(const std::string& body, databricks::table_info table = Customers()) {
  faults found;
  auto result = plan_query(Query(body), table, found);
  EXPECT_THAT(found, IsEmpty());
  return result;
}

std::vector<std::string> Faults(const std::string& body) {
  faults found;
  plan_query(Query(body), Customers(), found);
  std::vector<std::string> result;
  for (const auto& x : found)
    result.push_back(x.field + ' ' + x.reason);
  return result;
}

std::vector<std::string> Parameters(const built_statement& x) {
  std::vector<std::string> result;
  for (const auto& p : x.parameters)
    result.push_back(p.name + ' ' + p.type + ' ' + p.value.value_or("NULL"));
  return result;
}

TEST(BuildingAPage, NamesEveryColumnAndTypesTheLimits) {
  auto page = build_page(Plan(R"({"limit":10,"offset":20})"));

  EXPECT_EQ(page.text, "SELECT `customer_id`, `name`, `Active`, base64(`photo`), `tags` "
                       "FROM `main`.`default`.`customers` LIMIT :row_limit "
                       "OFFSET :row_offset");
  EXPECT_THAT(Parameters(page), ElementsAre("row_limit INT 10", "row_offset INT 20"));
}

TEST(BuildingAPage, SelectsOnlyTheColumnsAskedForInTheTablesSpelling) {
  auto page = build_page(Plan(R"({"columns":["ACTIVE","name"]})"));

  EXPECT_EQ(page.text, "SELECT `Active`, `name` FROM `main`.`default`.`customers` "
                       "LIMIT :row_limit OFFSET :row_offset");
}

TEST(BuildingAPage, OrdersAsAsked) {
  auto page =
      build_page(Plan(R"({"columns":["name"],"order_by":["name","-customer_id"]})"));

  EXPECT_THAT(page.text, testing::HasSubstr(" ORDER BY `name` ASC, `customer_id` DESC "));
}

TEST(BuildingAPage, OrdersByThePrimaryKeyWhenNothingIsAsked) {
  auto table = Customers();
  table.primary_key = {"name", "CUSTOMER_ID"};

  auto plan = Plan("{}", table);

  EXPECT_THAT(build_page(plan).text,
              testing::HasSubstr(" ORDER BY `name` ASC, `customer_id` ASC "));
  EXPECT_THAT(build_page(Plan(R"({"order_by":[]})", table)).text,
              testing::Not(testing::HasSubstr("ORDER BY")));
}

TEST(BuildingAPage, ReadsNothingBeyondTheLargestOffset) {
  auto page = build_page(Plan(R"({"offset":2147483648})"));

  EXPECT_THAT(Parameters(page), ElementsAre("row_limit INT 0", "row_offset INT 0"));
}

TEST(BuildingConditions, SendsEveryValueAsATypedParameter) {
  auto plan = Plan(R"({"columns":["name"],"filters":{
      "customer_id":{"gte":1,"lt":9007199254740993,"not_in":[5,6]},
      "name":{"like":"a%","ne":"x'; DROP TABLE t; --"},
      "active":true,
      "photo":null,
      "tags":{"is_null":false}}})");

  auto count = build_count(plan);
  auto page = build_page(plan);

  auto where =
      " WHERE `customer_id` >= :p1 AND `customer_id` < :p2 AND `customer_id` NOT "
      "IN (:p3, :p4) AND `name` LIKE :p5 AND `name` <> :p6 AND `Active` = :p7 AND "
      "`photo` IS NULL AND `tags` IS NOT NULL";
  EXPECT_EQ(count.text,
            std::string{"SELECT COUNT(*) FROM `main`.`default`.`customers`"} + where);
  EXPECT_THAT(Parameters(count),
              ElementsAre("p1 BIGINT 1", "p2 BIGINT 9007199254740993", "p3 BIGINT 5",
                          "p4 BIGINT 6", "p5 STRING a%", "p6 STRING x'; DROP TABLE t; --",
                          "p7 BOOLEAN true"));
  EXPECT_THAT(page.text, testing::HasSubstr(where));
  EXPECT_EQ(page.parameters.size(), 9U);
}

TEST(BuildingConditions, MatchesNothingInAnEmptyListAndEverythingOutsideOne) {
  EXPECT_EQ(build_count(Plan(R"({"filters":{"name":[]}})")).text,
            "SELECT COUNT(*) FROM `main`.`default`.`customers` WHERE FALSE");
  EXPECT_EQ(build_count(Plan(R"({"filters":{"name":{"not_in":[]}}})")).text,
            "SELECT COUNT(*) FROM `main`.`default`.`customers` WHERE TRUE");
}

class QuotingAnIdentifier
    : public testing::TestWithParam<std::pair<const char*, const char*>> {};

TEST_P(QuotingAnIdentifier, CanNotEndTheStatement) {
  EXPECT_EQ(quote_identifier(GetParam().first), GetParam().second);
}

INSTANTIATE_TEST_SUITE_P(
    Names, QuotingAnIdentifier,
    testing::Values(std::pair{"plain", "`plain`"}, std::pair{"a.b", "`a.b`"},
                    std::pair{"a`b", "`a``b`"}, std::pair{"`", "````"},
                    std::pair{"x`; DROP TABLE t; --", "`x``; DROP TABLE t; --`"},
                    std::pair{"it's \"x\"", "`it's \"x\"`"},
                    std::pair{"\xF0\x9F\x8D\x95", "`\xF0\x9F\x8D\x95`"},
                    std::pair{"\\", "`\\`"}, std::pair{":p1", "`:p1`"}));

TEST(PlanningAQuery, NamesEveryUnknownColumnAndUnfittingValue) {
  EXPECT_THAT(
      Faults(R"({"columns":["name","nope","NAME"],
                 "filters":{"missing":1,"customer_id":{"in":[1,"2"],"like":"1%"}},
                 "order_by":["-tags","gone"]})"),
      ElementsAre("columns[1] names no column of the table: \"nope\"",
                  "columns[2] names a column that is already in the list",
                  "filters.missing names no column of the table: \"missing\"",
                  "filters.customer_id.in[1] must be a number, as the column is of type "
                  "bigint",
                  "filters.customer_id.like needs a string column; this one is of type "
                  "bigint",
                  "order_by[0] has no order, as the column is of type map<string,string>",
                  "order_by[1] names no column of the table: \"gone\""));
}

} // namespace
} // namespace lakegate::catalog
