#include <lakegate/http/message.hpp>

#include <gtest/gtest.h>

namespace lakegate::http {

namespace {

/// 2026-11-22T12:00:00Z.
const auto noon = std::chrono::system_clock::from_time_t(1795348800);

struct retry_after_row {
  const char* text;
  std::optional<std::int32_t> seconds;
};
class ReadingRetryAfter : public ::testing::TestWithParam<retry_after_row> {};

TEST_P(ReadingRetryAfter, TakesSecondsAndDatesAndNothingElse) {
  EXPECT_EQ(parse_retry_after(GetParam().text, noon), GetParam().seconds);
}

INSTANTIATE_TEST_SUITE_P(
    Table, ReadingRetryAfter,
    ::testing::Values(
        retry_after_row{"7", 7}, retry_after_row{"0", 0}, retry_after_row{"60", 60},
        retry_after_row{"61", 60}, retry_after_row{"1000000000", 60},
        retry_after_row{"99999999999999999999", 60},
        retry_after_row{"Sun, 22 Nov 2026 12:00:30 GMT", 30},
        retry_after_row{"Sun, 22 Nov 2026 13:00:00 GMT", 60},
        retry_after_row{"Sun, 22 Nov 2026 11:00:00 GMT", 0},
        retry_after_row{"-1", std::nullopt}, retry_after_row{"", std::nullopt},
        retry_after_row{"1.5", std::nullopt}, retry_after_row{"soon", std::nullopt},
        retry_after_row{"7 seconds", std::nullopt},
        retry_after_row{"Sun, 22 Nov 2026 12:00:30 GMT+1", std::nullopt}));

TEST(FindingAHeader, IgnoresCaseAndTakesTheFirst) {
  response answer;
  answer.headers = {{"Retry-After", "1"}, {"retry-after", "2"}};

  EXPECT_EQ(answer.find_header("RETRY-AFTER"), "1");
  EXPECT_EQ(answer.find_header("Retry"), std::nullopt);
}

} // namespace

} // namespace lakegate::http
