#include <lakegate/runtime/wire.hpp>

#include "shared/runtime/tests/link_world.hpp"

#include <caf/io/middleman.hpp>
#include <caf/scoped_actor.hpp>

#include <gmock/gmock.h>

#include <optional>

namespace lakegate::runtime::test {
namespace {

TEST(LosingAReplica, FailsWhatIsInFlightThereAtOnce) {
  std::optional<ServiceNode> service{std::in_place};
  Gateway gateway{{service->Port()}};
  ASSERT_TRUE(gateway.BecomesUp());
  auto open = gateway.Ask(catalog::list_table_names{}, 60s);
  ASSERT_TRUE(Eventually([&] { return service->Memory().waiting == 1; }));

  service.reset();

  EXPECT_EQ(CodeOf(Await(std::move(open))), errc::service_unavailable);
  EXPECT_TRUE(Eventually([&] { return !gateway.IsUp(); }));
  EXPECT_EQ(gateway.Metric("lakegate_link_lost_total"), 1);
  EXPECT_EQ(gateway.Metric("lakegate_link_in_flight"), 0);
}

TEST(LosingAReplica, UsesItAgainWithinTwoSecondsOfItsReturn) {
  std::optional<ServiceNode> service{std::in_place};
  auto port = service->Port();
  Gateway gateway{{port}};
  ASSERT_TRUE(gateway.BecomesUp());

  for (int i = 0; i < 3; ++i) {
    service.reset();
    ASSERT_TRUE(Eventually([&] { return !gateway.IsUp(); }));
    service.emplace(port);

    EXPECT_TRUE(gateway.BecomesUp(2s));
    EXPECT_EQ(CodeOf(Await(gateway.Ask(EchoOf("again")))), errc::none);
  }
}

TEST(LosingAReplica, LeavesTheCallsOfTheOthersAlone) {
  std::optional<ServiceNode> first{std::in_place};
  ServiceNode second;
  Gateway gateway{{first->Port(), second.Port()}};
  ASSERT_TRUE(Eventually([&] { return gateway.Metric("lakegate_link_up") == 2; }));
  std::atomic<int> lost = 0;
  gateway.OnLoop([&](Gateway::link& link) {
    for (int i = 0; i < 20; ++i)
      link.submit(catalog::list_table_names{}, 60s, [&](auto) { ++lost; });
  });
  ASSERT_TRUE(Eventually(
      [&] { return first->Memory().waiting == 10 && second.Memory().waiting == 10; }));

  first.reset();

  EXPECT_TRUE(Eventually([&] { return lost == 10; }));
  EXPECT_EQ(CodeOf(Await(gateway.Ask(EchoOf("x")))), errc::none);
  EXPECT_EQ(lost, 10);
  EXPECT_TRUE(gateway.IsUp());
}

TEST(SpreadingOverReplicas, GivesEachItsShare) {
  ServiceNode first;
  ServiceNode second;
  ServiceNode third;
  Gateway gateway{{first.Port(), second.Port(), third.Port()}};
  ASSERT_TRUE(Eventually([&] { return gateway.Metric("lakegate_link_up") == 3; }));

  for (int i = 0; i < 30; ++i)
    ASSERT_EQ(CodeOf(Await(gateway.Ask(EchoOf("x")))), errc::none);

  EXPECT_EQ(first.Memory().handled, 10u);
  EXPECT_EQ(second.Memory().handled, 10u);
  EXPECT_EQ(third.Memory().handled, 10u);
}

TEST(SpreadingOverReplicas, AvoidsTheOneThatIsSlow) {
  ServiceNode first;
  ServiceNode second;
  Gateway gateway{{first.Port(), second.Port()}};
  ASSERT_TRUE(Eventually([&] { return gateway.Metric("lakegate_link_up") == 2; }));
  auto stuck = gateway.Ask(catalog::list_table_names{}, 60s);
  ASSERT_TRUE(
      Eventually([&] { return first.Memory().waiting + second.Memory().waiting == 1; }));

  for (int i = 0; i < 10; ++i)
    ASSERT_EQ(CodeOf(Await(gateway.Ask(EchoOf("x")))), errc::none);

  auto& quick = first.Memory().waiting == 1 ? second : first;
  EXPECT_EQ(quick.Memory().handled, 10u);
}

TEST(FindingReplicas, LooksNamesUp) {
  ServiceNode service;
  Gateway gateway{{}, {.peers = {{"localhost", service.Port()}}}};

  EXPECT_TRUE(gateway.BecomesUp());
  EXPECT_EQ(CodeOf(Await(gateway.Ask(EchoOf("x")))), errc::none);
}

TEST(FindingReplicas, CountsOneProcessOnceHoweverItIsNamed) {
  ServiceNode service;
  Gateway gateway{{service.Port()}, {.peers = {{"localhost", service.Port()}}}};
  ASSERT_TRUE(gateway.BecomesUp());

  EXPECT_EQ(CodeOf(Await(gateway.Ask(EchoOf("x")))), errc::none);
  EXPECT_EQ(gateway.Metric("lakegate_link_up"), 1);
}

TEST(DrainingAService, FinishesWhatItHasAndSendsTheRestElsewhere) {
  ServiceNode leaving;
  ServiceNode staying;
  Gateway gateway{{leaving.Port(), staying.Port()}};
  ASSERT_TRUE(Eventually([&] { return gateway.Metric("lakegate_link_up") == 2; }));
  std::atomic<int> answered = 0;
  gateway.OnLoop([&](Gateway::link& link) {
    for (int i = 0; i < 200; ++i)
      link.submit(EchoOf("x"), 40s, [&](auto x) { answered += x ? 1 : 0; });
  });

  EXPECT_TRUE(drain_unbatcher(leaving.Unbatcher(), patience));

  EXPECT_TRUE(Eventually([&] { return answered == 200; }));
  EXPECT_TRUE(Eventually([&] { return gateway.Metric("lakegate_link_up") == 1; }));
  auto before = leaving.Memory().handled.load();
  for (int i = 0; i < 10; ++i)
    EXPECT_EQ(CodeOf(Await(gateway.Ask(EchoOf("x")))), errc::none);
  EXPECT_EQ(leaving.Memory().handled, before);
}

TEST(DrainingAService, WaitsForTheLastLargeAnswer) {
  ServiceNode leaving;
  Gateway gateway{{leaving.Port()}};
  ASSERT_TRUE(gateway.BecomesUp());
  auto large = gateway.Ask(RowsOf(8 * 1024 * 1024));
  gateway.OnLoop([](auto&) {});

  EXPECT_TRUE(drain_unbatcher(leaving.Unbatcher(), patience));

  EXPECT_EQ(CodeOf(Await(std::move(large))), errc::none);
}

TEST(DrainingAService, GivesUpAtItsLimit) {
  ServiceNode leaving;
  Gateway gateway{{leaving.Port()}};
  ASSERT_TRUE(gateway.BecomesUp());
  auto stuck = gateway.Ask(catalog::list_table_names{}, 60s);
  ASSERT_TRUE(Eventually([&] { return leaving.Memory().waiting == 1; }));

  EXPECT_FALSE(drain_unbatcher(leaving.Unbatcher(), 100ms));
}

TEST(GuardingAService, RefusesToBeKilledOverTheNetwork) {
  ServiceNode service;
  Gateway gateway{{service.Port()}};
  ASSERT_TRUE(gateway.BecomesUp());
  node stranger{{.name = "stranger"}};
  auto handle = stranger.system().middleman().remote_actor("127.0.0.1", service.Port());
  ASSERT_TRUE(handle);

  caf::scoped_actor self{stranger.system()};
  self->send_exit(*handle, caf::exit_reason::kill);
  self->send_exit(*handle, caf::exit_reason::user_shutdown);
  bool answered = false;
  self->request(*handle, 5s, wire::attach_link{})
      .receive([&](const wire::link_attached&) { answered = true; }, [](caf::error&) {});

  EXPECT_TRUE(answered);
  EXPECT_EQ(CodeOf(Await(gateway.Ask(EchoOf("x")))), errc::none);
  EXPECT_TRUE(gateway.IsUp());
  EXPECT_EQ(gateway.Metric("lakegate_link_lost_total"), 0);
}

} // namespace
} // namespace lakegate::runtime::test
