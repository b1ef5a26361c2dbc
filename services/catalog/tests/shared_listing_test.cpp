#include "services/catalog/tests/unity_catalog_fixture.hpp"

namespace lakegate::catalog {
namespace {

using namespace std::chrono_literals;
using databricks::failure_kind;
using testing::_;
using testing::ElementsAre;
using testing::Return;

// -- retries ----------------------------------------------------------------------

using ListingFromAFlakyWorkspace = UnityCatalogTest;

TEST_F(ListingFromAFlakyWorkspace, TriesAgain) {
  EXPECT_CALL(workspace, ListSchemas(_))
      .WillOnce(Return(make_error(Failure(failure_kind::unavailable, 500))))
      .WillOnce(Return(make_error(Failure(failure_kind::rate_limited, 429))))
      .WillOnce(Return(names{{"a"}, ""}));

  auto answer = AskSchemas(Ada());
  world.settle();
  world.advance(2s);
  world.advance(2s);

  EXPECT_THAT(answer->names, ElementsAre("a"));
}

TEST_F(ListingFromAFlakyWorkspace, WaitsAsLongAsItIsTold) {
  auto busy = Failure(failure_kind::rate_limited, 429);
  busy.retry_after = 5;
  EXPECT_CALL(workspace, ListSchemas(_))
      .WillOnce(Return(make_error(busy)))
      .WillOnce(Return(names{{"a"}, ""}));

  auto answer = AskSchemas(Ada());
  world.settle();
  world.advance(4900ms);
  EXPECT_FALSE(answer.arrived());
  world.advance(300ms);

  EXPECT_TRUE(answer.arrived());
}

TEST_F(ListingFromAFlakyWorkspace, PassesOnAWaitThatIsLongerThanItsTime) {
  auto busy = Failure(failure_kind::rate_limited, 429);
  busy.retry_after = 45;
  EXPECT_CALL(workspace, ListSchemas(_)).WillOnce(Return(make_error(busy)));

  auto answer = AskSchemas(Ada());
  world.settle();

  EXPECT_EQ(answer.code(), errc::rate_limited);
  EXPECT_EQ(answer.fail().retry_after, 45);
}

TEST_F(ListingFromAFlakyWorkspace, GivesUpAfterThreeAttempts) {
  EXPECT_CALL(workspace, ListSchemas(_))
      .Times(3)
      .WillRepeatedly(Return(make_error(Failure(failure_kind::unavailable, 503))));

  auto answer = AskSchemas(Ada());
  world.settle();
  world.advance(2s);
  world.advance(2s);

  EXPECT_EQ(answer.code(), errc::catalog_unavailable);
  EXPECT_EQ(known->status().components[0].status, "down");
}

// -- single flight --------------------------------------------------------------

using ListingTheSameAtOnce = UnityCatalogTest;

TEST_F(ListingTheSameAtOnce, AsksUpstreamOnceAndAnswersEach) {
  HoldSchemas();
  auto first = AskSchemas(Ada());
  auto second = AskSchemas(Ada(), {std::int64_t{1}, 0});
  auto third = AskSchemas(Ada(), {std::int64_t{1}, 1});
  world.settle();

  ASSERT_EQ(held.size(), 1U);
  held.Answer(0, names{{"b", "a"}, ""});
  world.settle();

  EXPECT_THAT(first->names, ElementsAre("a", "b"));
  EXPECT_THAT(second->names, ElementsAre("a"));
  EXPECT_THAT(third->names, ElementsAre("b"));
}

TEST_F(ListingTheSameAtOnce, TellsEachMeterWhoseWalkItWas) {
  auto metered = [](caller who) {
    who.meter = std::make_shared<call_meter>(call_meter::clock::now(),
                                             call_meter::start::in_queue);
    return who;
  };
  auto later = [] { return call_meter::clock::now() + 1h; };
  auto first = metered(Ada());
  auto second = metered(Ada());
  HoldSchemas();
  auto walk = AskSchemas(first);
  auto wait = AskSchemas(second);
  world.settle();

  // While the workspace is silent, that is what the second one waits for
  EXPECT_EQ(first.meter->report().cache, cache_verdict::miss);
  EXPECT_EQ(second.meter->report().cache, cache_verdict::shared);
  held.Answer(0, names{{"a"}, ""});
  world.settle();

  EXPECT_TRUE(wait.arrived());
  auto waited = second.meter->report();
  EXPECT_GT(waited.upstream_us, 0u);
  EXPECT_EQ(waited.attempts, 0);
  EXPECT_EQ(second.meter->report(later()).upstream_us, waited.upstream_us);
}

TEST_F(ListingTheSameAtOnce, GivesEachTheSameError) {
  HoldSchemas();
  auto first = AskSchemas(Ada());
  auto second = AskSchemas(Ada());
  world.settle();

  held.Answer(0, Denial("USE CATALOG", "Catalog", "main"));
  world.settle();

  EXPECT_EQ(first.code(), errc::catalog_permission_denied);
  EXPECT_EQ(second.code(), errc::catalog_permission_denied);
}

TEST_F(ListingTheSameAtOnce, IsNeverRememberedAfterwards) {
  HoldSchemas();
  auto first = AskSchemas(Ada());
  world.settle();
  held.Answer(0, names{{"a"}, ""});
  world.settle();

  auto second = AskSchemas(Ada());
  world.settle();
  ASSERT_EQ(held.size(), 2U);
  held.Answer(1, Denial("USE CATALOG", "Catalog", "main"));
  world.settle();

  EXPECT_TRUE(first.arrived());
  EXPECT_EQ(second.code(), errc::catalog_permission_denied);
}

TEST_F(ListingTheSameAtOnce, IsNotSharedBetweenTokens) {
  HoldSchemas();
  auto ada = AskSchemas(Ada());
  auto bob = AskSchemas(Bob());
  world.settle();

  ASSERT_EQ(held.size(), 2U);
  held.Answer(1, names{{"of-bob"}, ""});
  held.Answer(0, names{{"of-ada"}, ""});
  world.settle();

  EXPECT_EQ(held.commands[0].ctx.token, access_token{"token-of-ada"});
  EXPECT_EQ(held.commands[1].ctx.token, access_token{"token-of-bob"});
  EXPECT_THAT(ada->names, ElementsAre("of-ada"));
  EXPECT_THAT(bob->names, ElementsAre("of-bob"));
}

TEST_F(ListingTheSameAtOnce, OutlivesAWaiterThatLeaves) {
  HoldSchemas();
  auto leaver = Ada();
  leaver.call_id = 99;
  auto first = AskSchemas(leaver);
  auto second = AskSchemas(Ada());
  world.settle();

  caf::anon_send(actor, cancel_call{99});
  world.settle();
  EXPECT_EQ(first.code(), errc::catalog_unavailable);
  EXPECT_FALSE(second.arrived());
  held.Answer(0, names{{"a"}, ""});
  world.settle();

  EXPECT_THAT(second->names, ElementsAre("a"));
}

TEST_F(ListingTheSameAtOnce, OutlivesAWaiterWhoseTimeIsUp) {
  HoldSchemas();
  auto hasty = Ada();
  hasty.time_left = 1s;
  auto first = AskSchemas(hasty);
  auto second = AskSchemas(Ada());
  world.settle();

  world.advance(1s);
  EXPECT_EQ(first.code(), errc::catalog_unavailable);
  EXPECT_FALSE(second.arrived());
  held.Answer(0, Failure(failure_kind::timeout, 0));
  world.settle();
  world.advance(1s);

  ASSERT_EQ(held.size(), 2U);
  EXPECT_GT(held.commands[1].ctx.time_left, 20s);
  held.Answer(1, names{{"a"}, ""});
  world.settle();
  EXPECT_THAT(second->names, ElementsAre("a"));
}

TEST_F(ListingTheSameAtOnce, StopsWhenNobodyWaitsAnyMore) {
  HoldSchemas();
  auto only = AskSchemas(Ada());
  world.settle();
  caf::anon_send(actor, cancel_call{Ada().call_id});
  world.settle();

  held.Answer(0, names{{"a"}, "more"});
  world.settle();

  EXPECT_TRUE(only.failed());
  EXPECT_EQ(held.size(), 1U);
}

} // namespace
} // namespace lakegate::catalog
