#include "services/catalog/tests/table_query_fixture.hpp"

#include <lakegate/contracts/query_request.hpp>

namespace lakegate::catalog {
namespace {

using namespace std::chrono_literals;
using databricks::cell;

using testing::HasSubstr;
using testing::IsEmpty;

using QueryingATable = TableQueryTest;

TEST_F(QueryingATable, SendsPageAndCountSideBySide) {
  auto answer = Ask(Query());

  ASSERT_EQ(warehouse.executions.size(), 2U);
  const auto& page = warehouse.executions.commands[0];
  const auto& count = warehouse.executions.commands[1];
  EXPECT_EQ(page.warehouse_id, "w1");
  EXPECT_EQ(page.ctx.token, access_token{"token-of-ada"});
  EXPECT_EQ(page.ctx.correlation_id, "correlation");
  EXPECT_EQ(page.wait_timeout_seconds, 5);
  EXPECT_EQ(page.statement, "SELECT `id`, `name` FROM `main`.`default`.`customers` LIMIT "
                            ":row_limit OFFSET :row_offset");
  EXPECT_EQ(count.statement, "SELECT COUNT(*) FROM `main`.`default`.`customers`");
  EXPECT_FALSE(answer.arrived());
}

TEST_F(QueryingATable, AnswersWithRowsAndTotal) {
  auto query = Query();
  query.limit = 2;
  query.offset = 4;
  auto answer = Ask(query);

  AnswerBoth({{cell{"1"}, cell{"Ada"}}, {cell{"2"}, caf::none}}, "6");

  EXPECT_EQ(answer->query_id, "page");
  EXPECT_EQ(answer->rows.str(), R"([{"id":1,"name":"Ada"},{"id":2,"name":null}])");
  EXPECT_EQ(answer->row_count, 2);
  EXPECT_EQ(answer->total_row_count, std::int64_t{6});
  EXPECT_EQ(answer->source.table_name, "customers");
  EXPECT_EQ(answer->source.columns.size(), 2U);
  EXPECT_THAT(answer->order_by, IsEmpty());
  EXPECT_EQ(answer->executed_at.back(), 'Z');
  EXPECT_THAT(Cancelled(), IsEmpty());
}

TEST_F(QueryingATable, WaitsForTheSlowerOfTheTwo) {
  auto answer = Ask(Query());

  Answer(warehouse.executions, 1, Succeeded("count", {{cell{"1"}}}));
  EXPECT_FALSE(answer.arrived());
  Answer(warehouse.executions, 0, Succeeded("page", {{cell{"1"}, cell{"Ada"}}}));

  EXPECT_TRUE(answer.arrived());
}

TEST_F(QueryingATable, LeavesTheCountOutWhenNobodyWantsIt) {
  auto query = Query();
  query.include_total = false;
  auto answer = Ask(query);

  ASSERT_EQ(warehouse.executions.size(), 1U);
  Answer(warehouse.executions, 0, Succeeded("page", {}));

  EXPECT_FALSE(answer->total_row_count);
  EXPECT_EQ(answer->rows.str(), "[]");
}

TEST_F(QueryingATable, SaysByWhatItWasOrdered) {
  table.primary_key = {"id"};
  auto answer = Ask(Query());

  EXPECT_THAT(warehouse.executions.commands[0].statement, HasSubstr("ORDER BY `id` ASC"));
  AnswerBoth({}, "0");

  ASSERT_EQ(answer->order_by.size(), 1U);
  EXPECT_EQ(to_string(answer->order_by[0]), "id");
}

TEST_F(QueryingATable, TakesAnEmptyResultWithoutAnyChunk) {
  auto answer = Ask(Query());

  auto empty = Status("page", databricks::statement_state::succeeded);
  Answer(warehouse.executions, 0, empty);
  Answer(warehouse.executions, 1, Succeeded("count", {{cell{"0"}}}));

  EXPECT_EQ(answer->rows.str(), "[]");
}

TEST_F(QueryingATable, GathersEveryChunkInOrder) {
  auto query = Query();
  query.include_total = false;
  auto answer = Ask(query);

  auto first = Succeeded("page", {{cell{"1"}, cell{"a"}}});
  first.first_chunk->next_chunk_index = 1;
  Answer(warehouse.executions, 0, first);
  ASSERT_EQ(warehouse.chunks.size(), 1U);
  EXPECT_EQ(warehouse.chunks.commands[0].chunk_index, 1);
  EXPECT_EQ(warehouse.chunks.commands[0].statement_id, "page");
  Answer(warehouse.chunks, 0,
         databricks::result_chunk{{{cell{"2"}, cell{"b"}}}, 1, std::int32_t{2}});
  Answer(warehouse.chunks, 1,
         databricks::result_chunk{{{cell{"3"}, cell{"c"}}}, 2, caf::none});

  EXPECT_EQ(answer->rows.str(),
            R"([{"id":1,"name":"a"},{"id":2,"name":"b"},{"id":3,"name":"c"}])");
}

TEST_F(QueryingATable, RefusesChunksThatGoBackwards) {
  auto query = Query();
  query.include_total = false;
  auto answer = Ask(query);

  auto first = Succeeded("page", {});
  first.first_chunk->next_chunk_index = 0;
  Answer(warehouse.executions, 0, first);

  EXPECT_EQ(answer.code(), errc::upstream_invalid_response);
}

TEST_F(QueryingATable, RefusesRowsOfAnotherWidth) {
  auto answer = Ask(Query());

  Answer(warehouse.executions, 0, Succeeded("page", {{cell{"1"}}}));

  EXPECT_EQ(answer.code(), errc::upstream_invalid_response);
}

TEST_F(QueryingATable, RefusesACountThatIsNone) {
  auto answer = Ask(Query());

  Answer(warehouse.executions, 1, Succeeded("count", {{cell{"many"}}}));

  EXPECT_EQ(answer.code(), errc::upstream_invalid_response);
}

TEST_F(QueryingATable, RefusesAResultThatIsTooLarge) {
  auto query = Query();
  query.include_total = false;
  auto answer = Ask(query);

  cells rows(9, {cell{"1"}, cell{std::string(1024 * 1024, 'x')}});
  Answer(warehouse.executions, 0, Succeeded("page", std::move(rows)));

  EXPECT_EQ(answer.code(), errc::invalid_query);
  EXPECT_THAT(answer.fail().message, HasSubstr("fewer columns"));
}

TEST_F(QueryingATable, RefusesAnOffsetBeyondReachOnlyWhereRowsWouldBe) {
  auto query = Query();
  query.offset = 3'000'000'000;
  query.include_total = false;
  auto empty = Ask(query);
  AnswerBoth({}, "6");
  auto full = Ask(query);
  warehouse.executions.Answer(2, Succeeded("page", {}));
  warehouse.executions.Answer(3, Succeeded("count", {{cell{"3000000001"}}}));
  world.settle();

  EXPECT_EQ(empty->rows.str(), "[]");
  EXPECT_FALSE(empty->total_row_count);
  EXPECT_EQ(full.code(), errc::invalid_query);
}

TEST_F(QueryingATable, SendsFiltersAsTypedParametersToBoth) {
  faults found;
  auto query = parse_query_body(
      json_text::trusted(
          R"({"catalog":"ma`in","schema":"a.b","table":"x; DROP TABLE y;--",
                             "limit":5,"filters":{"ID":{"gt":9007199254740993},
                             "name":"O'Hara"}})"),
      found);
  query.who = Ada();
  auto answer = Ask(query);

  const auto& page = warehouse.executions.commands[0];
  const auto& count = warehouse.executions.commands[1];
  auto tail =
      std::string{" FROM `ma``in`.`a.b`.`x; DROP TABLE y;--` WHERE `id` > :p1 AND "
                  "`name` = :p2"};
  EXPECT_EQ(count.statement, "SELECT COUNT(*)" + tail);
  EXPECT_THAT(page.statement, HasSubstr(tail));
  ASSERT_EQ(count.parameters.size(), 2U);
  EXPECT_EQ(count.parameters[0].type, "BIGINT");
  EXPECT_EQ(count.parameters[0].value, std::string{"9007199254740993"});
  EXPECT_EQ(count.parameters[1].type, "STRING");
  EXPECT_EQ(count.parameters[1].value, std::string{"O'Hara"});
  EXPECT_EQ(page.parameters.size(), 4U);
}

TEST_F(QueryingATable, NamesUnknownColumnsBeforeAnythingRuns) {
  auto query = Query();
  query.columns = std::vector<std::string>{"nope"};
  auto answer = Ask(query);

  EXPECT_EQ(answer.code(), errc::invalid_query);
  EXPECT_THAT(answer.fail().details, HasSubstr("nope"));
  EXPECT_EQ(warehouse.executions.size(), 0U);
}

TEST_F(QueryingATable, NeedsAWarehouse) {
  actor = Spawn("");

  auto answer = Ask(Query());

  EXPECT_EQ(answer.code(), errc::warehouse_not_configured);
  EXPECT_THAT(described, IsEmpty());
}

TEST_F(QueryingATable, DoesNotStartWhenTheTimeIsUp) {
  auto query = Query();
  query.who.time_left = 0s;

  auto answer = Ask(query);

  EXPECT_EQ(answer.code(), errc::query_timeout);
  EXPECT_THAT(described, IsEmpty());
}

} // namespace
} // namespace lakegate::catalog
