#include "services/sandbox/tests/support.hpp"

#include <chrono>

namespace lakegate::test {

namespace {

using nlohmann::json;
const std::string Statements = "/api/2.0/sql/statements/";

std::string MessageOf(const json& answer) {
  EXPECT_EQ(answer.at("status").at("state"), "FAILED");
  const auto error = answer.at("status").value("error", json::object());
  EXPECT_EQ(error.value("error_code", ""), "BAD_REQUEST");
  return error.value("message", "");
}

/// Keeps PostgreSQL busy for longer than any test waits.
const std::string Endless = "SELECT count(*) FROM samples.tpch.orders a, "
                            "samples.tpch.orders b, samples.tpch.orders c";

/// PostgreSQL itself, asked through psql, sees that many running queries.
void AwaitQueriesOfTheEngineer(const std::string& count) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{10};
  std::string seen;
  do
    seen = Server().run("postgres", "SELECT count(*) FROM pg_stat_activity WHERE state = "
                                    "'active' AND usename = 'engineer@example.com'");
  while (seen.substr(0, 1) != count && std::chrono::steady_clock::now() < deadline);
  EXPECT_EQ(seen.substr(0, 1), count);
}

} // namespace

using RunningStatements = AWorkspace;

TEST_F(RunningStatements, AnswersWithManifestAndRows) {
  const auto answer =
      Execute("SELECT n_nationkey, n_name, CAST(1.5 AS DECIMAL(10,2)) AS x "
              "FROM samples.tpch.nation WHERE n_regionkey = :r ORDER BY 2 LIMIT :n",
              {{"parameters",
                {{{"name", "r"}, {"value", "3"}, {"type", "BIGINT"}},
                 {{"name", "n"}, {"value", "2"}, {"type", "INT"}}}}});

  EXPECT_EQ(answer["status"], (json{{"state", "SUCCEEDED"}}));
  EXPECT_EQ(answer["manifest"]["schema"]["columns"][0], (json{{"name", "n_nationkey"},
                                                              {"type_text", "BIGINT"},
                                                              {"type_name", "LONG"},
                                                              {"position", 0}}));
  EXPECT_EQ(answer["manifest"]["schema"]["columns"][2]["type_precision"], 10);
  EXPECT_EQ(answer["result"]["data_array"],
            (json{{"6", "FRANCE", "1.50"}, {"7", "GERMANY", "1.50"}}));
}

TEST_F(RunningStatements, HasNoDataArrayForNoRows) {
  const auto answer = Execute("SELECT * FROM main.sales.nothing_yet");

  EXPECT_EQ(answer["manifest"]["total_chunk_count"], 0);
  EXPECT_EQ(answer["manifest"]["schema"]["column_count"], 2);
  EXPECT_EQ(answer["result"], json::object());
}

TEST_F(RunningStatements, HandsOutChunksByTheirLinks) {
  const auto first = Execute("SELECT order_id FROM main.sales.orders ORDER BY 1");
  ASSERT_EQ(first["manifest"]["total_chunk_count"], 3);
  std::size_t rows = first["result"]["data_array"].size();
  json chunk = first["result"];
  while (chunk.contains("next_chunk_internal_link")) {
    chunk = Get(chunk["next_chunk_internal_link"]).Json();
    EXPECT_EQ(chunk["data_array"][0][0], std::to_string(rows + 1));
    EXPECT_EQ(chunk["row_offset"], rows);
    rows += chunk["data_array"].size();
  }

  EXPECT_EQ(rows, 1200U);
  EXPECT_EQ(
      Get(Statements + std::string{first["statement_id"]} + "/result/chunks/3").status,
      400);
}

