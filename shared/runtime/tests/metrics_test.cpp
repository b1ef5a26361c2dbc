#include <lakegate/runtime/metrics.hpp>

#include <gtest/gtest.h>

#include <stdexcept>

namespace lakegate::runtime {

TEST(DeclaringAMetric, ReturnsTheSameOneForEqualLabels) {
  prometheus::Registry registry;
  auto& first = counter_of(registry, "lakegate_test_total", "Tests.", {{"part", "a"}});
  first.Increment();

  auto& again =
      counter_of(registry, "lakegate_test_total", "Other words.", {{"part", "a"}});

  EXPECT_EQ(&first, &again);
  EXPECT_EQ(again.Value(), 1.0);
}

TEST(DeclaringAMetric, SharesOneFamilyAmongLabels) {
  prometheus::Registry registry;

  auto& a = gauge_of(registry, "lakegate_test_open", "Open.", {{"part", "a"}});
  auto& b = gauge_of(registry, "lakegate_test_open", "Open.", {{"part", "b"}});

  EXPECT_NE(&a, &b);
  auto families = registry.Collect();
  ASSERT_EQ(families.size(), 1u);
  EXPECT_EQ(families[0].name, "lakegate_test_open");
  EXPECT_EQ(families[0].help, "Open.");
  EXPECT_EQ(families[0].metric.size(), 2u);
}

TEST(DeclaringAMetric, RefusesAnotherTypeOfTheSameName) {
  prometheus::Registry registry;
  counter_of(registry, "lakegate_test_total", "Tests.");

  EXPECT_THROW(gauge_of(registry, "lakegate_test_total", "Tests."),
               std::invalid_argument);
}

TEST(ObservingADuration, CountsItInSeconds) {
  prometheus::Registry registry;
  auto& histogram = latency_of(registry, "lakegate_test_seconds", "Time.");

  observe(histogram, std::chrono::microseconds{700});

  auto metric = histogram.Collect().histogram;
  EXPECT_EQ(metric.sample_count, 1u);
  EXPECT_DOUBLE_EQ(metric.sample_sum, 0.0007);
  EXPECT_EQ(metric.bucket[0].upper_bound, 0.0005);
  EXPECT_EQ(metric.bucket[0].cumulative_count, 0u);
  EXPECT_EQ(metric.bucket[1].cumulative_count, 1u);
}

} // namespace lakegate::runtime
