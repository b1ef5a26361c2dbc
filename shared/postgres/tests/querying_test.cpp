#include "shared/postgres/tests/live_database.hpp"

#include <lakegate/testing/captured_log.hpp>
#include <lakegate/testing/time_until.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <prometheus/text_serializer.h>

namespace lakegate::postgres {

namespace {

using namespace std::chrono_literals;
using test::backend;
using test::nap;

constexpr statement echo{"echo", "SELECT $1::text"};
constexpr statement busy_backend{"busy_backend",
                                 "SELECT pg_backend_pid(), pg_sleep(0.1)"};
constexpr statement divide{"divide", "SELECT 1 / $1::int"};
constexpr statement read_text{"read_text",
                              "SELECT convert_from($1::text::bytea, 'UTF8')"};
constexpr statement insert{"insert", "INSERT INTO t VALUES ($1::int)", true};
constexpr statement insert_late{"insert_late", "INSERT INTO late VALUES ($1::int)", true};
constexpr statement wrong{"wrong", "SELEKT"};
constexpr statement nowhere{"nowhere", "SELECT x FROM nowhere"};

class Querying : public ::testing::Test {
protected:
  database_config config_of() const {
    database_config result;
    result.process = "test";
    result.connection = test::config_of(server, database);
    result.credentials = std::make_shared<static_password>(test::password_of(server));
    result.migrations = {"test",
                         {{1, "0001_t", "CREATE TABLE t (x int UNIQUE CHECK (x < 1000))"},
                          {2, "0002_late",
                           "CREATE TABLE late (x int REFERENCES t (x) "
                           "DEFERRABLE INITIALLY DEFERRED)"}}};
    return result;
  }

  std::string count() { return server.run(database, "SELECT count(*) FROM t"); }

