#include "shared/databricks/src/sql_json.hpp"

#include "shared/databricks/tests/answers.hpp"

#include <nlohmann/json.hpp>

namespace lakegate::databricks {

namespace {

using nlohmann::json;
using test::kind_of;
using test::must;
using test::success;

statement_status read(const char* body) {
  auto answer = success(body);
  return must(read_statement(answer));
}

TEST(ReadingAStatement, TakesColumnsAndRows) {
  auto result = read(R"({"statement_id":"01f00f48-a","status":{"state":"SUCCEEDED"},
   "manifest":{"format":"JSON_ARRAY","schema":{"column_count":2,"columns":[
     {"name":"id","type_text":"INT","type_name":"INT","position":0},
     {"name":"ts","type_text":"TIMESTAMP","type_name":"TIMESTAMP","position":1}]},
    "total_chunk_count":1,"chunks":[{"chunk_index":0,"row_offset":0,"row_count":3}],
    "total_row_count":3,"truncated":false},
   "result":{"chunk_index":0,"row_offset":0,"row_count":3,
    "data_array":[["1","2021-01-01T10:00:00.000-08:00"],["2",""],["3",null]]}})");

  EXPECT_EQ(result.statement_id, "01f00f48-a");
  EXPECT_EQ(result.state, statement_state::succeeded);
  ASSERT_EQ(result.columns.size(), 2u);
  EXPECT_EQ(result.columns[1].name, "ts");
  EXPECT_EQ(result.columns[1].type_text, "TIMESTAMP");
  EXPECT_EQ(result.columns[1].type_name, "TIMESTAMP");
  EXPECT_EQ(result.columns[1].position, 1);
  EXPECT_TRUE(result.columns[1].nullable);
  EXPECT_EQ(result.total_row_count, 3);
  EXPECT_FALSE(result.truncated);
  ASSERT_TRUE(result.first_chunk);
  EXPECT_FALSE(result.first_chunk->next_chunk_index);
  ASSERT_EQ(result.first_chunk->rows.size(), 3u);
  EXPECT_EQ(result.first_chunk->rows[0][1], cell{"2021-01-01T10:00:00.000-08:00"});
  EXPECT_EQ(result.first_chunk->rows[1][1], cell{""});
  EXPECT_EQ(result.first_chunk->rows[2][1], cell{});
}

TEST(ReadingAStatement, NeedsNoManifestWhilePending) {
  auto result = read(R"({"statement_id":"01ef9de2","status":{"state":"PENDING"}})");

  EXPECT_EQ(result.state, statement_state::pending);
  EXPECT_FALSE(result.first_chunk);
  EXPECT_EQ(read(R"({"statement_id":"1","status":{"state":"RUNNING"}})").state,
            statement_state::running);
}

TEST(ReadingAStatement, KnowsAnEmptyResult) {
  auto result = read(R"({"statement_id":"1","status":{"state":"SUCCEEDED"},
   "manifest":{"schema":{"column_count":1,"columns":[{"name":"a","type_name":"VARIANT"}]},
   "total_chunk_count":0,"total_row_count":0},"result":{}})");

  EXPECT_EQ(result.columns.at(0).type_name, "VARIANT");
  EXPECT_EQ(result.total_row_count, 0);
  EXPECT_FALSE(result.first_chunk);
}

TEST(ReadingAStatement, KnowsAStatementWithoutColumns) {
  auto result = read(R"({"statement_id":"1","status":{"state":"SUCCEEDED"},
   "manifest":{"schema":{"column_count":0},"total_row_count":0},"result":{}})");

  EXPECT_TRUE(result.columns.empty());
}

TEST(ReadingAStatement, TellsTheNextChunkFromNone) {
  auto result = read(R"({"statement_id":"1","status":{"state":"SUCCEEDED"},
   "manifest":{"schema":{"columns":[{"name":"a"}]},"total_row_count":9,"truncated":true},
   "result":{"chunk_index":0,"next_chunk_index":1,
   "next_chunk_internal_link":"/api/2.0/sql/statements/1/result/chunks/1?row_offset=1",
   "data_array":[["x"]]}})");

  EXPECT_TRUE(result.truncated);
  EXPECT_EQ(result.first_chunk->next_chunk_index, 1);
}

TEST(ReadingAStatement, ExplainsAFailureOver200) {
  auto result = read(R"({"statement_id":"01ef9de4","status":{"state":"FAILED","error":
   {"error_code":"BAD_REQUEST","message":"\n[PARSE_SYNTAX_ERROR] Syntax error at or near 'INSER'. SQLSTATE: 42601 (line 1, pos 0)\n\n== SQL ==\nINSER INTO secret\n^^^\n"}}})");

  EXPECT_EQ(result.state, statement_state::failed);
  EXPECT_EQ(result.error_code, "BAD_REQUEST");
  EXPECT_EQ(result.error_class, "PARSE_SYNTAX_ERROR");
  EXPECT_EQ(result.sql_state, "42601");
  EXPECT_EQ(result.error_message, "[PARSE_SYNTAX_ERROR] Syntax error at or near 'INSER'. "
                                  "SQLSTATE: 42601 (line 1, pos 0)");
}

TEST(ReadingAStatement, PrefersTheFieldOfTheState) {
  auto result =
      read(R"({"statement_id":"1","status":{"state":"FAILED","sql_state":"42P01",
   "error":{"error_code":"BAD_REQUEST","message":"gone"}}})");

  EXPECT_EQ(result.sql_state, "42P01");
  EXPECT_EQ(result.error_class, "");
}

