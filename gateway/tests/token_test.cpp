#include "gateway/src/token.hpp"
#include "gateway/src/token_key.hpp"

#include <gtest/gtest.h>

namespace lakegate::gateway {
namespace {

http_request request_with(std::vector<header_field> headers) {
  http_request result;
  result.headers = std::move(headers);
  return result;
}

std::string token_in(const http_request& request) {
  auto found = read_token(request);
  if (auto* code = std::get_if<errc>(&found))
    return to_string(*code);
  return std::get<access_token>(found).reveal();
}

TEST(ReadingAToken, TakesTheForwardedOneFirst) {
  auto request = request_with(
      {{"Authorization", "Bearer other"}, {"X-Forwarded-Access-Token", "mine"}});

  EXPECT_EQ(token_in(request), "mine");
}

TEST(ReadingAToken, TakesABearerTokenWhereNoneIsForwarded) {
  EXPECT_EQ(token_in(request_with({{"Authorization", "bEaReR abc"}})), "abc");
}

TEST(ReadingAToken, FindsNone) {
  EXPECT_EQ(token_in(request_with({})), "AUTH_MISSING");
  EXPECT_EQ(token_in(request_with({{"X-Forwarded-Access-Token", ""}})), "AUTH_MISSING");
  EXPECT_EQ(token_in(request_with({{"Authorization", "Basic abc"}})), "AUTH_MISSING");
  EXPECT_EQ(token_in(request_with({{"Authorization", "Bearer "}})), "AUTH_MISSING");
  EXPECT_EQ(token_in(request_with({{"Authorization", "Bearer"}})), "AUTH_MISSING");
  EXPECT_EQ(token_in(request_with({{"X_Forwarded_Access_Token", "a"}})), "AUTH_MISSING");
}

TEST(ReadingAToken, DoesNotFallBackFromAnEmptyForwardedOne) {
  auto request = request_with(
      {{"X-Forwarded-Access-Token", " "}, {"Authorization", "Bearer other"}});

  EXPECT_EQ(token_in(request), "AUTH_MISSING");
}

TEST(ReadingAToken, RefusesWhatCannotBeOne) {
  auto forwarded = [](std::string value) {
    return request_with({{"X-Forwarded-Access-Token", std::move(value)}});
  };

  EXPECT_EQ(token_in(forwarded("a b")), "AUTH_MALFORMED");
  EXPECT_EQ(token_in(forwarded("\xC3\xA9")), "AUTH_MALFORMED");
  EXPECT_EQ(token_in(forwarded("a\tb")), "AUTH_MALFORMED");
  EXPECT_EQ(token_in(forwarded(std::string(8193, 'a'))), "AUTH_MALFORMED");
  EXPECT_EQ(token_in(forwarded(std::string(8192, 'a'))), std::string(8192, 'a'));
}

TEST(ReadingTheExpiryOfAJwt, DecodesTheClaim) {
  // {"alg":"none"}.{"sub":"ada","exp":1700000000}
  auto expiry =
      jwt_expiry("eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZGEiLCJleHAiOjE3MDAwMDAwMDB9.sig");

  ASSERT_TRUE(expiry);
  EXPECT_EQ(std::chrono::duration_cast<std::chrono::seconds>(expiry->time_since_epoch())
                .count(),
            1700000000);
}

TEST(ReadingTheExpiryOfAJwt, FindsNoneInOtherTokens) {
  EXPECT_FALSE(jwt_expiry("dapi0123456789abcdef"));
  EXPECT_FALSE(jwt_expiry("a.b.c"));
  EXPECT_FALSE(jwt_expiry("a.%%%.c"));
  EXPECT_FALSE(jwt_expiry("a.eyJzdWIiOiJhZGEifQ.c")); // no exp
  EXPECT_FALSE(jwt_expiry("a.eyJleHAiOiIxIn0.c"));    // exp is text
  EXPECT_FALSE(jwt_expiry("a.eyJleHAiOjFlOTk5fQ.c")); // 1e999
  EXPECT_FALSE(jwt_expiry("a.eyJleHAiOjF9.c.d"));     // four parts
}

TEST(KeyingAToken, GivesEachTokenItsOwnKeyAgainAndAgain) {
  token_hasher hasher;

  auto first = hasher("token");
  auto other = hasher("token2");
  auto again = hasher("token");

  EXPECT_EQ(first, again);
  EXPECT_NE(first, other);
}

TEST(KeyingAToken, DiffersBetweenProcesses) {
  token_hasher here, there;

  EXPECT_NE(here("token"), there("token"));
}

} // namespace
} // namespace lakegate::gateway
