#include "gateway/src/http_message.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace lakegate::gateway {
namespace {

constexpr auto date = "Sun, 22 Nov 2026 12:00:00 GMT";

TEST(RenderingAHead, NamesLengthAndTypeOfTheBody) {
  http_response answer;
  answer.body = "{}";
  answer.set("ETag", "\"1\"");

  auto head = render_head(answer, true, date);

  EXPECT_EQ(head, "HTTP/1.1 200 OK\r\nDate: Sun, 22 Nov 2026 12:00:00 GMT\r\n"
                  "Connection: keep-alive\r\nContent-Length: 2\r\n"
                  "Content-Type: application/json\r\nETag: \"1\"\r\n\r\n");
}

TEST(RenderingAHead, HasNoLengthWhereHttpForbidsIt) {
  http_response none, unchanged;
  none.status = 204;
  unchanged.status = 304;

  EXPECT_EQ(render_head(none, false, date).find("Content-Length"), std::string::npos);
  EXPECT_EQ(render_head(unchanged, true, date).find("Content-Length"), std::string::npos);
}

TEST(SettingAHeader, RefusesWhatWouldSplitTheResponse) {
  http_response answer;

  EXPECT_THROW(answer.set("Link", "a\r\nSet-Cookie: b"), std::invalid_argument);
  EXPECT_THROW(answer.set("Link", std::string{"a\0b", 3}), std::invalid_argument);
  EXPECT_THROW(answer.set("Link", "a\x7f"), std::invalid_argument);
  EXPECT_THROW(answer.set("Li nk", "a"), std::invalid_argument);
  EXPECT_TRUE(answer.headers.empty());
}

TEST(WritingADate, IsAnImfFixdate) {
  auto moment = std::chrono::sys_days{std::chrono::year{1994} / 11 / 6}
                + std::chrono::hours{8} + std::chrono::minutes{49}
                + std::chrono::seconds{37};

  EXPECT_EQ(to_http_date(moment), "Sun, 06 Nov 1994 08:49:37 GMT");
}

TEST(FindingAHeader, IgnoresTheCaseOfNames) {
  http_request request;
  request.headers = {{"x-a", "1"}, {"X-A", "2"}};

  EXPECT_EQ(*request.header("X-a"), "1");
  EXPECT_EQ(request.count("X-A"), 2u);
  EXPECT_EQ(request.header("X-B"), nullptr);
}

} // namespace
} // namespace lakegate::gateway