TEST_F(RunningStatements, PrintsEveryTypeAsDatabricksDoes) {
  const auto rows =
      Execute("SELECT * FROM main.sales.every_type")["result"]["data_array"];

  EXPECT_EQ(rows[0], (json{"true",
                           "1",
                           "2",
                           "3",
                           "4",
                           "1.5",
                           "2.25",
                           "12.50",
                           "1.000000000000000001",
                           "plain",
                           "abc",
                           "varied",
                           "00ff10",
                           "2024-01-31",
                           "2024-01-31T10:00:00.123Z",
                           "2024-01-31T10:00:00.123",
                           "1 02:03:04.500000000",
                           "1-2",
                           R"(["1",null,"3"])",
                           R"(["a b","c\"d",null])",
                           R"({"one":"1","two":"2"})",
                           R"({"street":"Main St","zip":"10001"})",
                           R"([{"sku":"A1","quantity":"2"}])",
                           R"({"a": [1, {"b": null}], "c": "text"})"}));
  EXPECT_EQ(rows[1][4], "-9223372036854775808");
  EXPECT_EQ(rows[1][5], "NaN");
  EXPECT_EQ(rows[2], json(24, nullptr));
}

TEST_F(RunningStatements, FollowsSparksArithmetic) {
  const auto answer = Execute(
      "SELECT 1/2, 7 DIV 2, sum(quantity), avg(quantity), 1 <=> NULL, base64(X'00ff'), "
      "current_user() FROM main.sales.orders");

  EXPECT_EQ(answer["result"]["data_array"][0],
            (json{"0.5", "3", "6600", "5.5", "false", "AP8=", "engineer@example.com"}));
  EXPECT_EQ(answer["manifest"]["schema"]["columns"][2]["type_text"], "BIGINT");
}

TEST_F(RunningStatements, TakesOddNamesInBackticks) {
  const auto answer = Execute(
      "SELECT `select`, `a``b`, `it's; --` FROM `main`.`sales`.`odd``na\"me.v1 🚀` "
      "WHERE `größe 😀` > :x",
      {{"parameters", {{{"name", "x"}, {"value", "2"}, {"type", "DOUBLE"}}}}});

  EXPECT_EQ(answer["result"]["data_array"], (json{{"2", nullptr, "';DROP TABLE x;--"}}));
}

TEST_F(RunningStatements, FailsOverHttp200InDatabricksWords) {
  EXPECT_EQ(
      MessageOf(Execute("SELECT * FROM samples.tpch.nope")),
      "[TABLE_OR_VIEW_NOT_FOUND] The table or view `samples`.`tpch`.`nope` cannot be "
      "found. "
      "Verify the spelling and correctness of the schema and catalog.\nIf you did not "
      "qualify the name with a schema, verify the current_schema() output, or qualify "
      "the "
      "name with the correct schema and catalog.\nTo tolerate the error on drop use DROP "
      "VIEW IF EXISTS or DROP TABLE IF EXISTS. SQLSTATE: 42P01; line 1 pos 14");
  EXPECT_EQ(
      MessageOf(Execute("SELECT n_nam FROM samples.tpch.nation")),
      "[UNRESOLVED_COLUMN.WITH_SUGGESTION] A column, variable, or function parameter "
      "with "
      "name `n_nam` cannot be resolved. Did you mean one of the following? [`n_name`, "
      "`n_comment`, `n_nationkey`, `n_regionkey`]. SQLSTATE: 42703; line 1 pos 7");
  EXPECT_EQ(MessageOf(Execute("INSER INTO x")),
            "\n[PARSE_SYNTAX_ERROR] Syntax error at or near 'INSER'. SQLSTATE: 42601 "
            "(line 1, pos "
            "0)\n\n== SQL ==\nINSER INTO x\n^^^\n");
  EXPECT_EQ(MessageOf(Execute("SELECT * FROM nope.a.b")).substr(0, 28),
            "[NO_SUCH_CATALOG_EXCEPTION] ");
  EXPECT_EQ(MessageOf(Execute("SELECT CAST('abc' AS BIGINT)")).substr(0, 20),
            "[CAST_INVALID_INPUT]");
  EXPECT_EQ(MessageOf(Execute("SELECT 1/0 + 1 DIV 0")).substr(0, 33),
            "[DIVIDE_BY_ZERO] Division by zero");
  EXPECT_EQ(MessageOf(Execute("SELECT nope(1)")).substr(0, 50),
            "[UNRESOLVED_ROUTINE] Cannot resolve routine `nope`");
}

