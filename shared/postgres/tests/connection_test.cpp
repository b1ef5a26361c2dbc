#include <lakegate/postgres/connection.hpp>

#include "shared/postgres/tests/support.hpp"

#include <lakegate/testing/temporary_postgres.hpp>

#include <gtest/gtest.h>

#include <chrono>

namespace lakegate::postgres {

namespace {

using namespace std::chrono_literals;

class UsingAConnection : public ::testing::Test {
protected:
  test::postgres_cluster& server = test::postgres_cluster::shared();
  connection_config config = test::config_of(server, "postgres");
  connection to = test::connect(config, test::password_of(server));

  std::string value_of(const std::string& sql, std::vector<parameter> parameters = {}) {
    return test::one_value(to.run(sql, parameters, 5s));
  }
};

sql_failure failure_of_opening(const connection_config& config,
                               const access_token& password) {
  return std::get<sql_failure>(connection::open(config, password));
}

} // namespace

TEST_F(UsingAConnection, PassesParametersAsTheyAre) {
  const std::string odd = "a'b\"c\\d $1 ü \xF0\x9F\x98\x80";

  EXPECT_EQ(value_of("SELECT $1::text", {odd}), odd);
  EXPECT_EQ(value_of("SELECT $1::text IS NULL", {std::nullopt}), "t");
}

TEST_F(UsingAConnection, RefusesWhatLibpqWouldCut) {
  EXPECT_EQ(value_of("SELECT $1::text", {std::string{"a\0b", 3}}), "<22021>");
  EXPECT_EQ(value_of("SELECT $1::text", {"\xff"}), "<22021>");
}

TEST_F(UsingAConnection, TellsSqlstatesAndGoesOn) {
  EXPECT_EQ(value_of("SELECT 1/0"), "<22012>");
  EXPECT_EQ(value_of("SELECT 1"), "1");
}

TEST_F(UsingAConnection, TellsColumnsAndAffectedRows) {
  auto made = to.run_script("CREATE TEMP TABLE t (a int, b numeric(10,2));"
                            "INSERT INTO t VALUES (1, 2), (3, NULL)",
                            5s);
  auto rows = std::get<result_ptr>(to.run("SELECT a, b FROM t ORDER BY a", {}, 5s));

  EXPECT_EQ(std::get<result_ptr>(made)->affected(), 2U);
  EXPECT_EQ(rows->column_name(1), "b");
  EXPECT_EQ(rows->column_type(1), 1700U);
  EXPECT_EQ(rows->at(0, 1), "2.00");
  EXPECT_EQ(rows->at(1, 1), std::nullopt);
}

TEST_F(UsingAConnection, ReportsTheFirstFailureOfAScript) {
  auto result = to.run_script("SELECT 1; SELECT nope; SELECT 1/0", 5s);

  EXPECT_EQ(std::get<sql_failure>(result).sqlstate, "42703");
}

TEST_F(UsingAConnection, SetsSessionsUp) {
  EXPECT_EQ(value_of("SHOW statement_timeout"), "10s");
  EXPECT_EQ(value_of("SHOW lock_timeout"), "5s");
  EXPECT_EQ(value_of("SHOW client_connection_check_interval"), "1s");
  EXPECT_EQ(value_of("SHOW idle_in_transaction_session_timeout"), "10s");
  EXPECT_EQ(value_of("SHOW search_path"), "\"public\"");
}

TEST_F(UsingAConnection, TakesOddSchemaNamesAsNames) {
  config.schema = "odd \\ \"na me\"; -c x";
  auto odd = test::connect(config, test::password_of(server));

  EXPECT_EQ(test::one_value(odd.run("SHOW search_path", {}, 5s)),
            "\"odd \\ \"\"na me\"\"; -c x\"");
}

TEST_F(UsingAConnection, TakesACraftedDatabaseNameAsAName) {
  config.database = "host=127.0.0.2 dbname=postgres";

  auto failed = failure_of_opening(config, test::password_of(server));

  EXPECT_EQ(failed.sqlstate, "3D000");
}

TEST_F(UsingAConnection, TellsAWrongPassword) {
  auto failed = failure_of_opening(config, access_token{"wrong"});

  EXPECT_EQ(failed.sqlstate, "28P01");
  EXPECT_EQ(failed.message, "password authentication failed for user \"postgres\"");
}

TEST_F(UsingAConnection, TellsThatNobodyListens) {
  config.port = 1;

  auto failed = failure_of_opening(config, test::password_of(server));

  EXPECT_EQ(failed.sqlstate, "");
  EXPECT_NE(failed.message.find("refused"), std::string::npos) << failed.message;
}

TEST_F(UsingAConnection, GivesUpAtTheLimitAndCloses) {
  auto begin = std::chrono::steady_clock::now();

  auto result = to.run("SELECT pg_sleep(5)", {}, 100ms);

  EXPECT_EQ(std::get<sql_failure>(result).sqlstate, "");
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 1s);
  EXPECT_FALSE(to.is_open());
  EXPECT_EQ(value_of("SELECT 1"), "<>");
}

TEST_F(UsingAConnection, SendsWhatIsLargerThanAllBuffers) {
  const std::string large(40'000'000, 'x');

  EXPECT_EQ(value_of("SELECT length($1::text)", {large}), "40000000");
}

TEST_F(UsingAConnection, PassesArraysWhole) {
  const std::vector<std::string> odd{"a", "", "b,c", "\"q\"", "\\", "{}", "NULL", " x "};

  EXPECT_EQ(value_of("SELECT cardinality($1::text[])", {array_literal(odd)}), "8");
  EXPECT_EQ(value_of("SELECT array_to_string($1::text[], '|')", {array_literal(odd)}),
            "a||b,c|\"q\"|\\|{}|NULL| x ");
  EXPECT_EQ(value_of("SELECT cardinality($1::text[])", {array_literal({})}), "0");
}

TEST(ConnectingToAFrozenServer, GivesUpAtTheLimit) {
  test::temporary_postgres server;
  auto config = test::config_of(server, "postgres");
  config.connect_timeout = 200ms;
  server.freeze();
  auto begin = std::chrono::steady_clock::now();

  auto failed = failure_of_opening(config, test::password_of(server));

  EXPECT_EQ(failed.sqlstate, "");
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 1s);
}

TEST(Quoting, HoldsWhateverIsInside) {
  EXPECT_EQ(quote_identifier("a\"b"), "\"a\"\"b\"");
  EXPECT_EQ(quote_literal("it's"), "'it''s'");
  EXPECT_EQ(quote_literal("a\\'b"), "E'a\\\\''b'");
}

} // namespace lakegate::postgres