  test::postgres_cluster& server = test::postgres_cluster::shared();
  std::string database = server.create_database();
  test::live_database db{config_of()};
};

query insertion(int x) {
  return {&insert, {std::to_string(x)}, 5s, ""};
}

} // namespace

TEST_F(Querying, AnswersWithRows) {
  EXPECT_EQ(db.value(echo, {"a"}), "a");
  EXPECT_EQ(db.value(echo, {std::nullopt}), "NULL");
  EXPECT_EQ(db.state().status, "up");
}

TEST_F(Querying, KeepsThousandsUnderWayApart) {
  std::vector<query> queries;
  for (int i = 0; i < 900; ++i)
    queries.push_back({&echo, {std::to_string(i)}, 5s, ""});

  auto answers = db.ask_all(std::move(queries));

  for (int i = 0; i < 900; ++i)
    ASSERT_EQ(answers[i].rows->at(0, 0), std::to_string(i));
}

TEST_F(Querying, LetsOneFailedReadSpoilNoOther) {
  std::vector<query> queries;
  for (int i = 0; i < 20; ++i)
    queries.push_back({&divide, {i % 5 == 0 ? "0" : "1"}, 5s, ""});

  auto answers = db.ask_all(std::move(queries));

  for (int i = 0; i < 20; ++i)
    EXPECT_EQ(answers[i].code, i % 5 == 0 ? errc::data_corrupted : errc::none) << i;
}

TEST_F(Querying, LetsOneFailedWriteSpoilNoOther) {
  auto answers = db.ask_all({insertion(1), insertion(1), insertion(2000), insertion(2)});

  EXPECT_EQ(answers[0].code, errc::none);
  EXPECT_EQ(answers[0].rows->affected(), 1U);
  EXPECT_EQ(answers[1].code, errc::internal_error);
  EXPECT_EQ(answers[2].code, errc::invalid_request);
  EXPECT_EQ(answers[3].code, errc::none);
  EXPECT_EQ(count(), "2");
}

TEST_F(Querying, CallsAWriteDoneOnlyWhenItIsCommitted) {
  auto answers = db.ask_all({{&insert_late, {"7"}, 5s, ""}, insertion(1)});

  EXPECT_EQ(answers[0].code, errc::internal_error);
  EXPECT_EQ(answers[1].code, errc::none);
  EXPECT_EQ(server.run(database, "SELECT count(*) FROM late"), "0");
}

TEST_F(Querying, ReportsSqlOfOursThatIsWrong) {
  auto answers = db.ask_all({{&wrong, {}, 5s, ""},
                             {&echo, {"a"}, 5s, ""},
                             {&wrong, {}, 5s, ""},
                             {&echo, {"b"}, 5s, ""}});

  EXPECT_EQ(answers[0].code, errc::internal_error);
  EXPECT_EQ(answers[1].rows->at(0, 0), "a");
  EXPECT_EQ(answers[2].code, errc::internal_error);
  EXPECT_EQ(answers[3].rows->at(0, 0), "b");
}

TEST_F(Querying, LogsWhoseStatementFailed) {
  lakegate::test::captured_log log;

  db.ask_all({{&wrong, {}, 5s, "corr-1", "00-trace-1"}});

  EXPECT_THAT(
      log.lines_of("statement_failed"),
      testing::ElementsAre(lakegate::test::names_request("corr-1", "00-trace-1")));
}

TEST_F(Querying, FindsATableThatIsMadeLater) {
  EXPECT_EQ(db.value(nowhere), "DATABASE_UNAVAILABLE");
  server.run(database, "CREATE TABLE nowhere AS SELECT 5 AS x");

  EXPECT_EQ(db.value(nowhere), "5");
}

TEST_F(Querying, GoesOnWhenATableChangesItsColumns) {
  constexpr statement all{"all_of_t", "SELECT * FROM t"};
  EXPECT_EQ(db.value(all), "no rows");
  server.run(database, "ALTER TABLE t ADD COLUMN y int; INSERT INTO t VALUES (1, 2)");

  EXPECT_EQ(db.value(all), "1");
}

TEST_F(Querying, RefusesWhatLibpqWouldCut) {
  EXPECT_EQ(db.value(echo, {std::string{"a\0b", 3}}), "INTERNAL_ERROR");
}

TEST_F(Querying, BlamesAStoredValueThatCannotBeRead) {
  EXPECT_EQ(db.value(read_text, {"\\xff"}), "DATA_CORRUPTED");
}

TEST_F(Querying, SendsAndTakesWhatIsLargerThanAllBuffers) {
  const std::string large(3'000'000, 'x');
  std::vector<query> queries;
  for (int i = 0; i < 8; ++i)
    queries.push_back({&echo, {large}, 20s, ""});

  for (const auto& x : db.ask_all(std::move(queries)))
    EXPECT_EQ(x.rows->at(0, 0)->size(), large.size());
}

TEST_F(Querying, AnswersAtTheDeadlineAndGoesOn) {
  auto first = db.value(backend);

  auto took = test::time_until([&] {
    EXPECT_EQ(db.value(nap, {"5"}, 300ms), "DATABASE_UNAVAILABLE");
    return true;
  });

  EXPECT_GE(*took, 290ms);
  EXPECT_LT(*took, 3s);
  EXPECT_NE(db.value(backend), first);
}

TEST_F(Querying, RepeatsReadsThatSharedALateOnesConnection) {
  auto answers = db.ask_all({{&nap, {"5"}, 300ms, ""}, {&echo, {"a"}, 5s, ""}});

  EXPECT_EQ(answers[0].code, errc::database_unavailable);
  EXPECT_EQ(answers[1].rows->at(0, 0), "a");
}

TEST_F(Querying, DoesNotStartWhatIsTooLate) {
  EXPECT_EQ(db.value(echo, {"a"}, 0ms), "DATABASE_UNAVAILABLE");
}

TEST_F(Querying, ShedsWhatIsTooMuch) {
  std::vector<query> queries;
  for (int i = 0; i < 1200; ++i)
    queries.push_back({&nap, {"0.0001"}, 20s, ""});
  auto config = config_of();
  config.max_waiting = 100;
  test::live_database small{config};
  small.value(echo, {"a"});

  int shed = 0;
  for (const auto& x : small.ask_all(std::move(queries)))
    shed += x.code == errc::overloaded ? 1 : 0;

  EXPECT_GT(shed, 0);
  EXPECT_EQ(small.value(echo, {"a"}), "a");
}

TEST_F(Querying, SpreadsOverItsConnections) {
  auto config = config_of();
  config.connections = 2;
  test::live_database two{config};

  // One connection does all the work until the other is up, too.
  EXPECT_TRUE(test::time_until([&] {
    auto at_once =
        two.ask_all({{&busy_backend, {}, 5s, ""}, {&busy_backend, {}, 5s, ""}});
    return at_once[0].rows->at(0, 0) != at_once[1].rows->at(0, 0);
  }));
}

TEST_F(Querying, IsMeasuredByStatementAndOutcome) {
  db.value(echo, {"a"});
  db.value(divide, {"0"});

  auto text = prometheus::TextSerializer{}.Serialize(db.registry->Collect());

  EXPECT_NE(text.find("lakegate_sql_seconds_count{outcome=\"ok\",process=\"test\","
                      "statement=\"echo\"} 1"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("outcome=\"data_corrupted\",process=\"test\",statement=\"divide\""),
            std::string::npos)
      << text;
}

TEST_F(Querying, TellsTheMeterOfTheWait) {
  auto meter = std::make_shared<call_meter>(call_meter::clock::now());

  db.ask_all({{&nap, {"0.05"}, 5s, "", "", meter}, {&wrong, {}, 5s, "", "", meter}});

  auto now = meter->report();
  auto later = meter->report(call_meter::clock::now() + 1h);
  EXPECT_GE(now.database_us, 50'000u);
  EXPECT_EQ(later.database_us, now.database_us);
  EXPECT_EQ(later.upstream_us, 0u);
}

TEST(QueryingWithoutADatabase, SaysSo) {
  test::live_database db{{}};

  EXPECT_EQ(db.value(echo, {"a"}), "LAKEBASE_NOT_CONFIGURED");
  EXPECT_EQ(db.state().status, "not_configured");
}

} // namespace lakegate::postgres