TEST_F(RunningStatements, RunsUnderTheCallersOwnRights) {
  const auto denied = [&](const std::string& statement, const char* token) {
    const auto answer = Execute(statement, {}, token);
    EXPECT_EQ(answer.at("status").value("sql_state", ""), "42501");
    return MessageOf(answer);
  };
  const std::string head =
      "[INSUFFICIENT_PERMISSIONS] Insufficient privileges:\nUser does not have ";

  EXPECT_EQ(denied("SELECT * FROM main.default.orders", Analyst),
            head + "USE SCHEMA on Schema 'main.default'. SQLSTATE: 42501");
  EXPECT_EQ(denied("SELECT 1 FROM main.sales.orders", Guest),
            head + "USE CATALOG on Catalog 'main'. SQLSTATE: 42501");
  EXPECT_EQ(denied("DELETE FROM main.sales.orders", Engineer),
            head + "MODIFY on Table 'main.sales.orders'. SQLSTATE: 42501");
  EXPECT_EQ(denied("SELECT pg_read_file('/etc/passwd')", Engineer).substr(0, 26),
            "[INSUFFICIENT_PERMISSIONS]");
}

TEST_F(RunningStatements, SeesARevokedRightAtOnce) {
  const auto statement = "SELECT count(*) FROM samples.tpch.nation";
  ASSERT_EQ(Execute(statement, {}, Analyst)["status"]["state"], "SUCCEEDED");

  Post("/__sandbox/grants", {{"action", "revoke"},
                             {"user", "analyst@example.com"},
                             {"privilege", "USE CATALOG"},
                             {"securable_type", "catalog"},
                             {"securable", "samples"}});

  EXPECT_EQ(MessageOf(Execute(statement, {}, Analyst)),
            "[INSUFFICIENT_PERMISSIONS] Insufficient privileges:\nUser does not have USE "
            "CATALOG "
            "on Catalog 'samples'. SQLSTATE: 42501");
}

TEST_F(RunningStatements, ChangesDataWhereThatIsGranted) {
  Post("/__sandbox/grants", {{"user", "engineer@example.com"},
                             {"privilege", "MODIFY"},
                             {"securable_type", "table"},
                             {"securable", "main.sales.nothing_yet"}});

  const auto inserted =
      Execute("INSERT INTO main.sales.nothing_yet VALUES (1, 'x'), (2, 'y')");
  const auto deleted = Execute("DELETE FROM main.sales.nothing_yet");

  EXPECT_EQ(inserted["result"]["data_array"], (json::array({json{"2", "2"}})));
  EXPECT_EQ(inserted["manifest"]["schema"]["columns"][1]["name"], "num_inserted_rows");
  EXPECT_EQ(deleted["result"]["data_array"], (json{{"2"}}));
}

TEST_F(RunningStatements, CutsAtRowAndByteLimits) {
  const auto rows = Execute("SELECT * FROM samples.tpch.orders", {{"row_limit", 10}});
  const auto bytes =
      Execute("SELECT o_comment FROM samples.tpch.orders", {{"byte_limit", 1000}});

  EXPECT_EQ(rows["manifest"]["total_row_count"], 10);
  EXPECT_EQ(rows["manifest"]["truncated"], true);
  EXPECT_EQ(bytes["manifest"]["truncated"], true);
  EXPECT_LT(bytes["result"]["row_count"], 30);
}

TEST_F(RunningStatements, RefusesMoreThan25MiBInline) {
  EXPECT_EQ(MessageOf(Execute("SELECT repeat('x', 30000000)")).substr(0, 27),
            "Inline byte limit exceeded.");
}

