#include <lakegate/core/call_meter.hpp>

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace lakegate {

namespace {

using namespace std::chrono_literals;

/// A moment of the tests' own clock.
call_meter::time_point at(std::chrono::microseconds x) {
  return call_meter::time_point{1h + x};
}

call_meter meter_at_work() {
  return call_meter{at(0us)};
}

TEST(MeteringACall, CountsWhatIsNoWaitAsItsOwn) {
  auto meter = meter_at_work();

  auto report = meter.report(at(250us));

  EXPECT_EQ(report.own_us, 250u);
  EXPECT_EQ(report.queue_us + report.service_us, 0u);
  EXPECT_EQ(report.upstream_us + report.database_us, 0u);
  EXPECT_EQ(report.attempts, 0);
  EXPECT_EQ(report.cache, cache_verdict::none);
}

TEST(MeteringACall, TellsTheQueueFromTheWork) {
  call_meter meter{at(0us), call_meter::start::in_queue};

  meter.taken(at(40us));

  auto report = meter.report(at(100us));
  EXPECT_EQ(report.queue_us, 40u);
  EXPECT_EQ(report.own_us, 60u);
  EXPECT_EQ(meter.mailbox_wait(at(200us)), 40us);
}

TEST(MeteringACall, TellsHowLongItHasBeenInTheMailboxSoFar) {
  call_meter meter{at(0us), call_meter::start::in_queue};

  EXPECT_EQ(meter.mailbox_wait(at(70us)), 70us);
}

TEST(MeteringACall, TakesTheFirstWaitForTheEndOfTheQueue) {
  call_meter meter{at(0us), call_meter::start::in_queue};

  meter.begin(hop::database, at(30us));
  meter.end(hop::database, at(80us));

  auto report = meter.report(at(90us));
  EXPECT_EQ(report.queue_us, 30u);
  EXPECT_EQ(report.database_us, 50u);
  EXPECT_EQ(report.own_us, 10u);
}

TEST(MeteringACall, CountsCallsSideBySideOnce) {
  // Given two calls to the workspace that overlap, and a pause
  auto meter = meter_at_work();

  meter.begin(hop::upstream, at(10us));
  meter.begin(hop::upstream, at(20us));
  meter.attempted();
  meter.attempted();
  meter.end(hop::upstream, at(50us));
  meter.end(hop::upstream, at(70us));
  meter.begin(hop::upstream, at(80us));
  meter.attempted();
  meter.end(hop::upstream, at(90us));

  auto report = meter.report(at(100us));
  EXPECT_EQ(report.upstream_us, 70u);
  EXPECT_EQ(report.own_us, 30u);
  EXPECT_EQ(report.attempts, 3);
}

TEST(MeteringACall, CountsTheWorkspaceBeforeTheDatabase) {
  auto meter = meter_at_work();

  meter.begin(hop::database, at(0us));
  meter.begin(hop::upstream, at(10us));
  meter.end(hop::upstream, at(30us));
  meter.end(hop::database, at(40us));

  auto report = meter.report(at(40us));
  EXPECT_EQ(report.upstream_us, 20u);
  EXPECT_EQ(report.database_us, 20u);
  EXPECT_EQ(report.own_us, 0u);
}

TEST(MeteringACall, CountsAWaitThatHasNotEnded) {
  auto meter = meter_at_work();

  meter.begin(hop::upstream, at(10us));

  EXPECT_EQ(meter.report(at(50us)).upstream_us, 40u);
}

TEST(MeteringACall, SplitsTheWaitForAServiceByItsReport) {
  // Given a service that says what it did with 90 of the 100 µs
  auto meter = meter_at_work();
  call_report there{20, 10, 5, 30, 25, 2, cache_verdict::miss};

  meter.begin(hop::service, at(10us));
  meter.end(there, at(110us));

  // Then its own time and that of whom it asked are the services', and the way is queue
  auto report = meter.report(at(120us));
  EXPECT_EQ(report.own_us, 20u);
  EXPECT_EQ(report.service_us, 25u);
  EXPECT_EQ(report.upstream_us, 30u);
  EXPECT_EQ(report.database_us, 25u);
  EXPECT_EQ(report.queue_us, 20u);
  EXPECT_EQ(report.attempts, 2);
  EXPECT_EQ(report.cache, cache_verdict::miss);
  EXPECT_EQ(meter.mailbox_wait(at(120us)), 0us);
}

TEST(MeteringACall, BelievesNoReportBeyondItsOwnClock) {
  auto meter = meter_at_work();
  call_report there{500, 0, 0, 500, 500, 1, cache_verdict::none};

  meter.begin(hop::service, at(0us));
  meter.end(there, at(100us));

  auto report = meter.report(at(100us));
  EXPECT_EQ(report.upstream_us, 100u);
  EXPECT_EQ(report.own_us + report.queue_us + report.service_us + report.database_us, 0u);
}

TEST(MeteringACall, CountsAServiceThatDidNotAnswerAsTheService) {
  auto meter = meter_at_work();

  meter.begin(hop::service, at(0us));
  EXPECT_EQ(meter.report(at(60us)).service_us, 60u);
  meter.end(hop::service, at(100us));

  EXPECT_EQ(meter.report(at(100us)).service_us, 100u);
}

TEST(MeteringACall, KeepsItsOwnVerdictWhereAServiceHasNone) {
  auto meter = meter_at_work();
  meter.set_cache(cache_verdict::hit);

  meter.begin(hop::service, at(0us));
  meter.end(call_report{}, at(10us));

  EXPECT_EQ(meter.report(at(10us)).cache, cache_verdict::hit);
}

TEST(MeteringACall, AddsUpWhenThreadsTellItThingsAtOnce) {
  // Given four threads that wait for the database a thousand times each
  auto begun = call_meter::clock::now();
  auto meter = std::make_shared<call_meter>(begun);
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([meter] {
      for (int n = 0; n < 1000; ++n) {
        hop_timer wait{meter, hop::database};
        meter->attempted();
      }
    });
  for (auto& x : threads)
    x.join();

  // Then nothing is lost, and the parts are the whole but for what rounding took
  auto now = call_meter::clock::now();
  auto report = meter->report(now);
  auto whole = std::chrono::duration_cast<std::chrono::microseconds>(now - begun).count();
  EXPECT_EQ(report.attempts, 4000);
  EXPECT_LE(report.own_us + report.database_us, whole);
  EXPECT_GE(report.own_us + report.database_us, whole - 1);
}

TEST(TimingAHop, EndsOnceHoweverItIsPassedOn) {
  auto meter = std::make_shared<call_meter>(call_meter::clock::now());
  hop_timer first{meter, hop::upstream};

  hop_timer second{std::move(first)};
  first.end(); // NOLINT(bugprone-use-after-move,clang-analyzer-cplusplus.Move)
  second.end();
  second.end();

  // A wait that is still open would go on counting.
  auto report = meter->report();
  EXPECT_EQ(meter->report(call_meter::clock::now() + 1s).upstream_us, report.upstream_us);
}

TEST(TimingAHop, DoesNothingWithoutAMeter) {
  hop_timer wait{nullptr, hop::upstream};
  EXPECT_NO_THROW(wait.end());
}

TEST(NamingACacheVerdict, HasAWordForEachAndNoneForStrangers) {
  EXPECT_EQ(to_string(cache_verdict::none), "");
  EXPECT_EQ(to_string(cache_verdict::hit), "hit");
  EXPECT_EQ(to_string(cache_verdict::miss), "miss");
  EXPECT_EQ(to_string(cache_verdict::stale), "stale");
  EXPECT_EQ(to_string(cache_verdict::shared), "shared");
  EXPECT_EQ(to_string(static_cast<cache_verdict>(200)), "");
}

} // namespace

} // namespace lakegate
