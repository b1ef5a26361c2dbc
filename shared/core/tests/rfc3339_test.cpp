#include <lakegate/core/ids.hpp>

#include <gtest/gtest.h>

#include <ostream>

namespace lakegate {

namespace {

using std::chrono::system_clock;
using namespace std::chrono_literals;

const system_clock::time_point noon =
    std::chrono::sys_days{std::chrono::year{2026} / 11 / 22} + 12h;

struct time_case {
  const char* text;
  const char* utc;
};

void PrintTo(const time_case& x, std::ostream* os) {
  *os << x.text;
}

} // namespace

TEST(WritingATime, ShowsMillisecondsInUtc) {
  EXPECT_EQ(to_rfc3339(noon + 123ms), "2026-11-22T12:00:00.123Z");
  EXPECT_EQ(to_rfc3339(noon + 999'999us), "2026-11-22T12:00:00.999Z");
  EXPECT_EQ(to_rfc3339(system_clock::time_point{}), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(to_rfc3339(system_clock::time_point{} - 1us), "1969-12-31T23:59:59.999Z");
}

class ReadingATime : public testing::TestWithParam<time_case> {};

TEST_P(ReadingATime, TurnsItIntoUtc) {
  auto t = parse_rfc3339(GetParam().text);

  ASSERT_TRUE(t);
  EXPECT_EQ(to_rfc3339(*t), GetParam().utc);
}

INSTANTIATE_TEST_SUITE_P(
    Forms, ReadingATime,
    testing::Values(time_case{"2026-11-22T12:00:00Z", "2026-11-22T12:00:00.000Z"},
                    time_case{"2026-11-22t12:00:00z", "2026-11-22T12:00:00.000Z"},
                    time_case{"2026-11-22T12:00:00.5Z", "2026-11-22T12:00:00.500Z"},
                    time_case{"2026-11-22T14:30:00.123+02:30",
                              "2026-11-22T12:00:00.123Z"},
                    time_case{"2026-11-22T00:00:00-12:00", "2026-11-22T12:00:00.000Z"},
                    time_case{"2026-12-31T23:59:60Z", "2027-01-01T00:00:00.000Z"},
                    time_case{"2024-02-29T00:00:00Z", "2024-02-29T00:00:00.000Z"},
                    time_case{"2026-01-01T00:30:00+01:00", "2025-12-31T23:30:00.000Z"},
                    time_case{"0001-01-01T00:00:00Z", "1677-09-21T00:12:43.145Z"},
                    time_case{"9999-12-31T23:59:59Z", "2262-04-11T23:47:16.854Z"}));

TEST(ReadingATime, KeepsNanoseconds) {
  auto t = parse_rfc3339("2026-11-22T12:00:00.123456789Z");

  ASSERT_TRUE(t);
  EXPECT_EQ((*t - noon).count(), 123'456'789);
}

class ReadingAMalformedTime : public testing::TestWithParam<const char*> {};

TEST_P(ReadingAMalformedTime, GivesNothing) {
  EXPECT_EQ(parse_rfc3339(GetParam()), std::nullopt);
}

INSTANTIATE_TEST_SUITE_P(
    Forms, ReadingAMalformedTime,
    testing::Values("", "2026", "2026-11-22", "2026-11-22T12:00:00",
                    "2026-11-22 12:00:00Z", "2026-11-22T12:00Z", "2026-13-22T12:00:00Z",
                    "2026-00-22T12:00:00Z", "2026-11-31T12:00:00Z",
                    "2025-02-29T00:00:00Z", "2026-11-22T24:00:00Z",
                    "2026-11-22T12:60:00Z", "2026-11-22T12:00:61Z",
                    "2026-11-22T12:00:00.Z", "2026-11-22T12:00:00.1234567890Z",
                    "2026-11-22T12:00:00+2:00", "2026-11-22T12:00:00+24:00",
                    "2026-11-22T12:00:00+0200", "2026-11-22T12:00:00Zx",
                    " 2026-11-22T12:00:00Z", "-026-11-22T12:00:00Z",
                    "+026-11-22T12:00:00Z", "2026-11-22T12:00:00,5Z", "1763812800"));

} // namespace lakegate