TEST_F(RunningStatements, CancelsTheQueryInPostgres) {
  const auto started = Execute(Endless, {{"wait_timeout", "0s"}});
  const std::string id = started["statement_id"];
  EXPECT_EQ(started["status"], (json{{"state", "PENDING"}}));
  EXPECT_FALSE(started.contains("manifest"));
  AwaitQueriesOfTheEngineer("1");

  EXPECT_EQ(Post(Statements + id + "/cancel", {}).Json(), json::object());

  EXPECT_EQ(Await(id)["status"], (json{{"state", "CANCELED"}}));
  AwaitQueriesOfTheEngineer("0");
}

TEST_F(RunningStatements, StaysPendingAsAScenarioWants) {
  Post("/__sandbox/faults",
       {{"route", Statements}, {"method", "POST"}, {"action", "pending"}, {"polls", 2}});

  const auto started = Execute("SELECT 1");
  const auto target = Statements + std::string{started["statement_id"]};

  EXPECT_EQ(started["status"]["state"], "PENDING");
  EXPECT_EQ(Get(target).Json()["status"]["state"], "PENDING");
  EXPECT_EQ(Get(target).Json()["status"]["state"], "PENDING");
  EXPECT_EQ(Await(started["statement_id"])["result"]["data_array"], (json{{"1"}}));
}

TEST_F(RunningStatements, WaitsForAWarehouseThatStarts) {
  Post("/__sandbox/warehouse", {{"state", "STOPPED"}, {"start_ms", 300}});
  EXPECT_EQ(Get("/api/2.0/sql/warehouses/sandbox").Json()["state"], "STOPPED");

  const auto started = Execute("SELECT 1", {{"wait_timeout", "0s"}});

  EXPECT_EQ(Get("/api/2.0/sql/warehouses/sandbox").Json()["state"], "STARTING");
  EXPECT_EQ(Await(started["statement_id"])["status"]["state"], "SUCCEEDED");
  EXPECT_EQ(Get("/api/2.0/sql/warehouses/sandbox").Json()["state"], "RUNNING");
}

TEST_F(RunningStatements, KeepsThemToTheirOwner) {
  const std::string id = Execute("SELECT 1")["statement_id"];

  EXPECT_EQ(Get(Statements + id, Analyst).status, 404);
  EXPECT_EQ(Get(Statements + id, Analyst).Json()["error_code"], "NOT_FOUND");
}

TEST_F(RunningStatements, FreesAClosedOne) {
  const std::string id = Execute("SELECT 1")["statement_id"];

  EXPECT_EQ(Delete(Statements + id).Json(), json::object());

  EXPECT_EQ(Get(Statements + id).Json()["status"], (json{{"state", "CLOSED"}}));
}

TEST_F(RunningStatements, RefusesMalformedRequests) {
  const auto refused = [&](const json& body) {
    const auto answer = Post(Statements, body);
    EXPECT_EQ(answer.status, 400);
    return std::string{answer.Json()["error_code"]};
  };

  EXPECT_EQ(refused({{"warehouse_id", "nope"}, {"statement", "SELECT 1"}}),
            "INVALID_PARAMETER_VALUE");
  EXPECT_EQ(refused({{"warehouse_id", "sandbox"}}), "INVALID_PARAMETER_VALUE");
  EXPECT_EQ(
      refused({{"warehouse_id", "sandbox"}, {"statement", "x"}, {"wait_timeout", "3s"}}),
      "INVALID_PARAMETER_VALUE");
  EXPECT_EQ(refused(json::array()), "MALFORMED_REQUEST");
}

TEST_F(RunningStatements, ReadsTheBigTableWherePagesAre) {
  ASSERT_EQ(Post("/__sandbox/tables/big", {{"rows", 20000}}).status, 200);

  EXPECT_EQ(
      Execute(
          "SELECT id FROM main.sales.big ORDER BY id LIMIT 2 OFFSET 19998")["result"]
                                                                           ["data_array"],
      (json{{"19999"}, {"20000"}}));
  EXPECT_EQ(Delete("/__sandbox/tables/big").status, 200);
}

} // namespace lakegate::test
