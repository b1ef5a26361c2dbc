#include <lakegate/core/json_writer.hpp>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <limits>

namespace lakegate {

TEST(WritingJson, PutsCommasAndColons) {
  json_writer w;

  w.begin_object()
      .member("id", 7)
      .key("list")
      .begin_array()
      .value(1)
      .begin_object()
      .end_object()
      .begin_array()
      .end_array()
      .value("x")
      .end_array()
      .member("last", true)
      .end_object();

  EXPECT_EQ(w.str(), R"({"id":7,"list":[1,{},[],"x"],"last":true})");
}

TEST(WritingJson, SplicesValidatedTextUntouched) {
  json_writer w;

  w.begin_array().value(json_text::trusted("1.10")).raw(R"({"a": 1e400})").end_array();

  EXPECT_EQ(std::move(w).text().str(), R"([1.10,{"a": 1e400}])");
}

TEST(WritingJson, WritesAbsentOptionalsAsNull) {
  json_writer w;

  w.begin_array()
      .value(std::optional<int>{})
      .value(std::optional<std::string>{"a"})
      .value(caf::optional<std::string>{})
      .value(caf::optional<std::int64_t>{5})
      .value(nullptr)
      .end_array();

  EXPECT_EQ(w.str(), R"([null,"a",null,5,null])");
}

TEST(WritingJson, WritesTheWholeRangeOfIntegers) {
  json_writer w;

  w.begin_array()
      .value(std::numeric_limits<std::int64_t>::min())
      .value(std::numeric_limits<std::uint64_t>::max())
      .value(std::int32_t{-1})
      .value(std::uint32_t{4294967295})
      .end_array();

  EXPECT_EQ(w.str(), "[-9223372036854775808,18446744073709551615,-1,4294967295]");
}

TEST(WritingADouble, TakesTheShortestFormThatReadsBack) {
  json_writer w;

  w.begin_array()
      .value(0.1)
      .value(1.0)
      .value(-2.5e-7)
      .value(1e22)
      .value(5e-324)
      .end_array();

  EXPECT_EQ(w.str(), "[0.1,1,-2.5e-07,1e+22,5e-324]");
  EXPECT_EQ(find_json_fault(w.str()).reason, "");
}

TEST(WritingADouble, WritesWhatIsNoNumberAsAString) {
  constexpr auto infinite = std::numeric_limits<double>::infinity();
  json_writer w;

  w.begin_array().value(std::nan("")).value(infinite).value(-infinite).end_array();

  EXPECT_EQ(w.str(), R"(["NaN","Infinity","-Infinity"])");
}

TEST(WritingAString, EscapesWhatMustBe) {
  std::string out;

  append_json_string(out, std::string_view{"\"\\/\b\f\n\r\t\x01\x1F\0\x7F", 12});

  EXPECT_EQ(out, "\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u001f\\u0000\x7F\"");
}

TEST(WritingAString, KeepsUnicodeAsItIs) {
  std::string out;

  append_json_string(out, "\xC3\xA9 e\xCC\x81 \xF0\x9F\x98\x80");

  EXPECT_EQ(out, "\"\xC3\xA9 e\xCC\x81 \xF0\x9F\x98\x80\"");
}

TEST(WritingAString, ReplacesBytesThatAreNoUtf8) {
  std::string out;

  append_json_string(out, "a\xFF\xC3 \xED\xA0\x80z\xF0\x9F\x98");

  EXPECT_EQ(
      out, "\"a\xEF\xBF\xBD\xEF\xBF\xBD "
           "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBDz\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"");
}

TEST(WritingAString, ReadsBackForEveryByte) {
  for (int i = 1; i < 128; ++i) {
    std::string out;
    std::string text(3, static_cast<char>(i));

    append_json_string(out, text);

    EXPECT_EQ(nlohmann::json::parse(out).get<std::string>(), text) << i;
  }
}

} // namespace lakegate
