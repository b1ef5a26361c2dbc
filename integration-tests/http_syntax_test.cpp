// What HTTP itself asks of a request: its lines, headers and target, byte by byte.

#include "integration-tests/support/scenario.hpp"

namespace lakegate::integration {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

namespace {

const std::string host = "Host: x\r\n";
const std::string no_upgrade = "Upgrade: is not supported; send a plain HTTP/1.1 request";
const std::string odd_name = "header: a header's name holds a character it must not";
const std::string bad_path =
    "path: must be UTF-8 with whole percent-escapes and without NUL";
const std::string bad_query =
    "query: must be UTF-8 with whole percent-escapes and without NUL";
const std::string bad_character = "path: must hold visible ASCII only, and no fragment";

std::string Plain(const std::string& target, const std::string& method = "GET") {
  return method + " " + target + " HTTP/1.1\r\n" + host + "\r\n";
}

} // namespace

class HttpSyntax : public Scenario {};

TEST_F(HttpSyntax, ThatLeavesInDoubtWhereTheRequestEndsClosesTheConnection) {
  struct row {
    std::string bytes;
    std::vector<std::string> faults;
  };
  const std::string get = "GET /health HTTP/1.1\r\n";

  for (const auto& [bytes, faults] :
       std::vector<row>{{get + "\r\n", {"Host: must be given once"}},
                        {get + host + host + "\r\n", {"Host: must be given once"}},
                        {get + host + "Content-Length : 0\r\n\r\n", {odd_name}},
                        {get + host + "Upgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
                         {no_upgrade}},
                        {get + host + "Upgrade: h2c\r\n\r\n", {no_upgrade}},
                        {"CONNECT x:1 HTTP/1.1\r\n" + host + "\r\n", {no_upgrade}},
                        {get + "Odd : 1\r\nUpgrade: h2c\r\n\r\n",
                         {no_upgrade, odd_name, "Host: must be given once"}}}) {
    auto response = WhenSent(bytes);
    EXPECT_THAT(response,
                AllOf(IsProblem(errc::invalid_request), HasHeader("Connection", "close")))
        << bytes;
    EXPECT_EQ(FaultsOf(response), faults) << bytes;
  }
}

TEST_F(HttpSyntax, ThatNoParserCanReadEndsTheConnectionWithoutAnAnswer) {
  const std::string post = "POST /health HTTP/1.1\r\n" + host;

  for (const auto& bytes :
       {std::string{"\x16\x03\x01\x02\r\n\r\n"},
        post + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        post + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        post + "Content-Length: 5\r\nTransfer-Encoding: gzip\r\n\r\nabcde",
        post + "Content-Length: +1\r\n\r\na", post + "X-Note: a\x01z\r\n\r\n",
        post + "X-Note: a\x7Fz\r\n\r\n", post + "X(note): 1\r\n\r\n",
        post + "X-Note: " + std::string(13'000, 'a') + "\r\n\r\n"}) {
    auto response = WhenSent(bytes);
    EXPECT_EQ(response.status, 0) << bytes << "\n" << testing::PrintToString(response);
  }
  EXPECT_THAT(When(Get("/health")), HasStatus(200));
}

TEST_F(HttpSyntax, OfATargetIsReadOnceAndWhole) {
  for (const auto& [target, faults] :
       std::vector<std::pair<std::string, std::vector<std::string>>>{
           {"/health#part", {bad_character}},
           {"/a\xC3\xA9", {bad_character}},
           {"/a%", {bad_path}},
           {"/a%4", {bad_path}},
           {"/a%4/", {bad_path}},
           {"/a%/4", {bad_path}},
           {"/a%:4", {bad_path}},
           {"/a%@4", {bad_path}},
           {"/a%G4", {bad_path}},
           {"/a%`4", {bad_path}},
           {"/a%g4", {bad_path}},
           {"/a%00", {bad_path}},
           {"/a%C0%AF", {bad_path}},
           {"/a%eD%A0%80", {bad_path}},
           {"/health?a=%zz", {bad_query}},
           {"/health?%zz=a", {bad_query}},
           {"/health?a=%00", {bad_query}},
           {"/health?%c0%af", {bad_query}}}) {
    auto response = WhenSent(Plain(target));
    EXPECT_THAT(response, IsProblem(errc::invalid_request)) << target;
    EXPECT_EQ(FaultsOf(response), faults) << target;
  }
  auto asterisk = WhenSent(Plain("*", "OPTIONS"));
  EXPECT_THAT(asterisk, IsProblem(errc::invalid_request));
  EXPECT_THAT(FaultsOf(asterisk), ElementsAre("path: must begin with /"));
}

TEST_F(HttpSyntax, OfATargetLeavesRoomForQueriesAndProxies) {
  for (const auto& target :
       {"/health?", "/health?&&a=1&", "/health?flag", "/health?=x", "/health?a=%4a%4A+b",
        "/health?a=b=c", "http://elsewhere.example.com/health?x=1"})
    EXPECT_THAT(WhenSent(Plain(target)).body, HasSubstr("healthy")) << target;
  EXPECT_THAT(WhenSent(Plain("http://elsewhere.example.com")).body,
              HasSubstr("<title>Lakegate</title>"));
  EXPECT_THAT(WhenSent(Plain("/%7A%5a%30")), IsProblem(errc::not_found));
}

TEST_F(HttpSyntax, LetsMostHeadersComeTwiceButNotThoseThatDecide) {
  auto twice = [this](const std::string& name) {
    return WhenSent("GET /health HTTP/1.1\r\n" + host + name + ": a\r\n" + name
                    + ": b\r\n\r\n");
  };

  for (auto name : {"x-forwarded-access-token", "Authorization", "Content-Type",
                    "If-Match", "Idempotency-Key"}) {
    auto response = twice(name);
    EXPECT_THAT(response, IsProblem(errc::duplicate_header)) << name;
    EXPECT_EQ(FaultsOf(response).size(), 1u) << name;
  }
  for (auto name : {"If-None-Match", "X-Correlation-ID", "traceparent", "X-Other"})
    EXPECT_THAT(twice(name), HasStatus(200)) << name;
}

TEST_F(HttpSyntax, OfAMethodThatNobodyKnowsIsToldWhichOnesThereAre) {
  for (auto method : {"TRACE", "PATCH", "PROPFIND"})
    EXPECT_THAT(WhenSent(Plain("/api/preferences", method)),
                AllOf(IsProblem(errc::method_not_allowed),
                      HasHeader("Allow", "GET, HEAD, POST, OPTIONS")))
        << method;
  EXPECT_THAT(When(Put("/api/preferences").WithBody("{}")),
              HasHeader("Allow", "GET, HEAD, POST, OPTIONS"));
  EXPECT_THAT(When(Post("/api/preferences/a").WithBody("{}")),
              HasHeader("Allow", "GET, HEAD, PUT, DELETE, OPTIONS"));
}

} // namespace lakegate::integration
