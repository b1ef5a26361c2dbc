#include <lakegate/core/circuit_breaker.hpp>

#include <gtest/gtest.h>

namespace lakegate {
namespace {

using namespace std::chrono_literals;

constexpr auto start = circuit_breaker::time_point{} + 1h;

TEST(CountingFailures, OpensOnlyForFailuresInARowWithinTheWindow) {
  auto t = start;
  circuit_breaker b;
  for (int i = 0; i < 4; ++i)
    b.failed(t);
  b.succeeded();
  for (int i = 0; i < 4; ++i)
    b.failed(t);
  EXPECT_FALSE(b.is_open());
  b.failed(t + 11s);
  EXPECT_FALSE(b.is_open());
  for (int i = 0; i < 4; ++i)
    b.failed(t + 12s);
  EXPECT_TRUE(b.is_open());
}

TEST(CountingFailures, DoublesThePauseUpToItsLongest) {
  auto t = start;
  circuit_breaker b;
  for (int i = 0; i < 5; ++i)
    b.failed(t);
  for (auto pause : {1s, 2s, 4s, 8s, 10s, 10s}) {
    EXPECT_EQ(b.refuse(t + pause - 1ms), std::chrono::nanoseconds{1ms});
    t += pause;
    EXPECT_FALSE(b.refuse(t));
    EXPECT_TRUE(b.refuse(t)) << "one probe at a time";
    b.failed(t);
  }
}

TEST(AProbe, IsWaitedForUnlessItHasALimit) {
  // Given two breakers whose probes are under way, one of them with a limit
  circuit_breaker patient{{.failures = 1}};
  circuit_breaker limited{{.failures = 1, .probe_limit = 3s}};
  for (auto* b : {&patient, &limited}) {
    b->failed(start);
    ASSERT_FALSE(b->refuse(start + 1s));
  }

  // Then the other lets one more through when the limit has passed, and again
  EXPECT_TRUE(patient.refuse(start + 1h));
  EXPECT_EQ(limited.refuse(start + 4s - 1ms), std::chrono::nanoseconds{1s});
  EXPECT_FALSE(limited.refuse(start + 4s));
  EXPECT_TRUE(limited.refuse(start + 4s));
  EXPECT_FALSE(limited.refuse(start + 7s));
}

TEST(AProbe, ThatTellsNothingMakesRoomForTheNext) {
  circuit_breaker b{{.failures = 1}};
  b.failed(start);
  ASSERT_FALSE(b.refuse(start + 1s));

  b.abandoned(start + 2s);

  EXPECT_TRUE(b.is_open());
  EXPECT_FALSE(b.refuse(start + 2s));
  b.succeeded();
  EXPECT_TRUE(b.is_idle());
}

} // namespace
} // namespace lakegate
