#include "gateway/src/request_target.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lakegate::gateway {
namespace {

using testing::ElementsAre;

struct bad_target {
  std::string name;
  std::string text;
  friend void PrintTo(const bad_target& x, std::ostream* os) { *os << x.name; }
};

class RefusingATarget : public testing::TestWithParam<bad_target> {};

TEST_P(RefusingATarget, ListsTheFault) {
  faults found;

  auto target = parse_request_target(GetParam().text, found);

  EXPECT_FALSE(target);
  EXPECT_EQ(found.size(), 1u);
}

INSTANTIATE_TEST_SUITE_P(
    Malformed, RefusingATarget,
    testing::Values(bad_target{"BadEscape", "/a/%zz"}, bad_target{"HalfEscape", "/a/%4"},
                    bad_target{"LonePercent", "/a/%"},
                    bad_target{"OverlongSlash", "/a/%C0%AF"},
                    bad_target{"Surrogate", "/a/%ED%A0%80"}, bad_target{"Nul", "/a/%00"},
                    bad_target{"Fragment", "/a#b"}, bad_target{"RawByte", "/a/\xC3\xA9"},
                    bad_target{"Blank", "/a b"}, bad_target{"NoSlash", "a"},
                    bad_target{"Asterisk", "*"}, bad_target{"QueryEscape", "/a?b=%g1"},
                    bad_target{"QueryNul", "/a?b%00=1"}, bad_target{"Empty", ""}),
    [](const auto& x) { return x.param.name; });

TEST(TakingATargetApart, KeepsSegmentsEncoded) {
  faults found;
  std::string text = "/api/a%2Fb//x%20y";

  auto target = parse_request_target(text, found);

  ASSERT_TRUE(target);
  EXPECT_THAT(target->segments, ElementsAre("api", "a%2Fb", "", "x%20y"));
}

TEST(TakingATargetApart, TakesThePathOfAnAbsoluteForm) {
  faults found;
  std::string text = "http://elsewhere.example.com/health?x=1";

  auto target = parse_request_target(text, found);

  ASSERT_TRUE(target);
  EXPECT_THAT(target->segments, ElementsAre("health"));
  EXPECT_EQ(target->query.text("x", found), "1");
}

TEST(ReadingAQuery, DecodesOnceAndReadsPlusAsABlank) {
  faults found;
  std::string text = "/a?k=%2525+%2B%C3%A9&empty=&flag&=x";

  auto target = parse_request_target(text, found);

  ASSERT_TRUE(target);
  EXPECT_EQ(target->query.text("k", found), "%25 +é");
  EXPECT_EQ(target->query.text("empty", found), "");
  EXPECT_EQ(target->query.text("flag", found), "");
  EXPECT_EQ(target->query.text("absent", found), std::nullopt);
  EXPECT_TRUE(found.empty());
}

TEST(ReadingAQuery, RefusesAParameterGivenTwice) {
  faults found;
  std::string text = "/a?limit=1&limit=1&other=1&other=2";

  auto target = parse_request_target(text, found);
  auto limit = target->query.number("limit", found);

  EXPECT_FALSE(limit);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].field, "limit");
  EXPECT_EQ(found[0].reason, "was given twice");
}

TEST(EncodingForATarget, ComesBackTheSame) {
  std::string text = "a/b?c&d=é %\"\n";

  auto encoded = percent_encode(text);

  EXPECT_EQ(encoded, "a%2Fb%3Fc%26d%3D%C3%A9%20%25%22%0A");
  EXPECT_EQ(percent_decode(encoded), text);
}

} // namespace
} // namespace lakegate::gateway
