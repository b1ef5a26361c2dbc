#include <lakegate/http/url.hpp>

#include <gtest/gtest.h>

namespace lakegate::http {

namespace {

struct segment_row {
  const char* text;
  const char* encoded;
};
class EncodingASegment : public ::testing::TestWithParam<segment_row> {};

TEST_P(EncodingASegment, KeepsItOneSegment) {
  EXPECT_EQ(encode_segment(GetParam().text), GetParam().encoded);
}

INSTANTIATE_TEST_SUITE_P(
    Table, EncodingASegment,
    ::testing::Values(segment_row{"orders", "orders"},
                      segment_row{"a-b_c.d~e", "a-b_c.d~e"},
                      segment_row{"a/../x", "a%2F..%2Fx"}, segment_row{"50%", "50%25"},
                      segment_row{"a?b=c#d", "a%3Fb%3Dc%23d"},
                      segment_row{"two words", "two%20words"},
                      segment_row{"\xf0\x9f\x9a\x95", "%F0%9F%9A%95"},
                      segment_row{"..", "%2E%2E"}, segment_row{".", "%2E"},
                      segment_row{"...", "..."}, segment_row{"%2e%2e", "%252e%252e"},
                      segment_row{"a\r\nb", "a%0D%0Ab"}, segment_row{"", ""}));

TEST(BuildingAQuery, EncodesEveryValueAndLeavesOutEmptyOnes) {
  query_builder query;

  query.add("max_results", "0").add("catalog_name", "a&b=c d").add_if("page_token", "");

  EXPECT_EQ(query.str(), "?max_results=0&catalog_name=a%26b%3Dc%20d");
}

TEST(BuildingAQuery, IsEmptyWithoutParameters) {
  EXPECT_EQ(query_builder{}.str(), "");
}

struct origin_row {
  const char* pasted;
  std::optional<std::string> origin;
};
class ReadingAPastedHost : public ::testing::TestWithParam<origin_row> {};

TEST_P(ReadingAPastedHost, KeepsSchemeAndHostOnly) {
  EXPECT_EQ(origin_of(GetParam().pasted), GetParam().origin);
}

INSTANTIATE_TEST_SUITE_P(
    Table, ReadingAPastedHost,
    ::testing::Values(origin_row{"dbc-1.cloud.databricks.com",
                                 "https://dbc-1.cloud.databricks.com"},
                      origin_row{"https://dbc-1.cloud.databricks.com/",
                                 "https://dbc-1.cloud.databricks.com"},
                      origin_row{"https://adb-1.2.azuredatabricks.net/sql?o=12#x",
                                 "https://adb-1.2.azuredatabricks.net"},
                      origin_row{"HTTP://127.0.0.1:8181/x", "http://127.0.0.1:8181"},
                      origin_row{"http://[::1]:8181", "http://[::1]:8181"},
                      origin_row{"https://user:secret@host", "https://host"},
                      origin_row{"ftp://host", std::nullopt},
                      origin_row{"https://", std::nullopt}, origin_row{"", std::nullopt},
                      origin_row{"https://a b", std::nullopt},
                      origin_row{"https://:443", std::nullopt},
                      origin_row{"https://host\r\nX: y", std::nullopt}));

TEST(ReadingAPastedHost, FindsTheWorkspaceIdInTheQuery) {
  EXPECT_EQ(query_parameter_of("https://x/sql?a=1&o=123#frag", "o"), "123");
  EXPECT_EQ(query_parameter_of("https://x/?o=5", "o"), "5");
  EXPECT_EQ(query_parameter_of("https://x/?oo=5&b", "o"), std::nullopt);
  EXPECT_EQ(query_parameter_of("https://x", "o"), std::nullopt);
}

} // namespace

} // namespace lakegate::http
