#include "gateway/tests/support/api.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lakegate::gateway {
namespace {

using test::api;
using test::body_of;
using test::code_of;
using test::faults_of;
using test::get;
using test::header_of;
using test::request_of;
using testing::ElementsAre;

catalog::data_source customers() {
  catalog::data_source result;
  result.catalog_name = "main";
  result.schema_name = "default";
  result.table_name = "customers";
  result.columns = {{"id", "bigint", false}, {"name", "string", true}};
  result.size_bytes = 10;
  result.last_refreshed = "2026-11-22T12:00:00.000Z";
  return result;
}

TEST(ListingNames, SendsTheCallersTokenAndTheSlice) {
  api the_api;
  the_api.catalog.on<catalog::list_table_names>([](const auto&) {
    return catalog::name_page{{"a", "b"}, 12};
  });

  auto answer = the_api.send(
      get("/api/unity-catalog/table-names?catalog=my.cat&schema=%60s&limit=2&offset=4"));

  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, R"(["a","b"])");
  EXPECT_EQ(header_of(answer, "X-Total-Count"), "12");
  auto sent = the_api.catalog.received<catalog::list_table_names>().at(0);
  EXPECT_EQ(sent.who.token.reveal(), "token-a");
  EXPECT_NE(sent.who.call_id, 0u);
  EXPECT_EQ(sent.catalog, "my.cat");
  EXPECT_EQ(sent.schema, "`s");
  EXPECT_EQ(sent.part.limit, caf::optional<std::int64_t>{2});
  EXPECT_EQ(sent.part.offset, 4);
}

TEST(ListingNames, NeedsTheNamesAboveThem) {
  api the_api;

  auto schemas = the_api.send(get("/api/unity-catalog/schemas"));
  auto tables = the_api.send(get("/api/unity-catalog/tables?schema=a&schema=b&limit=0"));

  EXPECT_EQ(code_of(schemas), "INVALID_QUERY");
  EXPECT_THAT(faults_of(schemas), ElementsAre("catalog: is required"));
  EXPECT_THAT(faults_of(tables),
              ElementsAre("catalog: is required", "schema: was given twice",
                          "limit: must be between 1 and 1000"));
}

TEST(ListingNames, GivesWholeListsOfCatalogsAndSchemas) {
  api the_api;
  the_api.catalog.on<catalog::list_catalogs>([](const auto&) {
    return catalog::name_page{{}, 0};
  });
  the_api.catalog.on<catalog::list_schemas>([](const auto&) {
    return catalog::name_page{{"s"}, 1};
  });

  EXPECT_EQ(the_api.send(get("/api/unity-catalog/catalogs")).body, "[]");
  EXPECT_EQ(the_api.send(get("/api/unity-catalog/schemas?catalog=c")).body, R"(["s"])");
  auto sent = the_api.catalog.received<catalog::list_catalogs>().at(0);
  EXPECT_EQ(sent.part.limit, caf::none);
}

TEST(ListingTables, ShowsWhatIsNotKnownAsNull) {
  api the_api;
  the_api.catalog.on<catalog::list_tables>([](const auto&) {
    return catalog::table_page{{customers()}, 1};
  });

  auto answer =
      the_api.send(get("/api/unity-catalog/tables?catalog=main&schema=default"));

  EXPECT_EQ(answer.body,
            R"([{"catalog_name":"main","schema_name":"default","table_name":"customers",)"
            R"("columns":[{"name":"id","data_type":"bigint","nullable":false},)"
            R"({"name":"name","data_type":"string","nullable":true}],"row_count":null,)"
            R"("size_bytes":10,"owner":null,"access_level":"READ",)"
            R"("last_refreshed":"2026-11-22T12:00:00.000Z"}])");
}

catalog::query_result one_row() {
  catalog::query_result result;
  result.query_id = "q";
  result.source = customers();
  result.sql_statement = "SELECT 1";
  result.rows = json_text::trusted(R"([{"id":9007199254740993}])");
  result.row_count = 1;
  result.total_row_count = 3;
  result.execution_time_ms = 5;
  result.executed_at = "2026-11-22T12:00:00.000Z";
  result.order_by = {{"id", true}};
  return result;
}

TEST(QueryingATable, RendersTheWholeResult) {
  api the_api;
  the_api.catalog.on<catalog::query_table>([](const auto&) { return one_row(); });

  auto answer = the_api.send(get("/api/unity-catalog/query?catalog=main&schema=default&"
                                 "table=customers&columns=id,name&order_by=-id&limit=5"));

  EXPECT_EQ(answer.status, 200);
  auto body = body_of(answer);
  EXPECT_EQ(body["data_source"]["table_name"], "customers");
  EXPECT_EQ(body["user_id"], "ada@example.com");
  EXPECT_EQ(body["status"], "SUCCEEDED");
  EXPECT_EQ(body["error_message"], nullptr);
  EXPECT_EQ(body["total_row_count"], 3);
  EXPECT_EQ(body["order_by"], nlohmann::json::array({"-id"}));
  EXPECT_NE(answer.body.find(R"("rows":[{"id":9007199254740993}])"), std::string::npos);
  auto sent = the_api.catalog.received<catalog::query_table>().at(0);
  EXPECT_EQ(sent.who.user_id, "ada@example.com");
  EXPECT_EQ(sent.columns->size(), 2u);
  EXPECT_EQ(sent.limit, caf::optional<std::int64_t>{5});
}

TEST(QueryingATable, TakesFiltersInABody) {
  api the_api;
  the_api.catalog.on<catalog::query_table>([](const auto&) { return one_row(); });

  auto answer = the_api.send(request_of(
      http_method::post, "/api/unity-catalog/query",
      R"({"catalog":"main","schema":"d","table":"t","filters":{"id":{"gt":1.10}}})"));

  EXPECT_EQ(answer.status, 200);
  auto sent = the_api.catalog.received<catalog::query_table>().at(0);
  ASSERT_EQ(sent.filters.size(), 1u);
  EXPECT_EQ(sent.filters[0].values.at(0).str(), "1.10");
}

TEST(QueryingATable, NamesEveryFault) {
  api the_api;

  auto answer = the_api.send(
      get("/api/unity-catalog/query?limit=0&offset=-1&table=a&table=b&include_total=x"));

  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(code_of(answer), "INVALID_QUERY");
  EXPECT_EQ(faults_of(answer).size(), 4u) << answer.body;
  EXPECT_TRUE(the_api.catalog.received<catalog::query_table>().empty());
}

TEST(QueryingATable, PassesOnWhatTheServiceSays) {
  api the_api;
  the_api.catalog.on<catalog::query_table>([](const auto&) {
    return make_error(failure{errc::table_not_found, "Table a.b.c was not found.",
                              R"({"table":"c"})", caf::none});
  });

  auto answer = the_api.send(get("/api/unity-catalog/query?catalog=a&schema=b&table=c"));

  EXPECT_EQ(answer.status, 404);
  auto detail = body_of(answer)["detail"];
  EXPECT_EQ(detail["message"], "Table a.b.c was not found.");
  EXPECT_EQ(detail["technical_details"]["table"], "c");
}

} // namespace
} // namespace lakegate::gateway
