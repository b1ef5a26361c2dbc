#include <lakegate/core/json_view.hpp>

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace lakegate {

namespace {

const auto document = json_text::trusted(R"( {
  "id": 9007199254740993, "price" : 1.10, "big":1e400, "name":"a\"\\\u00e9\ud83d\ude00",
  "tags" : [ "x", ["]}"], {"\"": "}"} , null ], "empty":{}, "none":[ ], "yes":true,"no":false,
  "nothing":null, "k\u0065y": "escaped" } )");

} // namespace

TEST(ReadingAMember, KeepsTheDigitsOfNumbers) {
  json_view view{document};

  EXPECT_EQ(view["id"].raw(), "9007199254740993");
  EXPECT_EQ(view["price"].raw(), "1.10");
  EXPECT_EQ(view["big"].raw(), "1e400");
}

TEST(ReadingAMember, ConvertsNumbers) {
  json_view view{document};

  EXPECT_EQ(view["id"].integer(), 9007199254740993);
  EXPECT_EQ(view["price"].number(), 1.1);
  EXPECT_EQ(view["price"].integer(), std::nullopt);
  EXPECT_EQ(view["big"].number(), std::nullopt);
}

TEST(ReadingAMember, UnescapesStrings) {
  json_view view{document};

  EXPECT_EQ(view["name"].string(), "a\"\\\xC3\xA9\xF0\x9F\x98\x80");
}

TEST(ReadingAMember, FindsKeysThatAreEscaped) {
  json_view view{document};

  EXPECT_EQ(view["key"].string(), "escaped");
}

TEST(ReadingAMember, GivesAnAbsentViewForAnUnknownKey) {
  json_view view{document};

  EXPECT_FALSE(view["tag"].exists());
  EXPECT_FALSE(view["unknown"]["deeper"][3].exists());
  EXPECT_EQ(view["unknown"].kind(), json_kind::null);
}

TEST(ReadingAMember, TellsNullFromAbsent) {
  json_view view{document};

  EXPECT_TRUE(view["nothing"].exists());
  EXPECT_TRUE(view["nothing"].is_null());
}

TEST(ReadingAMember, GivesNothingForAnotherType) {
  json_view view{document};

  EXPECT_EQ(view["id"].string(), std::nullopt);
  EXPECT_EQ(view["name"].integer(), std::nullopt);
  EXPECT_EQ(view["name"].boolean(), std::nullopt);
  EXPECT_EQ(view["tags"].number(), std::nullopt);
  EXPECT_FALSE(view["name"]["x"].exists());
  EXPECT_FALSE(view["empty"][0].exists());
}

TEST(ReadingAMember, TellsTheKind) {
  json_view view{document};

  EXPECT_EQ(view.kind(), json_kind::object);
  EXPECT_EQ(view["id"].kind(), json_kind::number);
  EXPECT_EQ(view["name"].kind(), json_kind::string);
  EXPECT_EQ(view["tags"].kind(), json_kind::array);
  EXPECT_EQ(view["yes"].kind(), json_kind::boolean);
  EXPECT_EQ(view["yes"].boolean(), true);
  EXPECT_EQ(view["no"].boolean(), false);
}

TEST(ReadingElements, SkipsBracketsInsideStrings) {
  auto tags = json_view{document}["tags"];

  EXPECT_EQ(tags.size(), 4u);
  EXPECT_EQ(tags[1].raw(), R"(["]}"])");
  EXPECT_EQ(tags[2]["\""].string(), "}");
  EXPECT_TRUE(tags[3].is_null());
  EXPECT_FALSE(tags[4].exists());
}

TEST(ReadingElements, SeesEmptyContainersAsEmpty) {
  json_view view{document};

  EXPECT_EQ(view["empty"].size(), 0u);
  EXPECT_EQ(view["none"].size(), 0u);
  EXPECT_EQ(view["yes"].size(), 0u);
  EXPECT_EQ(json_view{}.size(), 0u);
}

TEST(VisitingMembers, GoesInOrderUntilFalse) {
  std::vector<std::pair<std::string, std::string>> seen;

  json_view::of_validated(R"({"b":1,"\u0061":[2] ,"c":3})")
      .each_member([&](const std::string& key, json_view value) {
        seen.emplace_back(key, value.raw());
        return key != "a";
      });

  EXPECT_EQ(seen,
            (std::vector<std::pair<std::string, std::string>>{{"b", "1"}, {"a", "[2]"}}));
}

TEST(VisitingElements, GoesInOrderUntilFalse) {
  std::vector<std::int64_t> seen;

  json_view::of_validated("[3, 1 ,2,9]").each_element([&](json_view value) {
    seen.push_back(value.integer().value());
    return seen.size() < 3;
  });

  EXPECT_EQ(seen, (std::vector<std::int64_t>{3, 1, 2}));
}

TEST(ReadingAnInteger, RefusesWhatDoesNotFit) {
  EXPECT_EQ(json_view::of_validated("9223372036854775807").integer(),
            std::int64_t{9223372036854775807});
  EXPECT_EQ(json_view::of_validated("9223372036854775808").integer(), std::nullopt);
  EXPECT_EQ(json_view::of_validated("1e2").integer(), std::nullopt);
  EXPECT_EQ(json_view::of_validated("-0").integer(), 0);
}

TEST(ViewingAScalar, TrimsWhiteSpace) {
  EXPECT_EQ(json_view::of_validated(" \n 12 \t").raw(), "12");
  EXPECT_FALSE(json_view::of_validated(" ").exists());
}

} // namespace lakegate
