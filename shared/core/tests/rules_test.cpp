#include <lakegate/core/rules.hpp>

#include <gtest/gtest.h>

#include <limits>
#include <ostream>
#include <string>
#include <vector>

namespace lakegate::rules {

namespace {

std::vector<std::string> reasons_of(const faults& found) {
  std::vector<std::string> result;
  for (const auto& x : found)
    result.push_back(x.reason);
  return result;
}

std::string repeated(std::string_view text, std::size_t count) {
  std::string result;
  for (std::size_t i = 0; i < count; ++i)
    result += text;
  return result;
}

using reasons = std::vector<std::string>;

struct key_case {
  std::string name;
  std::string key;
  reasons expected;
};

void PrintTo(const key_case& x, std::ostream* os) {
  *os << x.name;
}

const std::string length = "must be 1 to 255 characters long";
const std::string control = "must not contain control characters";
const std::string blank = "must not be blank";
const std::string ends = "must not begin or end with a blank";
const std::string dots = "must not be \".\" or \"..\"";

} // namespace

class CheckingAPreferenceKey : public testing::TestWithParam<key_case> {};

TEST_P(CheckingAPreferenceKey, FindsEveryFault) {
  faults found;

  check_preference_key("preference_key", GetParam().key, found);

  EXPECT_EQ(reasons_of(found), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
    Rules, CheckingAPreferenceKey,
    testing::Values(
        key_case{"Plain", "theme", {}}, key_case{"BlankInside", "my theme", {}},
        key_case{"Slash", "a/b?c#d%", {}}, key_case{"ThreeDots", "...", {}},
        key_case{"LeadingDot", ".x", {}}, key_case{"Composed", "caf\xC3\xA9", {}},
        key_case{"Decomposed", "cafe\xCC\x81", {}},
        key_case{"Emoji255", repeated("\xF0\x9F\x98\x80", 255), {}},
        key_case{"Emoji256", repeated("\xF0\x9F\x98\x80", 256), {length}},
        key_case{"Ascii255", std::string(255, 'x'), {}},
        key_case{"Ascii256", std::string(256, 'x'), {length}},
        key_case{"Empty", "", {length}}, key_case{"OneBlank", " ", {blank}},
        key_case{"ManyBlanks", " \xE3\x80\x80\xC2\xA0 ", {blank}},
        key_case{"BlankAtFront", " a", {ends}}, key_case{"BlankAtBack", "a ", {ends}},
        key_case{"NoBreakSpaceAtBack", "a\xC2\xA0", {ends}},
        key_case{"OghamSpaceAtFront",
                 "\xE1\x9A\x80"
                 "a",
                 {ends}},
        key_case{"EnQuadAtFront",
                 "\xE2\x80\x80"
                 "a",
                 {ends}},
        key_case{"HairSpaceAtBack", "a\xE2\x80\x8A", {ends}},
        key_case{"LineSeparatorAtBack", "a\xE2\x80\xA8", {ends}},
        key_case{"IdeographicSpaceAtBack", "a\xE3\x80\x80", {ends}},
        key_case{"ZeroWidthSpaceIsNoBlank", "a\xE2\x80\x8B", {}},
        key_case{"Dot", ".", {dots}}, key_case{"DotDot", "..", {dots}},
        key_case{"Nul", std::string{"a\0b", 3}, {control}},
        key_case{"UnitSeparator",
                 "a\x1F"
                 "b",
                 {control}},
        key_case{"Delete",
                 "a\x7F"
                 "b",
                 {control}},
        key_case{"C1First",
                 "a\xC2\x80"
                 "b",
                 {control}},
        key_case{"C1Last",
                 "a\xC2\x9F"
                 "b",
                 {control}},
        key_case{"TabAtBack", "a\t", {control, ends}},
        key_case{"NextLineAtBack", "a\xC2\x85", {control, ends}},
        key_case{"LongWithBlank", std::string(256, 'x') + " ", {length, ends}},
        key_case{"NoUtf8", "a\xFF", {"must be valid UTF-8"}}),
    [](const auto& row) { return row.param.name; });

TEST(CheckingAnIdentifier, NamesTheFieldAndTheRule) {
  faults found;

  check_identifier("catalog", "", found);
  check_identifier("schema", "a\nb", found);
  check_identifier("table", "\xC0\x80", found);
  check_identifier("name", std::string(256, 'x'), found);

  EXPECT_EQ(reasons_of(found), (reasons{length, control, "must be valid UTF-8", length}));
  EXPECT_EQ(found[0].field, "catalog");
  EXPECT_EQ(found[3].field, "name");
}

TEST(CheckingAnIdentifier, TakesBlanksAndQuotes) {
  faults found;

  check_identifier("table", " odd `name\" ", found);
  check_identifier("table", ".", found);

  EXPECT_TRUE(found.empty());
}

TEST(CheckingALimit, TakesOneToAThousand) {
  faults found;

  for (std::int64_t good : {1, 1000})
    check_limit("limit", good, found);

  EXPECT_TRUE(found.empty());
}

TEST(CheckingALimit, RefusesTheRest) {
  faults found;

  for (std::int64_t bad : {0, -1, 1001})
    check_limit("limit", bad, found);

  EXPECT_EQ(reasons_of(found), reasons(3, "must be between 1 and 1000"));
}

TEST(CheckingAnOffset, RefusesOnlyNegativeOnes) {
  faults found;

  check_offset("offset", 0, found);
  check_offset("offset", std::numeric_limits<std::int64_t>::max(), found);
  check_offset("offset", -1, found);

  EXPECT_EQ(reasons_of(found), reasons{"must be 0 or more"});
}

struct number_case {
  std::string text;
  std::optional<std::int64_t> value;
  reasons expected;
};

void PrintTo(const number_case& x, std::ostream* os) {
  *os << '"' << x.text << '"';
}

class ParsingANumber : public testing::TestWithParam<number_case> {};

TEST_P(ParsingANumber, TakesOnlyDigits) {
  faults found;

  auto value = parse_number("limit", GetParam().text, found);

  EXPECT_EQ(value, GetParam().value);
  EXPECT_EQ(reasons_of(found), GetParam().expected);
}

const std::string syntax = "must be a whole number in decimal digits";

INSTANTIATE_TEST_SUITE_P(
    Rules, ParsingANumber,
    testing::Values(
        number_case{"0", 0, {}}, number_case{"007", 7, {}}, number_case{"1000", 1000, {}},
        number_case{"9223372036854775807", 9223372036854775807, {}},
        number_case{"9223372036854775808", std::nullopt, {"is too large"}},
        number_case{"99999999999999999999", std::nullopt, {"is too large"}},
        number_case{"-5", -5, {}},
        number_case{
            "-99999999999999999999", std::numeric_limits<std::int64_t>::min(), {}},
        number_case{"", std::nullopt, {syntax}}, number_case{"-", std::nullopt, {syntax}},
        number_case{"-0", std::nullopt, {syntax}},
        number_case{"--1", std::nullopt, {syntax}},
        number_case{"+5", std::nullopt, {syntax}},
        number_case{" 5", std::nullopt, {syntax}},
        number_case{"5 ", std::nullopt, {syntax}},
        number_case{"0x10", std::nullopt, {syntax}},
        number_case{"1e3", std::nullopt, {syntax}},
        number_case{"1.0", std::nullopt, {syntax}},
        number_case{"\xD9\xA3", std::nullopt, {syntax}}));

TEST(CheckingACorrelationId, TakesItsAlphabetOnly) {
  EXPECT_TRUE(is_correlation_id("AZaz09._-"));
  EXPECT_TRUE(is_correlation_id(std::string(128, 'x')));
  EXPECT_FALSE(is_correlation_id(std::string(129, 'x')));
  EXPECT_FALSE(is_correlation_id(""));
  EXPECT_FALSE(is_correlation_id("a b"));
  EXPECT_FALSE(is_correlation_id("a/b"));
  EXPECT_FALSE(is_correlation_id("a\r\nb"));
  EXPECT_FALSE(is_correlation_id("\xC3\xA9"));
}

TEST(CountingCharacters, CountsCodePoints) {
  EXPECT_EQ(count_characters("e\xCC\x81"), 2u);
  EXPECT_EQ(count_characters("\xC3\xA9\xF0\x9F\x98\x80x"), 3u);
  EXPECT_EQ(count_characters(""), 0u);
}

} // namespace lakegate::rules
