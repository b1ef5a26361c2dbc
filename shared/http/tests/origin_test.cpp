#include "shared/http/src/origin.hpp"

#include <gtest/gtest.h>

namespace lakegate::test {

namespace {

struct origin_row {
  std::string base_url;
  bool is_secure;
  std::string host;
  std::string port;
  std::string authority;
};
class ReadingABaseUrl : public ::testing::TestWithParam<origin_row> {};

TEST_P(ReadingABaseUrl, FindsWhereToConnect) {
  const auto& row = GetParam();

  auto found = http::parse_origin(row.base_url);

  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->base_url, row.base_url);
  EXPECT_EQ(found->is_secure, row.is_secure);
  EXPECT_EQ(found->host, row.host);
  EXPECT_EQ(found->port, row.port);
  EXPECT_EQ(found->authority, row.authority);
}

INSTANTIATE_TEST_SUITE_P(
    Table, ReadingABaseUrl,
    ::testing::Values(
        origin_row{"https://w.example.com", true, "w.example.com", "443",
                   "w.example.com"},
        origin_row{"http://w.example.com", false, "w.example.com", "80", "w.example.com"},
        origin_row{"https://w.example.com:8443", true, "w.example.com", "8443",
                   "w.example.com:8443"},
        origin_row{"http://10.0.0.1:80", false, "10.0.0.1", "80", "10.0.0.1:80"},
        origin_row{"http://[::1]", false, "::1", "80", "[::1]"},
        origin_row{"https://[fe80::1]:8443", true, "fe80::1", "8443", "[fe80::1]:8443"}));

class ReadingABadBaseUrl : public ::testing::TestWithParam<const char*> {};

TEST_P(ReadingABadBaseUrl, FindsNothing) {
  EXPECT_FALSE(http::parse_origin(GetParam()).has_value());
}

INSTANTIATE_TEST_SUITE_P(Table, ReadingABadBaseUrl,
                         ::testing::Values("", "w.example.com", "ftp://w.example.com",
                                           "http://", "http://:80",
                                           "http://a:", "http://a:b", "http://a:123456",
                                           "http://a/", "http://a?b", "http://user@a",
                                           "http://a b", "http://a\r\nX: y",
                                           "http://[::1", "http://::1]", "http://[]",
                                           "http://[::1]x", "http://a:1:2"));

} // namespace

} // namespace lakegate::test
