#include <lakegate/core/json_text.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <ostream>
#include <string>
#include <vector>

namespace lakegate {

namespace {

struct refusal {
  std::string name;
  std::string text;
  std::size_t offset;
  std::string reason;
};

void PrintTo(const refusal& x, std::ostream* os) {
  *os << x.name;
}

std::string repeated(std::string_view text, std::size_t count) {
  std::string result;
  for (std::size_t i = 0; i < count; ++i)
    result += text;
  return result;
}

} // namespace

class ValidatingGoodText : public testing::TestWithParam<std::string> {};

TEST_P(ValidatingGoodText, KeepsItByteForByte) {
  auto parsed = json_text::parse(GetParam());

  ASSERT_TRUE(std::holds_alternative<json_text>(parsed))
      << std::get<json_fault>(parsed).reason << " at "
      << std::get<json_fault>(parsed).offset;
  EXPECT_EQ(std::get<json_text>(parsed).str(), GetParam());
}

INSTANTIATE_TEST_SUITE_P(Words, ValidatingGoodText,
                         testing::Values("null", "true", "false", " \t\r\n true \t\r\n ",
                                         "\"\"", "{}", "[]", " { } ", "[ ]", "[[],{}]",
                                         R"({"a":[1,"b",null,{"c":{}}]})",
                                         R"({ "a" : 1 , "b" : [ 1 , 2 ] })"));

INSTANTIATE_TEST_SUITE_P(
    Numbers, ValidatingGoodText,
    testing::Values("0", "-0", "1", "-1", "10", "1.10", "0.0", "-0.5", "1e5", "1E5",
                    "1e+5", "1e-5", "0e0", "1.5e10", "9007199254740993", "1e400",
                    "-1e-400",
                    "123456789012345678901234567890.123456789012345678901234567890"));

INSTANTIATE_TEST_SUITE_P(Strings, ValidatingGoodText,
                         testing::Values(R"("\"\\\/\b\f\n\r\t")", R"("\u0001")",
                                         R"("\uD83D\uDE00")", R"("\ud83d\ude00")",
                                         "\"\x7F\"", "\"/\"", "\"\xF0\x9F\x98\x80\"",
                                         "\"\xEF\xBB\xBF\"", "\"\xEF\xBF\xBF\"",
                                         "\"\xF4\x8F\xBF\xBF\"", "\"\xC3\xA9\"",
                                         "\"e\xCC\x81\"", R"("\uFFFF")", R"("\\u0000")"));

INSTANTIATE_TEST_SUITE_P(
    Keys, ValidatingGoodText,
    testing::Values(R"({"":1})", R"({"a":{"a":{"a":1}}})", R"([{"a":1},{"a":1}])",
                    R"({"a":1,"A":2})", "{\"\xC3\xA9\":1,\"e\xCC\x81\":2}",
                    R"({"x":{"\u0061":1},"a":2})",
                    R"({"\u0061":{"\u0062":1},"b":2,"\u0063":3})",
                    R"({"a":1,"b":2,"c":3,"d":4,"e":5,"f":6,"g":7,"h":8,"i":9,"j":10})"));

class ValidatingBadText : public testing::TestWithParam<refusal> {};

TEST_P(ValidatingBadText, NamesPlaceAndReason) {
  auto parsed = json_text::parse(GetParam().text);

  ASSERT_TRUE(std::holds_alternative<json_fault>(parsed));
  EXPECT_EQ(std::get<json_fault>(parsed).offset, GetParam().offset);
  EXPECT_EQ(std::get<json_fault>(parsed).reason, GetParam().reason);
}

const auto name_of = [](const auto& row) { return row.param.name; };

INSTANTIATE_TEST_SUITE_P(
    Structure, ValidatingBadText,
    testing::Values(
        refusal{"Empty", "", 0, "the text ends where a value is expected"},
        refusal{"Blank", "  ", 2, "the text ends where a value is expected"},
        refusal{"TwoValues", "1 2", 2, "there is text behind the value"},
        refusal{"TrailingComma", "{},", 2, "there is text behind the value"},
        refusal{"TrailingNul", std::string{"{}\0", 3}, 2,
                "there is text behind the value"},
        refusal{"CommaInArray", "[1,]", 3, "a value is expected"},
        refusal{"CommaInObject", R"({"a":1,})", 7, "a key in double quotes is expected"},
        refusal{"LeadingComma", "[,1]", 1, "a value is expected"},
        refusal{"MissingComma", "[1 2]", 3, "a comma or ] is expected"},
        refusal{"MissingCommaInObject", R"({"a":1 "b":2})", 7,
                "a comma or } is expected"},
        refusal{"MissingColon", R"({"a" 1})", 5, "a colon is expected behind the key"},
        refusal{"MissingValue", R"({"a":})", 5, "a value is expected"},
        refusal{"NumberAsKey", "{1:2}", 1, "a key in double quotes is expected"},
        refusal{"SingleQuotes", "'a'", 0, "a value is expected"},
        refusal{"WrongBracket", "[1}", 2, "a comma or ] is expected"},
        refusal{"WrongBrace", R"({"a":1])", 6, "a comma or } is expected"},
        refusal{"OpenArray", "[1", 2, "the text ends inside an array"},
        refusal{"EmptyOpenArray", "[", 1, "the text ends where a value is expected"},
        refusal{"OpenObject", R"({"a":1)", 6, "the text ends inside an object"},
        refusal{"EmptyOpenObject", "{", 1, "the text ends inside an object"},
        refusal{"OnlyClosing", "]", 0, "a value is expected"},
        refusal{"HalfAWord", "tru", 0, "a value is expected"},
        refusal{"WordWithTail", "nullx", 4, "there is text behind the value"},
        refusal{"UpperCaseWord", "True", 0, "a value is expected"},
        refusal{"NotANumber", "NaN", 0, "a value is expected"},
        refusal{"Comment", "/**/1", 0, "a value is expected"},
        refusal{"FormFeed", "\f1", 0, "a value is expected"}),
    name_of);

