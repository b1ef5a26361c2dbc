// Statements: how a query runs at the warehouse, from its sending to its last row.

#include "integration-tests/support/table_script.hpp"

#include <algorithm>
#include <future>

namespace lakegate::integration {

using databricks::failure_kind;
using databricks::statement_state;
using nlohmann::json;

namespace {

using calls = std::vector<std::string>;
using status = databricks::statement_status;

Request Query(const std::string& more = "&include_total=false") {
  return Get(path::query + "?catalog=main&schema=default&table=scripted" + more)
      .As(user_a);
}

test::reply<databricks::result_chunk> Chunk(std::int32_t index, std::string cell,
                                            caf::optional<std::int32_t> next) {
  return Answer(databricks::result_chunk{{{std::move(cell)}}, index, next});
}

template <class T>
test::reply<T> Unavailable() {
  return test::fails<T>(Failing(failure_kind::unavailable, 503));
}

} // namespace

class Statements : public ScriptedTable {
protected:
  /// Waits until all of that was asked; what was.
  calls CallsUntil(const std::string& call, long times = 1) {
    calls seen;
    Eventually(Get("/health"), [&](const Response&) {
      for (auto& x : Script().TakeCalls())
        seen.push_back(std::move(x));
      return std::count(seen.begin(), seen.end(), call) >= times;
    });
    return seen;
  }
};

TEST_F(Statements, AreAskedAgainUntilTheyEnd) {
  Script().Pages({Answer(Unfinished(statement_state::pending))});
  Script().Polls({Answer(Unfinished(statement_state::running)), Unavailable<status>(),
                  test::fails<status>(Failing(failure_kind::timeout)),
                  Answer(Succeeded({{"7"}}))});

  auto response = When(Query());

  EXPECT_THAT(response, HasStatus(200));
  EXPECT_EQ(response.json()["rows"], json::array({{{"id", 7}}}));
  EXPECT_EQ(response.json()["query_id"], "s-1");
  EXPECT_EQ(Script().TakeCalls(),
            (calls{"table", "page", "poll s-1", "poll s-1", "poll s-1", "poll s-1"}));
  EXPECT_EQ(Script().LastPage().wait_timeout_seconds, 5);
}

TEST_F(Statements, ChunksAreReadToTheLastOne) {
  Script().Pages({Answer(Succeeded({{"1"}}, 1))});
  Script().Chunks({Unavailable<databricks::result_chunk>(), Chunk(1, "2", 3),
                   Chunk(3, "4", caf::none)});

  auto response = When(Query());

  EXPECT_THAT(response, HasStatus(200));
  EXPECT_EQ(response.json()["rows"],
            json::array({{{"id", 1}}, {{"id", 2}}, {{"id", 4}}}));
  EXPECT_EQ(Script().TakeCalls(),
            (calls{"table", "page", "chunk s-1 1", "chunk s-1 1", "chunk s-1 3"}));
}

TEST_F(Statements, AnswersThatMakeNoSenseAre502) {
  struct row {
    std::string what;
    test::reply<status> page, count;
    test::reply<databricks::result_chunk> chunk;
  };
  const auto rows = Answer(Succeeded({{"1"}}));
  const auto one = Answer(Succeeded({{"1"}}));
  for (const auto& [what, page, count, chunk] : std::vector<row>{
           {"a chunk after itself", Answer(Succeeded({{"1"}}, 0)), one, std::nullopt},
           {"chunks in a circle", Answer(Succeeded({{"1"}}, 1)), one, Chunk(1, "2", 1)},
           {"too many cells", Answer(Succeeded({{"1", "2"}})), one, std::nullopt},
           {"no count", rows, Answer(Succeeded({})), std::nullopt},
           {"two counts", rows, Answer(Succeeded({{"1"}, {"2"}})), std::nullopt},
           {"a wide count", rows, Answer(Succeeded({{"1", "2"}})), std::nullopt},
           {"a NULL count", rows, Answer(Succeeded({{caf::none}})), std::nullopt},
           {"a word as count", rows, Answer(Succeeded({{"x"}})), std::nullopt},
           {"a fraction as count", rows, Answer(Succeeded({{"1.5"}})), std::nullopt},
           {"a negative count", rows, Answer(Succeeded({{"-1"}})), std::nullopt},
           {"a count too large", rows, Answer(Succeeded({{std::string(20, '9')}})),
            std::nullopt},
       }) {
    Script().Pages({page});
    Script().Counts({count});
    Script().Chunks({chunk});

    EXPECT_THAT(When(Query("")), IsProblem(errc::upstream_invalid_response)) << what;
  }
}

TEST_F(Statements, AreSentAgainOnlyIfTheyCertainlyDidNothing) {
  struct row {
    databricks::upstream_failure failure;
    std::size_t sent; ///< How often the statement was sent in all.
    errc code;
  };
  auto never_sent = Failing(failure_kind::unavailable);
  never_sent.sent = false;
  for (const auto& [failure, sent, code] : std::vector<row>{
           {Failing(failure_kind::unavailable, 503), 3, errc::catalog_unavailable},
           {never_sent, 3, errc::catalog_unavailable},
           {Failing(failure_kind::rate_limited, 429), 3, errc::rate_limited},
           {Failing(failure_kind::unavailable, 500), 1, errc::catalog_unavailable},
           {Failing(failure_kind::unavailable), 1, errc::catalog_unavailable},
           {Failing(failure_kind::timeout), 1, errc::query_timeout},
       }) {
    Script().Pages({test::fails<status>(failure)});

    EXPECT_THAT(When(Query()), IsProblem(code));
    calls expected{"table"};
    expected.resize(1 + sent, "page");
    EXPECT_EQ(Script().TakeCalls(), expected);
  }
}

TEST_F(Statements, AFailedPageCancelsTheCount) {
  Script().Pages({Answer(Failed("BAD_REQUEST", "DIVIDE_BY_ZERO", "22012"))});
  Script().Counts({Answer(Unfinished(statement_state::running))});
  Script().Polls({Answer(Unfinished(statement_state::running))});
  Script().Cancels({Unavailable<databricks::cancelled_statement>(),
                    Answer(databricks::cancelled_statement{})});

  EXPECT_THAT(When(Query("")), IsProblem(errc::invalid_query));
  auto seen = CallsUntil("cancel s-1", 2);
  EXPECT_EQ(std::count(seen.begin(), seen.end(), "cancel s-1"), 2);
}

TEST_F(Statements, BeyondTheWarehousesOffsetsOnlyTheCountTells) {
  Script().Counts({Answer(Succeeded({{"5"}}))});
  auto past_its_end = When(Query("&offset=3000000000&include_total=false"));
  auto parameters = ParametersOf(Script().LastPage());
  Script().Counts({Answer(Succeeded({{"4000000000"}}))});
  auto within = When(Query("&offset=3000000000"));

  EXPECT_THAT(past_its_end, HasStatus(200));
  EXPECT_EQ(past_its_end.json()["rows"], json::array());
  EXPECT_EQ(past_its_end.json()["total_row_count"], nullptr);
  EXPECT_EQ(parameters, (calls{"row_limit=0:INT", "row_offset=0:INT"}));
  EXPECT_THAT(within,
              IsProblemWith(errc::invalid_query, std::vector<std::string>{"offset"}));
}

TEST_F(Statements, ATableWithoutColumnsCannotBeRead) {
  Script().Columns({});

  auto response = When(Query());

  EXPECT_THAT(response, IsProblem(errc::invalid_query));
  EXPECT_EQ(response.json()["detail"]["message"], "The table has no columns.");
  EXPECT_EQ(Script().TakeCalls(), calls{"table"});
}

TEST_F(Statements, AKeyThatTheColumnsDoNotHoldOrdersNothing) {
  Script().Columns({Column("id", "bigint")}, {"id", "gone"});

  auto response = When(Query());

  EXPECT_THAT(response, HasStatus(200));
  EXPECT_EQ(response.json()["order_by"], json::array());
}

TEST_F(Statements, OfAClientThatLeftAreCancelled) {
  Script().Pages({Answer(Unfinished(statement_state::running))});
  Script().Polls({Answer(Unfinished(statement_state::running))});

  auto left = World().client().Send(Query(), std::chrono::milliseconds{1000});

  EXPECT_EQ(left.status, 0);
  auto seen = CallsUntil("cancel s-1");
  EXPECT_EQ(std::count(seen.begin(), seen.end(), "cancel s-1"), 1);
}

TEST_F(Statements, NothingIsTriedAgainForAClientThatLeft) {
  auto busy = Failing(failure_kind::rate_limited, 429);
  busy.retry_after = 1;
  auto fails = test::fails<databricks::table_info>(busy);
  databricks::table_info table;
  table.columns = {Column("id", "bigint")};
  Script().Tables({fails, fails, Answer(table)});

  auto left = World().client().Send(Query(), std::chrono::milliseconds{500});
  auto stayed = When(Query()); // its second attempt is later than the other's would be

  EXPECT_EQ(left.status, 0);
  EXPECT_THAT(stayed, HasStatus(200));
  EXPECT_EQ(Script().TakeCalls(), (calls{"table", "table", "table", "page"}));
}

TEST_F(Statements, OfAServiceThatDiesAreAnsweredAtOnce) {
  Script().Pages({std::nullopt});
  auto query = std::async(std::launch::async, [this] { return When(Query()); });
  CallsUntil("page");

  World().Kill(world::service::catalog);

  EXPECT_THAT(query.get(), IsProblem(errc::service_unavailable));
}

TEST_F(Statements, ShowInTheReadinessWhetherTheWorkspaceAnswers) {
  auto workspace = [this](const std::string& state) {
    auto ready = Eventually(Get("/health/ready"), [&](const Response& x) {
      return x.json()["components"]["workspace"]["status"] == state;
    });
    return ready.json()["components"]["workspace"];
  };
  auto gone = Failing(failure_kind::unavailable, 500);
  gone.retry_after = 60; // later than the deadline: not tried again
  Script().Tables(
      {test::fails<databricks::table_info>(gone),
       test::fails<databricks::table_info>(Failing(failure_kind::overloaded)),
       test::fails<databricks::table_info>(Failing(failure_kind::not_found, 404))});

  EXPECT_THAT(When(Query()), IsProblem(errc::catalog_unavailable));
  EXPECT_EQ(workspace("down"),
            json({{"status", "down"},
                  {"detail", "The workspace did not answer its last call."}}));
  EXPECT_THAT(When(Query()), IsProblem(errc::overloaded));
  EXPECT_EQ(workspace("down")["status"], "down") << "nothing was asked";
  EXPECT_THAT(When(Query()), IsProblem(errc::table_not_found));
  EXPECT_EQ(workspace("up")["status"], "up") << "a refusal is an answer";
}

class HurriedStatements : public Statements {
protected:
  world_options Options() const override {
    return {.database = false,
            .settings = {{"LAKEGATE_REQUEST_DEADLINE", "1s"},
                         // An answer that is held back has a thread to itself.
                         {"LAKEGATE_SCHEDULER_THREADS", "4"}}};
  }
};

TEST_F(HurriedStatements, WhatComesTooLateIsOnlyCancelled) {
  struct row {
    std::string late;
    status page;
    calls asked;
  };
  const auto running = Unfinished(statement_state::running);
  Script().Polls({Answer(running)});
  Script().Chunks({Chunk(1, "2", 2)});
  auto timed_out = 0;
  for (const auto& [late, page, asked] : std::vector<row>{
           {"table", running, {"table"}},
           {"page", running, {"table", "page", "cancel s-1"}},
           {"poll s-1", running, {"table", "page", "poll s-1", "cancel s-1"}},
           {"chunk s-1 1", Succeeded({{"1"}}, 1), {"table", "page", "chunk s-1 1"}},
       }) {
    std::promise<void> answered;
    Script().HoldBack(late, answered.get_future().share());
    Script().Pages({Answer(page), Answer(Succeeded({}))});

    ++timed_out;
    auto response = When(Query()); // answered by the gateway if the service is too slow
    AwaitMetric(R"(lakegate_catalog_queries_total{outcome="QUERY_TIMEOUT"} )"
                + std::to_string(timed_out));
    Script().HoldBack({}, {});
    answered.set_value();
    Script().Pages({Answer(Succeeded({}))});

    EXPECT_THAT(response, IsProblem(errc::query_timeout)) << late;
    EXPECT_EQ(Script().LastPage().wait_timeout_seconds, late == "table" ? 10 : 0);
    EXPECT_THAT(When(Query()), HasStatus(200));
    auto expected = asked;
    expected.insert(expected.end(), {"table", "page"});
    auto seen = CallsUntil(asked.back());
    EXPECT_THAT(seen, testing::UnorderedElementsAreArray(expected)) << late;
  }
}

class SmallResults : public Statements {
protected:
  world_options Options() const override {
    return {.database = false,
            .settings = {{"LAKEGATE_CATALOG_MAX_RESULT_BYTES", "1024"}}};
  }
};

TEST_F(SmallResults, SayWhatToAskForInstead) {
  auto truncated = Succeeded({{"1"}});
  truncated.truncated = true;
  Script().Columns({Column("name", "string")});
  for (const auto& page :
       {Succeeded({{std::string(2000, 'x')}}), truncated,
        Failed("BAD_REQUEST", "", "",
               "Inline byte limit exceeded. Statements executed with …")}) {
    Script().Pages({Answer(page)});

    auto response = When(Query());

    EXPECT_THAT(response,
                IsProblemWith(errc::invalid_query, std::vector<std::string>{"limit"}));
    EXPECT_EQ(response.json()["detail"]["message"],
              "The result is too large. Ask for fewer columns or a smaller limit.");
  }
}

TEST_F(SmallResults, HoldForListsOfTablesToo) {
  for (int i = 0; i < 10; ++i)
    Workspace().Add(
        Table("main", "default", "t" + std::to_string(i), {Column("a", "int")}, {}));
  auto tables = path::tables + "?catalog=main&schema=default";

  auto all = When(Get(tables).As(user_a));
  auto one = When(Get(tables + "&limit=1").As(user_a));

  EXPECT_THAT(all, IsProblemWith(errc::invalid_query, std::vector<std::string>{"limit"}));
  EXPECT_THAT(one, testing::AllOf(HasStatus(200), HasHeader("X-Total-Count", "12")));
}

} // namespace lakegate::integration
