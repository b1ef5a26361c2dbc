#include "shared/http/src/answer_reader.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>

namespace lakegate::test {

namespace {

using progress = http::answer_reader::progress;

constexpr std::size_t no_cap = 1'000'000;

/// Hands `bytes` over in pieces of at most `size` bytes, as long as more are wanted.
progress take_in_pieces(http::answer_reader& reader, std::string_view bytes,
                        std::size_t size) {
  auto result = progress::unfinished;
  for (; !bytes.empty() && result == progress::unfinished;
       bytes.remove_prefix(std::min(size, bytes.size())))
    result = reader.take(bytes.substr(0, size));
  return result;
}

class ReadingAnAnswer : public ::testing::TestWithParam<std::size_t> {};

TEST_P(ReadingAnAnswer, IsTheSameHoweverItIsCut) {
  constexpr std::string_view bytes =
      "HTTP/1.1 103 Early Hints\r\nX-Hint: a\r\n\r\n"
      "HTTP/1.1 429 Too Many Requests\r\n"
      "Transfer-Encoding: chunked\r\n"
      "X-Empty:\r\nX-Blanks:  b c \t\r\n\r\n"
      "2\r\n{\"\r\n3;x=y\r\na\"}\r\n0\r\nX-Trailer: d\r\n\r\n";
  http::answer_reader reader;
  reader.expect(no_cap);

  auto ended = take_in_pieces(reader, bytes, GetParam());

  EXPECT_EQ(ended, progress::complete);
  EXPECT_TRUE(reader.allows_another());
  auto answer = reader.release();
  EXPECT_EQ(answer.status, 429);
  EXPECT_EQ(answer.body, "{\"a\"}");
  ASSERT_EQ(answer.headers.size(), 3u);
  EXPECT_EQ(answer.headers[0].name, "Transfer-Encoding");
  EXPECT_EQ(answer.find_header("x-empty"), "");
  EXPECT_EQ(answer.find_header("x-blanks"), "b c");
}

TEST_P(ReadingAnAnswer, KeepsToTheCapsHoweverItIsCut) {
  const auto head = std::string{"HTTP/1.1 200 OK\r\n"};
  const auto cases = {
      head + "Content-Length: 11\r\n\r\n12345678901",
      head + "Transfer-Encoding: chunked\r\n\r\n6\r\n123456\r\n5\r\n78901\r\n0\r\n\r\n",
      head + "X: " + std::string(http::max_header_bytes, 'x') + "\r\n\r\n",
      "HTTP/1.1 200 " + std::string(http::max_header_bytes + 1, 'x') + "\r\n\r\n",
  };
  for (const auto& bytes : cases) {
    http::answer_reader reader;
    reader.expect(10);

    EXPECT_EQ(take_in_pieces(reader, bytes, GetParam()), progress::too_large);
  }
}

INSTANTIATE_TEST_SUITE_P(Pieces, ReadingAnAnswer,
                         ::testing::Values(1, 2, 3, 7, 64, no_cap));

TEST(ReadingAnswers, OneAfterTheOtherLeavesNothingOfTheFirst) {
  http::answer_reader reader;
  reader.expect(no_cap);
  EXPECT_EQ(reader.take("HTTP/1.1 200 OK\r\nX-A: 1\r\nContent-Length: 2\r\n\r\n{}"),
            progress::complete);
  EXPECT_EQ(reader.release().body, "{}");

  reader.expect(no_cap);
  EXPECT_FALSE(reader.has_begun());
  EXPECT_EQ(reader.take("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"),
            progress::complete);

  auto second = reader.release();
  EXPECT_EQ(second.status, 404);
  EXPECT_EQ(second.body, "");
  EXPECT_EQ(second.find_header("x-a"), std::nullopt);
}

} // namespace

} // namespace lakegate::test