INSTANTIATE_TEST_SUITE_P(
    Numbers, ValidatingBadText,
    testing::Values(
        refusal{"LeadingZero", "01", 0, "a number must not begin with a zero"},
        refusal{"NegativeLeadingZero", "-01", 0, "a number must not begin with a zero"},
        refusal{"Plus", "+1", 0, "a value is expected"},
        refusal{"OnlyMinus", "-", 0, "a minus needs a digit"},
        refusal{"MinusWord", "-Infinity", 0, "a minus needs a digit"},
        refusal{"NoIntegerPart", ".5", 0, "a value is expected"},
        refusal{"NoFraction", "1.", 2, "a digit is expected behind the decimal point"},
        refusal{"NoFractionBeforeExponent", "1.e5", 2,
                "a digit is expected behind the decimal point"},
        refusal{"NoExponent", "1e", 2, "a digit is expected in the exponent"},
        refusal{"OnlyExponentSign", "1e+", 3, "a digit is expected in the exponent"},
        refusal{"FractionInExponent", "1e5.5", 3, "there is text behind the value"},
        refusal{"Hexadecimal", "0x10", 1, "there is text behind the value"}),
    name_of);

INSTANTIATE_TEST_SUITE_P(
    Strings, ValidatingBadText,
    testing::Values(
        refusal{"Open", R"("abc)", 0, "a string does not end"},
        refusal{"EndsInBackslash", R"("abc\)", 4, "a backslash begins no escape of JSON"},
        refusal{"OpenAfterEscape", R"("abc\")", 0, "a string does not end"},
        refusal{"LineFeed", "\"a\nb\"", 2,
                "a control character in a string must be escaped"},
        refusal{"Nul", std::string{"\"\0\"", 3}, 1,
                "a control character in a string must be escaped"},
        refusal{"UnknownEscape", R"("\x41")", 1, "a backslash begins no escape of JSON"},
        refusal{"ShortUnicode", R"("\u12")", 1, "\\u needs four hexadecimal digits"},
        refusal{"NoHex", R"("\u12G4")", 1, "\\u needs four hexadecimal digits"},
        refusal{"EscapedNul", R"("a\u0000")", 2, "\\u0000 is not allowed"},
        refusal{"EscapedNulInKey", R"({"\u0000":1})", 2, "\\u0000 is not allowed"},
        refusal{"LoneHigh", R"("\uD83D")", 1, "a high surrogate stands alone"},
        refusal{"LoneHighThenText", R"("\uD83Dx")", 1, "a high surrogate stands alone"},
        refusal{"LoneHighThenEscape", R"("\uD83D\n")", 1,
                "a high surrogate stands alone"},
        refusal{"TwoHighs", R"("\uD83D\uD83D")", 1, "a high surrogate stands alone"},
        refusal{"HighThenBroken", R"("\uD83D\uZZZZ")", 7,
                "\\u needs four hexadecimal digits"},
        refusal{"LoneLow", R"("\uDE00")", 1, "a low surrogate stands alone"},
        refusal{"LowestLow", R"("\uDC00")", 1, "a low surrogate stands alone"},
        refusal{"HighestLow", R"("\uDFFF")", 1, "a low surrogate stands alone"},
        refusal{"LowestHigh", R"("\uD800")", 1, "a high surrogate stands alone"},
        refusal{"HighestHigh", R"("\uDBFF")", 1, "a high surrogate stands alone"},
        refusal{"WrongOrder", R"("\uDE00\uD83D")", 1, "a low surrogate stands alone"}),
    name_of);

