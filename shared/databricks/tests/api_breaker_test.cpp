#include "shared/databricks/src/api_breaker.hpp"

#include <lakegate/runtime/metrics.hpp>

#include <gtest/gtest.h>
#include <prometheus/registry.h>

namespace lakegate::databricks {
namespace {

using namespace std::chrono_literals;
using http::transport_failure;
using enum workspace_sign;

constexpr std::size_t ada = 1;
constexpr std::size_t bob = 2;

/// A breaker with time of its own.
class HoldingCallsBack : public testing::Test {
protected:
  bool MayCall() { return !breaker_.refuse(now_); }
  void Ends(workspace_sign what, std::size_t caller = ada) {
    breaker_.ended(what, caller, now_);
  }
  void GivenItIsOpen() {
    for (int i = 0; i < 5; ++i)
      Ends(unreachable);
    ASSERT_FALSE(MayCall());
  }

  prometheus::Registry registry_;
  prometheus::Gauge& open_ = runtime::gauge_of(registry_, "open", "");
  prometheus::Counter& opened_ = runtime::counter_of(registry_, "opened_total", "");
  api_breaker breaker_{{.probe_limit = 3s}, "unity-catalog", open_, opened_};
  api_breaker::time_point now_{1h};
};

TEST_F(HoldingCallsBack, BeginsAfterFiveFailuresToConnectAndEndsWithAnAnswer) {
  for (int i = 0; i < 4; ++i) {
    Ends(unreachable);
    EXPECT_TRUE(MayCall());
  }
  EXPECT_EQ(open_.Value(), 0);

  Ends(unreachable);

  EXPECT_EQ(breaker_.refuse(now_), std::chrono::nanoseconds{1s});
  EXPECT_EQ(open_.Value(), 1);
  EXPECT_EQ(opened_.Value(), 1);
  now_ += 1s;
  EXPECT_TRUE(MayCall());
  EXPECT_FALSE(MayCall()) << "one probe";
  Ends(answers);
  EXPECT_TRUE(MayCall());
  EXPECT_EQ(open_.Value(), 0);
  EXPECT_EQ(opened_.Value(), 1);
}

TEST_F(HoldingCallsBack, LastsTwiceAsLongAfterAProbeThatFailed) {
  GivenItIsOpen();
  now_ += 1s;
  ASSERT_TRUE(MayCall());

  Ends(unreachable);

  EXPECT_EQ(breaker_.refuse(now_), std::chrono::nanoseconds{2s});
  EXPECT_EQ(opened_.Value(), 1) << "it had not closed";
}

TEST_F(HoldingCallsBack, IsNothingThatOneCallerBringsAbout) {
  for (int i = 0; i < 100; ++i)
    Ends(in_doubt, ada);

  EXPECT_TRUE(MayCall());

  // Nor does that caller's doubt weigh more beside another's.
  for (int i = 0; i < 3; ++i)
    Ends(unreachable, bob);
  EXPECT_TRUE(MayCall());
}

TEST_F(HoldingCallsBack, BeginsWhenFiveCallersInARowAreInDoubt) {
  for (std::size_t caller = 1; caller < 5; ++caller)
    Ends(in_doubt, caller);
  Ends(answers);
  for (std::size_t caller = 1; caller < 5; ++caller)
    Ends(in_doubt, caller);
  EXPECT_TRUE(MayCall());

  Ends(in_doubt, 5);

  EXPECT_FALSE(MayCall());
}

TEST_F(HoldingCallsBack, CountsADoubtNoLongerThanItsWindow) {
  Ends(in_doubt, ada);
  now_ += 11s;
  for (std::size_t caller = 2; caller < 5; ++caller)
    Ends(in_doubt, caller);
  Ends(in_doubt, ada);
  EXPECT_TRUE(MayCall());

  Ends(in_doubt, 5);

  EXPECT_FALSE(MayCall());
}

TEST_F(HoldingCallsBack, IsNotProlongedByAProbeInDoubt) {
  GivenItIsOpen();
  now_ += 1s;
  ASSERT_TRUE(MayCall());

  Ends(in_doubt, ada);

  EXPECT_TRUE(MayCall()) << "the next call is the probe";
  Ends(answers, bob);
  EXPECT_EQ(open_.Value(), 0);
}

TEST_F(HoldingCallsBack, DoesNotWaitForASlowProbe) {
  GivenItIsOpen();
  now_ += 1s;
  ASSERT_TRUE(MayCall());

  now_ += 3s;

  EXPECT_TRUE(MayCall());
  EXPECT_FALSE(MayCall());
}

TEST_F(HoldingCallsBack, IsNotForWhatTellsNothing) {
  for (int i = 0; i < 100; ++i)
    Ends(none);

  EXPECT_TRUE(MayCall());
}

http::response failed(transport_failure why, bool sent = true,
                      std::chrono::microseconds took = 10s) {
  http::response result;
  result.failure = why;
  result.sent = sent;
  result.took = took;
  return result;
}

http::response answered(int status) {
  http::response result;
  result.status = status;
  return result;
}

TEST(SignsOfTheWorkspace, AreNeverOfTheCallersOwnMaking) {
  for (auto status : {200, 400, 401, 403, 404, 408, 409, 429, 499})
    EXPECT_EQ(sign_of(answered(status)), answers) << status;
  for (auto status : {500, 502, 503, 504})
    EXPECT_EQ(sign_of(answered(status)), in_doubt) << status;
  EXPECT_EQ(sign_of(failed(transport_failure::connect, false, 1ms)), unreachable);
  EXPECT_EQ(sign_of(failed(transport_failure::lost)), in_doubt);
  EXPECT_EQ(sign_of(failed(transport_failure::timeout)), in_doubt);
  EXPECT_EQ(sign_of(failed(transport_failure::timeout, true, 4999ms)), none)
      << "a short deadline";
  EXPECT_EQ(sign_of(failed(transport_failure::timeout, false)), none)
      << "waited for a connection";
  EXPECT_EQ(sign_of(failed(transport_failure::too_large)), answers);
  EXPECT_EQ(sign_of(failed(transport_failure::malformed)), in_doubt);
  EXPECT_EQ(sign_of(failed(transport_failure::malformed, false)), none);
  EXPECT_EQ(sign_of(failed(transport_failure::tls)), none);
  EXPECT_EQ(sign_of(failed(transport_failure::cancelled)), none);
  EXPECT_EQ(sign_of(failed(transport_failure::overloaded, false)), none);
}

} // namespace
} // namespace lakegate::databricks
