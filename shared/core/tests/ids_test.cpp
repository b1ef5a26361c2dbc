#include <lakegate/core/ids.hpp>

#include <gmock/gmock.h>

#include <set>
#include <thread>

namespace lakegate {

namespace {

using testing::MatchesRegex;
using testing::StartsWith;

constexpr auto incoming = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

} // namespace

TEST(MakingAUuid, HasVersion4AndVariant) {
  for (int i = 0; i < 100; ++i)
    EXPECT_THAT(
        make_uuid(),
        MatchesRegex(
            "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"));
}

TEST(MakingAUuid, NeverRepeatsWithinOrAcrossThreads) {
  std::set<std::string> here;
  std::set<std::string> there;
  auto fill = [](std::set<std::string>& ids) {
    for (int i = 0; i < 1000; ++i)
      ids.insert(make_uuid());
  };

  std::thread other{[&] { fill(there); }};
  fill(here);
  other.join();
  here.merge(there);

  EXPECT_EQ(here.size(), 2000u);
}

TEST(MakingATimeOrderedUuid, BeginsWithTheMillisecondsAndHasVersion7) {
  // The time and the digits of RFC 9562's example (appendix A.6).
  auto time =
      std::chrono::system_clock::time_point{std::chrono::milliseconds{1645557742000}};

  EXPECT_THAT(make_time_ordered_uuid(time),
              MatchesRegex("017f22e2-79b0-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"));
}

TEST(MakingATimeOrderedUuid, SortsByTimeAndNeverRepeats) {
  auto time =
      std::chrono::system_clock::time_point{std::chrono::milliseconds{1645557742000}};
  std::set<std::string> of_one_time;
  for (int i = 0; i < 1000; ++i)
    of_one_time.insert(make_time_ordered_uuid(time));

  EXPECT_EQ(of_one_time.size(), 1000u);
  EXPECT_LT(*of_one_time.rbegin(),
            make_time_ordered_uuid(time + std::chrono::milliseconds{1}));
}

TEST(MakingACallId, IsNeverZeroAndNew) {
  std::set<std::uint64_t> ids;

  for (int i = 0; i < 1000; ++i)
    ids.insert(make_call_id());

  EXPECT_EQ(ids.size(), 1000u);
  EXPECT_FALSE(ids.contains(0));
}

TEST(MakingATraceparent, IsVersion00AndSampled) {
  EXPECT_THAT(make_traceparent(), MatchesRegex("00-[0-9a-f]{32}-[0-9a-f]{16}-01"));
  EXPECT_NE(make_traceparent(), make_traceparent());
}

TEST(ContinuingATrace, KeepsTraceIdAndFlagsWithAParentOfOurs) {
  auto sampled = continue_traceparent(incoming);
  auto not_sampled =
      continue_traceparent("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00");

  EXPECT_THAT(sampled,
              MatchesRegex("00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-01"));
  EXPECT_NE(sampled, incoming);
  EXPECT_THAT(not_sampled, testing::EndsWith("-00"));
}

TEST(ContinuingATrace, TakesWhatItKnowsOfALaterVersion) {
  auto next = continue_traceparent(
      "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-ff-what-the-future-brings");

  EXPECT_THAT(next, MatchesRegex("00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-01"));
}

class ContinuingAMalformedTrace : public testing::TestWithParam<const char*> {};

TEST_P(ContinuingAMalformedTrace, StartsANewOne) {
  auto next = continue_traceparent(GetParam());

  EXPECT_THAT(next, MatchesRegex("00-[0-9a-f]{32}-[0-9a-f]{16}-01"));
  EXPECT_THAT(next, testing::Not(StartsWith("00-0af7651916cd43dd8448eb211c80319c")));
}

INSTANTIATE_TEST_SUITE_P(
    Forms, ContinuingAMalformedTrace,
    testing::Values("", "00", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
                    "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
                    "00-00000000000000000000000000000000-b7ad6b7169203331-01",
                    "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
                    "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                    "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-x",
                    "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01x",
                    "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0g",
                    "00_0af7651916cd43dd8448eb211c80319c_b7ad6b7169203331_01"));

} // namespace lakegate