INSTANTIATE_TEST_SUITE_P(
    Bytes, ValidatingBadText,
    testing::Values(
        refusal{"ByteOrderMark", "\xEF\xBB\xBF{}", 0,
                "the text begins with a byte order mark"},
        refusal{"Latin1", "\"caf\xE9\"", 4, "the text is not valid UTF-8"},
        refusal{"LoneContinuation", "\"\x80\"", 1, "the text is not valid UTF-8"},
        refusal{"Overlong", "\"\xC0\xAF\"", 1, "the text is not valid UTF-8"},
        refusal{"OverlongThree", "\"\xE0\x80\xAF\"", 1, "the text is not valid UTF-8"},
        refusal{"OverlongFour", "\"\xF0\x8F\xBF\xBF\"", 1, "the text is not valid UTF-8"},
        refusal{"EncodedSurrogate", "\"\xED\xA0\x80\"", 1, "the text is not valid UTF-8"},
        refusal{"AboveUnicode", "\"\xF4\x90\x80\x80\"", 1, "the text is not valid UTF-8"},
        refusal{"CutShort", "\"\xF0\x9F\x98", 1, "the text is not valid UTF-8"},
        refusal{"Utf16", std::string{"\xFF\xFE{\0}\0", 6}, 0,
                "the text is not valid UTF-8"}),
    name_of);

INSTANTIATE_TEST_SUITE_P(
    Keys, ValidatingBadText,
    testing::Values(
        refusal{"Twice", R"({"a":1,"a":2})", 7,
                R"(the key "a" comes twice in one object)"},
        refusal{"EmptyTwice", R"({"":1,"":2})", 6,
                R"(the key "" comes twice in one object)"},
        refusal{"TwiceByEscape", R"({"a":1,"\u0061":2})", 7,
                R"(the key "a" comes twice in one object)"},
        refusal{"TwiceByTwoEscapes", R"({"\u002f":1,"\/":2})", 12,
                R"(the key "/" comes twice in one object)"},
        refusal{"TwiceBySurrogates", "{\"\xF0\x9F\x98\x80\":1,\"\\ud83d\\uDE00\":2}", 10,
                "the key \"\xF0\x9F\x98\x80\" comes twice in one object"},
        refusal{"TwiceInside", R"([0,{"x":{"b":1,"c":{"b":3},"b":2}}])", 27,
                R"(the key "b" comes twice in one object)"},
        refusal{"TwiceAroundAnObject", R"({"\u0061":{"\u0062":1},"a":2})", 23,
                R"(the key "a" comes twice in one object)"},
        refusal{
            "TwiceAmongMany",
            R"({"k1":0,"k2":0,"k3":0,"k4":0,"k5":0,"k6":0,"k7":0,"k8":0,"k9":0,"k3":0})",
            64, R"(the key "k3" comes twice in one object)"},
        refusal{
            "LongOneIsCut",
            "{\"" + std::string(100, 'x') + "\":1,\"" + std::string(100, 'x') + "\":2}",
            106, "the key \"" + std::string(64, 'x') + "…\" comes twice in one object"}),
    name_of);

TEST(ValidatingDeepNesting, Takes64Levels) {
  auto fault = find_json_fault(repeated("[", 64) + repeated("]", 64));

  EXPECT_EQ(fault.reason, "");
}

TEST(ValidatingDeepNesting, Refuses65Levels) {
  auto fault = find_json_fault(repeated("[", 65) + repeated("]", 65));

  EXPECT_EQ(fault.offset, 64u);
  EXPECT_EQ(fault.reason, "nesting is deeper than 64");
}

TEST(ValidatingDeepNesting, CountsObjectsAndArraysAlike) {
  auto text = repeated(R"({"a":[)", 33);

  auto fault = find_json_fault(text);

  EXPECT_EQ(fault.reason, "nesting is deeper than 64");
}

TEST(ValidatingDeepNesting, SurvivesAMillionLevels) {
  auto fault = find_json_fault(repeated("[", 1'000'000));

  EXPECT_EQ(fault.reason, "nesting is deeper than 64");
}

TEST(ValidatingAHugeObject, IsNotQuadratic) {
  // A pairwise comparison of 200,000 keys takes minutes.
  std::string text = "{";
  for (int i = 0; i < 200'000; ++i)
    text += "\"key" + std::to_string(i) + "\":0,";
  text += "\"key77\":1}";
  auto start = std::chrono::steady_clock::now();

  auto fault = find_json_fault(text);

  EXPECT_EQ(fault.reason, "the key \"key77\" comes twice in one object");
  EXPECT_EQ(fault.offset, text.size() - 10);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds{10});
}

TEST(CuttingValidTextAnywhere, IsNeverValid) {
  const std::string text = R"({"a":[1.5e3,"\ud83d\ude00\n",true],"b":{"c":null}})";
  ASSERT_EQ(find_json_fault(text).reason, "");

  for (std::size_t size = 0; size < text.size(); ++size)
    EXPECT_NE(find_json_fault(text.substr(0, size)).reason, "") << size;
}

TEST(AskingForAnObject, LooksBehindWhiteSpace) {
  EXPECT_TRUE(json_text::trusted(" \n{}").is_object());
  EXPECT_FALSE(json_text::trusted("[{}]").is_object());
  EXPECT_FALSE(json_text{}.is_object());
}

TEST(MakingAJsonText, IsNullByDefault) {
  EXPECT_EQ(json_text{}.str(), "null");
}

} // namespace lakegate
