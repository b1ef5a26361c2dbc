#include "shared/runtime/tests/link_world.hpp"

#include <lakegate/runtime/remote_service.hpp>
#include <lakegate/runtime/wire.hpp>

#include <caf/scoped_actor.hpp>

#include <gtest/gtest.h>

/// How a link tells a call's meter where the time went.
namespace lakegate::runtime::test {
namespace {

/// The command with a meter that starts now.
template <class Command>
Command Metered(Command x) {
  x.who.meter = std::make_shared<call_meter>(call_meter::clock::now());
  return x;
}

/// What the service of these tests claims is longer than the call took: all of the wait
/// counts as the workspace's.
void ExpectTheWorkspace(const meter_ptr& meter) {
  auto report = meter->report();
  EXPECT_EQ(report.attempts, 2);
  EXPECT_EQ(report.cache, cache_verdict::shared);
  EXPECT_GT(report.upstream_us, 0u);
  EXPECT_EQ(report.service_us, 0u);
  EXPECT_EQ(report.queue_us, 0u);
  EXPECT_EQ(report.database_us, 0u);
}

TEST(MeteringALinkedCall, BringsTheServicesReportWithItsResult) {
  ServiceNode service;
  Gateway gateway{{service.Port()}};
  ASSERT_TRUE(gateway.BecomesUp());
  auto command = Metered(EchoOf("x"));

  ASSERT_TRUE(Await(gateway.Ask(command)));

  ExpectTheWorkspace(command.who.meter);
}

TEST(MeteringALinkedCall, BringsItWithAFailure) {
  ServiceNode service;
  Gateway gateway{{service.Port()}};
  ASSERT_TRUE(gateway.BecomesUp());
  auto command = Metered(catalog::list_catalogs{});

  ASSERT_EQ(CodeOf(Await(gateway.Ask(command))), errc::catalog_not_found);

  ExpectTheWorkspace(command.who.meter);
}

TEST(MeteringALinkedCall, BringsItWithAResultThatComesInChunks) {
  ServiceNode service;
  Gateway gateway{{service.Port()}};
  ASSERT_TRUE(gateway.BecomesUp());
  auto command = Metered(RowsOf(3 * wire::chunk_bytes));

  ASSERT_TRUE(Await(gateway.Ask(command)));

  ExpectTheWorkspace(command.who.meter);
}

TEST(MeteringALinkedCall, CountsASilentServiceAsTheService) {
  // Given a service that never answers, and a call that is given 60 ms
  ServiceNode service;
  Gateway gateway{{service.Port()}};
  ASSERT_TRUE(gateway.BecomesUp());
  auto command = Metered(catalog::list_table_names{});

  ASSERT_EQ(CodeOf(Await(gateway.Ask(command, 60ms))), errc::service_unavailable);

  auto report = command.who.meter->report();
  EXPECT_GE(report.service_us, 60'000u);
  EXPECT_EQ(report.queue_us + report.upstream_us + report.database_us, 0u);
  EXPECT_EQ(report.attempts, 0);
  EXPECT_FALSE(command.who.meter->was_refused_by_link());
}

TEST(MeteringALinkedCall, SaysWhatItRefusedItself) {
  // Given a link that is full
  ServiceNode service;
  Gateway gateway{{service.Port()}, {.max_in_flight = 1}};
  ASSERT_TRUE(gateway.BecomesUp());
  auto first = gateway.Ask(catalog::list_table_names{}, 20s);
  ASSERT_TRUE(Eventually([&] { return service.Memory().waiting == 1; }));
  auto command = Metered(EchoOf("x"));

  ASSERT_EQ(CodeOf(Await(gateway.Ask(command))), errc::overloaded);

  EXPECT_TRUE(command.who.meter->was_refused_by_link());
}

TEST(MeteringALinkedCall, PassesOnWhatAServiceOfAServiceMeasured) {
  // Given a service that another actor asks through a link of its own
  ServiceNode service;
  prometheus::Registry registry;
  node here{{.name = "asker"}};
  auto remote = spawn_remote_service<catalog::service_actor>(
      here, {.service = "catalog", .peers = {{"127.0.0.1", service.Port()}}}, registry);
  ASSERT_TRUE(Eventually([&] { return MetricOf(registry, "lakegate_link_up") == 1; }));
  auto command = Metered(EchoOf("x"));
  command.who.time_left = 40s;

  caf::scoped_actor self{here.system()};
  auto answered = false;
  self->request(remote, patience, command)
      .receive([&](const catalog::name_page&) { answered = true; },
               [](const caf::error&) {});

  ASSERT_TRUE(answered);
  ExpectTheWorkspace(command.who.meter);
}

} // namespace
} // namespace lakegate::runtime::test
