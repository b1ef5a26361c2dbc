#include <lakegate/core/retry.hpp>

#include <gtest/gtest.h>

namespace lakegate {

namespace {

using namespace std::chrono_literals;

TEST(WaitingBeforeARetry, DoublesTheCeilingUpToTheCap) {
  backoff bounds{100ms, 1000ms};

  EXPECT_EQ(full_jitter(bounds, 1, 0.5), 50ms);
  EXPECT_EQ(full_jitter(bounds, 2, 0.5), 100ms);
  EXPECT_EQ(full_jitter(bounds, 4, 0.5), 400ms);
  EXPECT_EQ(full_jitter(bounds, 5, 0.5), 500ms);
  EXPECT_EQ(full_jitter(bounds, 1'000'000, 0.5), 500ms);
}

TEST(WaitingBeforeARetry, MayBeNoWaitAtAll) {
  EXPECT_EQ(full_jitter({}, 3, 0.0), 0ms);
}

TEST(DrawingARandomFraction, StaysBelowOne) {
  for (int i = 0; i < 1000; ++i) {
    auto x = random_fraction();
    ASSERT_GE(x, 0.0);
    ASSERT_LT(x, 1.0);
  }
}

TEST(SpendingARetryBudget, EndsWithItsReserve) {
  retry_budget budget{0.1, 3};

  EXPECT_TRUE(budget.take());
  EXPECT_TRUE(budget.take());
  EXPECT_TRUE(budget.take());
  EXPECT_FALSE(budget.take());
}

TEST(SpendingARetryBudget, EarnsOneRetryWithTenCalls) {
  retry_budget budget{0.1, 1};
  budget.take();

  for (int i = 0; i < 9; ++i)
    budget.call_made();
  EXPECT_FALSE(budget.take());
  budget.call_made();

  EXPECT_TRUE(budget.take());
}

TEST(SpendingARetryBudget, SavesNoMoreThanItsReserve) {
  retry_budget budget{0.1, 2};

  for (int i = 0; i < 1000; ++i)
    budget.call_made();

  EXPECT_TRUE(budget.take());
  EXPECT_TRUE(budget.take());
  EXPECT_FALSE(budget.take());
}

} // namespace

} // namespace lakegate