TEST(ReadingAStatement, KnowsCanceledAndClosed) {
  EXPECT_EQ(read(R"({"statement_id":"1","status":{"state":"CANCELED"}})").state,
            statement_state::canceled);
  EXPECT_EQ(read(R"({"statement_id":"1","status":{"state":"CLOSED"}})").state,
            statement_state::closed);
}

struct bad_row {
  const char* name;
  const char* body;
};
class ReadingABadStatement : public ::testing::TestWithParam<bad_row> {};

TEST_P(ReadingABadStatement, IsAnInvalidResponse) {
  auto answer = success(GetParam().body);

  EXPECT_EQ(kind_of(read_statement(answer)), failure_kind::invalid_response);
}

INSTANTIATE_TEST_SUITE_P(
    Table, ReadingABadStatement,
    ::testing::Values(
        bad_row{"no_id", R"({"status":{"state":"PENDING"}})"},
        bad_row{"no_status", R"({"statement_id":"1"})"},
        bad_row{"unknown_state",
                R"({"statement_id":"1","status":{"state":"CANCELLED"}})"},
        bad_row{"no_manifest",
                R"({"statement_id":"1","status":{"state":"SUCCEEDED"},"result":{}})"},
        bad_row{
            "number_in_a_cell",
            R"({"statement_id":"1","status":{"state":"SUCCEEDED"},"manifest":{"schema":
                {"columns":[{"name":"a"}]}},"result":{"data_array":[[1]]}})"},
        bad_row{
            "row_too_short",
            R"({"statement_id":"1","status":{"state":"SUCCEEDED"},"manifest":{"schema":
                {"columns":[{"name":"a"},{"name":"b"}]}},"result":{"data_array":[["1"]]}})"},
        bad_row{
            "row_no_array",
            R"({"statement_id":"1","status":{"state":"SUCCEEDED"},"manifest":{"schema":
                {"columns":[{"name":"a"}]}},"result":{"data_array":["1"]}})"},
        bad_row{
            "external_links",
            R"({"statement_id":"1","status":{"state":"SUCCEEDED"},"manifest":{"schema":
                {"columns":[{"name":"a"}]}},"result":{"external_links":[{"chunk_index":0}]}})"},
        bad_row{
            "text_for_a_number",
            R"({"statement_id":"1","status":{"state":"SUCCEEDED"},"manifest":{"schema":
                {"columns":[]},"total_row_count":"3"},"result":{}})"}),
    [](const auto& x) { return std::string{x.param.name}; });

TEST(ReadingAChunk, IsBare) {
  auto answer = success(R"({"chunk_index":1,"row_offset":1,"row_count":2,
                            "data_array":[["a"],[null]]})");

  auto result = must(read_chunk(answer));

  EXPECT_EQ(result.chunk_index, 1);
  EXPECT_FALSE(result.next_chunk_index);
  ASSERT_EQ(result.rows.size(), 2u);
  EXPECT_EQ(result.rows[0][0], cell{"a"});
}

TEST(ReadingAChunk, TakesZeroAsANextChunk) {
  auto answer = success(R"({"chunk_index":1,"next_chunk_index":0,"data_array":[]})");

  EXPECT_EQ(must(read_chunk(answer)).next_chunk_index, 0);
}

execute_statement statement() {
  execute_statement result;
  result.ctx.time_left = std::chrono::seconds{60};
  result.warehouse_id = "w1";
  result.statement = "SELECT :a";
  return result;
}

TEST(WritingAStatement, SendsTypedParametersAndLimits) {
  auto cmd = statement();
  cmd.parameters = {{"a", "BIGINT", std::string{"9007199254740993"}},
                    {"b", "STRING", std::string{"x\"y"}},
                    {"c", "DATE", caf::none}};
  cmd.row_limit = 10;

  EXPECT_EQ(json::parse(write_statement(cmd)), json::parse(R"({
    "warehouse_id":"w1","statement":"SELECT :a","disposition":"INLINE",
    "format":"JSON_ARRAY","byte_limit":25165824,"wait_timeout":"10s",
    "on_wait_timeout":"CONTINUE","row_limit":10,
    "parameters":[{"name":"a","type":"BIGINT","value":"9007199254740993"},
                  {"name":"b","type":"STRING","value":"x\"y"},
                  {"name":"c","type":"DATE"}]})"));
}

struct wait_row {
  std::int32_t asked;
  int seconds_left;
  const char* sent;
};
class WritingAWaitTimeout : public ::testing::TestWithParam<wait_row> {};

TEST_P(WritingAWaitTimeout, AnswersBeforeTheCallerLeaves) {
  auto cmd = statement();
  cmd.wait_timeout_seconds = GetParam().asked;
  cmd.ctx.time_left = std::chrono::seconds{GetParam().seconds_left};

  auto body = json::parse(write_statement(cmd));

  EXPECT_EQ(body.at("wait_timeout"), GetParam().sent);
  EXPECT_FALSE(body.contains("row_limit"));
  EXPECT_FALSE(body.contains("parameters"));
}

INSTANTIATE_TEST_SUITE_P(Table, WritingAWaitTimeout,
                         ::testing::Values(wait_row{10, 60, "10s"}, wait_row{0, 60, "0s"},
                                           wait_row{3, 60, "0s"},
                                           wait_row{90, 300, "50s"},
                                           wait_row{10, 8, "7s"}, wait_row{10, 5, "0s"},
                                           wait_row{10, 0, "0s"}));

} // namespace

} // namespace lakegate::databricks
