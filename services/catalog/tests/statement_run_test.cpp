#include "services/catalog/tests/table_query_fixture.hpp"

#include <lakegate/testing/captured_log.hpp>

namespace lakegate::catalog {
namespace {

using namespace std::chrono_literals;
using databricks::cell;
using databricks::failure_kind;
using testing::_;
using testing::ElementsAre;

using testing::IsEmpty;

using FailingStatements = TableQueryTest;

TEST_F(FailingStatements, AreLoggedWithTheirRequest) {
  test::captured_log log;
  auto query = Query();
  query.include_total = false;
  Ask(query);

  Answer(warehouse.executions, 0, Failed("DIVIDE_BY_ZERO", "22012"));

  EXPECT_THAT(log.lines_of("statement_failed"),
              ElementsAre(test::names_request("correlation", "trace")));
}

// -- polling ------------------------------------------------------------------------

using QueryingAColdWarehouse = TableQueryTest;

TEST_F(QueryingAColdWarehouse, PollsWithGrowingPauses) {
  auto query = Query();
  query.include_total = false;
  auto answer = Ask(query);
  Answer(warehouse.executions, 0, Pending("page"));

  for (auto pause : {100ms, 200ms, 400ms, 800ms, 1600ms, 2000ms, 2000ms}) {
    auto before = warehouse.polls.size();
    world.advance(pause - 1ms);
    EXPECT_EQ(warehouse.polls.size(), before);
    world.advance(1ms);
    ASSERT_EQ(warehouse.polls.size(), before + 1);
    Answer(warehouse.polls, before, Pending("page"));
  }
  world.advance(2s);
  Answer(warehouse.polls, 7, Succeeded("page", {}));

  EXPECT_EQ(warehouse.polls.commands[0].statement_id, "page");
  EXPECT_TRUE(answer.arrived());
}

TEST_F(QueryingAColdWarehouse, SurvivesAPollThatFails) {
  auto query = Query();
  query.include_total = false;
  auto answer = Ask(query);
  Answer(warehouse.executions, 0, Pending("page"));
  world.advance(100ms);
  Answer(warehouse.polls, 0, Failure(failure_kind::unavailable, 502));
  world.advance(2s);

  ASSERT_EQ(warehouse.polls.size(), 2U);
  Answer(warehouse.polls, 1, Succeeded("page", {}));

  EXPECT_TRUE(answer.arrived());
  EXPECT_THAT(Cancelled(), IsEmpty());
}

TEST_F(QueryingAColdWarehouse, DoesNotBlockAShortBudget) {
  auto query = Query();
  query.who.time_left = 5s;
  Ask(query);

  EXPECT_EQ(warehouse.executions.commands[0].wait_timeout_seconds, 0);
}

// -- cancelling -----------------------------------------------------------------------

using EndingAQueryEarly = TableQueryTest;

TEST_F(EndingAQueryEarly, CancelsBothStatementsAtTheDeadline) {
  auto answer = Ask(Query());
  Answer(warehouse.executions, 0, Pending("page"));
  Answer(warehouse.executions, 1, Pending("count"));

  world.advance(29s);
  EXPECT_FALSE(answer.arrived());
  world.advance(1s);

  EXPECT_EQ(answer.code(), errc::query_timeout);
  EXPECT_THAT(Cancelled(), testing::UnorderedElementsAre("page", "count"));
}

TEST_F(EndingAQueryEarly, CancelsWhenTheClientGoesAway) {
  auto answer = Ask(Query());
  Answer(warehouse.executions, 0, Pending("page"));
  Answer(warehouse.executions, 1, Pending("count"));

  caf::anon_send(actor, cancel_call{Ada().call_id});
  world.settle();

  EXPECT_TRUE(answer.failed());
  EXPECT_THAT(Cancelled(), testing::UnorderedElementsAre("page", "count"));
  auto polls = warehouse.polls.size();
  world.advance(10s);
  EXPECT_EQ(warehouse.polls.size(), polls);
}

TEST_F(EndingAQueryEarly, CancelsAStatementWhoseIdComesLate) {
  auto answer = Ask(Query());
  world.advance(30s);
  ASSERT_EQ(answer.code(), errc::query_timeout);
  EXPECT_THAT(Cancelled(), IsEmpty());

  Answer(warehouse.executions, 0, Pending("page"));
  Answer(warehouse.executions, 1, Succeeded("count", {{cell{"1"}}}));

  EXPECT_THAT(Cancelled(), ElementsAre("page"));
}

TEST_F(EndingAQueryEarly, GivesTheFirstCallTimeBeyondTheDeadlineForItsId) {
  Ask(Query());

  EXPECT_EQ(warehouse.executions.commands[0].ctx.time_left, 35s);
}

TEST_F(EndingAQueryEarly, CancelsTheOtherWhenOneFails) {
  auto answer = Ask(Query());
  Answer(warehouse.executions, 1, Pending("count"));

  Answer(warehouse.executions, 0, Failed("TABLE_OR_VIEW_NOT_FOUND", "42P01"));

  EXPECT_EQ(answer.code(), errc::table_not_found);
  EXPECT_THAT(Cancelled(), ElementsAre("count"));
}

TEST_F(EndingAQueryEarly, CancelsAStatementThatCanNotBePolled) {
  auto query = Query();
  query.include_total = false;
  auto answer = Ask(query);
  Answer(warehouse.executions, 0, Pending("page"));
  world.advance(100ms);

  Answer(warehouse.polls, 0, Failure(failure_kind::invalid_response, 200));

  EXPECT_EQ(answer.code(), errc::upstream_invalid_response);
  EXPECT_THAT(Cancelled(), ElementsAre("page"));
}

TEST_F(EndingAQueryEarly, AnswersEvenWhenItsActorDies) {
  auto answer = Ask(Query());
  Answer(warehouse.executions, 0, Pending("page"));

  caf::anon_send_exit(actor, caf::exit_reason::kill);
  world.settle();

  EXPECT_EQ(answer.code(), errc::service_unavailable);
}

TEST_F(EndingAQueryEarly, LeavesOtherCallsAlone) {
  auto ada = Ask(Query());
  auto bob = Ask(Query(Bob()));
  ASSERT_EQ(warehouse.executions.size(), 4U);

  caf::anon_send(actor, cancel_call{Ada().call_id});
  caf::anon_send(actor, cancel_call{0});
  world.settle();

  EXPECT_TRUE(ada.failed());
  EXPECT_FALSE(bob.arrived());
}

TEST_F(EndingAQueryEarly, StopsBeforeTheStatementsWhenTheTableCameTooLate) {
  Held<databricks::get_table, databricks::table_info> tables{world};
  EXPECT_CALL(workspace, GetTable(_)).WillRepeatedly([&](const auto& x) {
    return tables.Keep(workspace.self, x);
  });
  auto answer = Ask(Query());
  world.advance(30s);

  Answer(tables, 0, table);

  EXPECT_EQ(answer.code(), errc::query_timeout);
  EXPECT_EQ(warehouse.executions.size(), 0U);
}

// -- retries ----------------------------------------------------------------------

using SendingAStatement = TableQueryTest;

TEST_F(SendingAStatement, IsRepeatedWhenItCertainlyDidNotRun) {
  auto query = Query();
  query.include_total = false;
  Ask(query);
  auto unsent = Failure(failure_kind::unavailable, 0);
  unsent.sent = false;

  Answer(warehouse.executions, 0, Failure(failure_kind::rate_limited, 429));
  world.advance(2s);
  ASSERT_EQ(warehouse.executions.size(), 2U);
  Answer(warehouse.executions, 1, unsent);
  world.advance(2s);

  EXPECT_EQ(warehouse.executions.size(), 3U);
}

class SendingAStatementThatMayHaveRun
    : public TableQueryTest,
      public testing::WithParamInterface<databricks::upstream_failure> {};

TEST_P(SendingAStatementThatMayHaveRun, IsNotRepeated) {
  auto query = Query();
  query.include_total = false;
  auto answer = Ask(query);

  Answer(warehouse.executions, 0, GetParam());
  world.advance(5s);

  EXPECT_TRUE(answer.failed());
  EXPECT_EQ(warehouse.executions.size(), 1U);
}

INSTANTIATE_TEST_SUITE_P(Failures, SendingAStatementThatMayHaveRun,
                         testing::Values(Failure(failure_kind::unavailable, 500),
                                         Failure(failure_kind::unavailable, 502),
                                         Failure(failure_kind::unavailable, 0),
                                         Failure(failure_kind::timeout, 0),
                                         Failure(failure_kind::invalid_response, 200)));

} // namespace
} // namespace lakegate::catalog
