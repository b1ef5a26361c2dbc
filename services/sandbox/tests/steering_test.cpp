#include "services/sandbox/src/accounts.hpp"
#include "services/sandbox/src/faults.hpp"
#include "services/sandbox/src/paging.hpp"

#include <gtest/gtest.h>

namespace {

using namespace lakegate::sandbox;
using lakegate::access_token;
using lakegate::json_view;
using namespace std::chrono_literals;

TEST(ScriptingFaults, HitsOnlyWhatMatchesAndOnlyThatOften) {
  faults script;
  fault_rule rule;
  rule.method = "GET";
  rule.pattern = "/api/*/catalogs";
  rule.user = "ann";
  rule.skip = 1;
  rule.times = 2;
  script.add(rule);

  EXPECT_FALSE(script.take("POST", "/api/2.1/catalogs", "ann"));
  EXPECT_FALSE(script.take("GET", "/api/2.1/schemas", "ann"));
  EXPECT_FALSE(script.take("GET", "/api/2.1/catalogs", "bob"));
  EXPECT_FALSE(script.take("GET", "/api/2.1/catalogs", "ann")) << "skipped";
  EXPECT_TRUE(script.take("GET", "/api/2.1/catalogs", "ann"));
  EXPECT_TRUE(script.take("GET", "/api/2.1/catalogs", "ann"));
  EXPECT_FALSE(script.take("GET", "/api/2.1/catalogs", "ann")) << "used up";
}

TEST(ScriptingFaults, ReadsTheScript) {
  const auto read = read_fault(json_view::of_validated(
      R"({"route":"/x","status":429,"headers":{"Retry-After":7},"delay_ms":5,"times":-1})"));

  const auto& rule = std::get<fault_rule>(read);
  const auto answer = scripted_answer(rule);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 429);
  EXPECT_EQ(answer->body,
            R"({"error_code":"REQUEST_LIMIT_EXCEEDED","message":"Current request )"
            R"(has exceeded the rate limit."})");
  EXPECT_EQ(rule.headers.front().value, "7");
  EXPECT_EQ(rule.delay, 5ms);
  EXPECT_TRUE(std::holds_alternative<std::string>(
      read_fault(json_view::of_validated(R"({"route":"/x","action":"explode"})"))));
}

TEST(MatchingPatterns, LetsAStarStandForAnything) {
  EXPECT_TRUE(matches_pattern("*", ""));
  EXPECT_TRUE(matches_pattern("/a/*/c*", "/a/b/b/cd"));
  EXPECT_FALSE(matches_pattern("/a/*/c", "/a/b/cd"));
}

struct Checking : testing::Test {
  std::chrono::steady_clock::time_point now{};
  accounts who{access_token{"secret"}, 60s, [this] { return now; }};

  std::string Verdict(std::string_view authorization) {
    const auto verdict = who.authenticate(authorization);
    if (const auto* refused = std::get_if<http_response>(&verdict))
      return std::to_string(refused->status) + " " + refused->body;
    return std::string{std::get<const account*>(verdict)->user_name};
  }
};
using CheckingTokens = Checking;

TEST_F(CheckingTokens, KnowsWhoseTheyAre) {
  EXPECT_EQ(Verdict("Bearer sandbox-analyst"), "analyst@example.com");
}

TEST_F(CheckingTokens, RefusesAsDatabricksDoes) {
  EXPECT_EQ(Verdict(""),
            R"(401 {"error_code":401,"message":"Credential was not sent or was of an )"
            R"(unsupported type for this API."})");
  EXPECT_EQ(Verdict("Bearer nonsense"),
            R"(403 {"error_code":403,"message":"Invalid access token."})");
  EXPECT_EQ(Verdict("Bearer sandbox-expired"),
            R"(403 {"error_code":403,"message":"JWT has expired"})");
}

TEST_F(CheckingTokens, TakesIssuedOnesUntilTheyExpire) {
  EXPECT_FALSE(who.issue("sandbox-client", "wrong"));
  const auto issued = who.issue("sandbox-client", "secret");
  ASSERT_TRUE(issued);
  const auto header_text = "Bearer " + issued->token.reveal();

  EXPECT_EQ(Verdict(header_text), "sandbox-client");
  now += 60s;
  EXPECT_EQ(Verdict(header_text),
            R"(403 {"error_code":403,"message":"JWT has expired"})");
}

TEST_F(CheckingTokens, ExpiresAndRestoresAUser) {
  who.set_user_expired("analyst@example.com", true);
  EXPECT_EQ(Verdict("Bearer sandbox-analyst"),
            R"(403 {"error_code":403,"message":"JWT has expired"})");

  who.set_user_expired("analyst@example.com", false);
  EXPECT_EQ(Verdict("Bearer sandbox-analyst"), "analyst@example.com");
}

page Page(const std::string& query, std::size_t total) {
  call c;
  c.query = parse_query(query);
  const auto result = page_of(c, total, 3);
  EXPECT_TRUE(std::holds_alternative<page>(result));
  return std::get<page>(result);
}

TEST(CuttingPages, GivesEverythingWithoutMaxResults) {
  const auto all = Page("", 10);

  EXPECT_EQ(all.count, 10U);
  EXPECT_EQ(all.next_token, "");
}

TEST(CuttingPages, GivesAnEmptyPageOnTheWay) {
  std::vector<std::size_t> counts;
  std::string token;
  do {
    const auto part = Page("max_results=0&page_token=" + percent_encoded(token), 7);
    counts.push_back(part.count);
    token = part.next_token;
  } while (!token.empty());

  EXPECT_EQ(counts, (std::vector<std::size_t>{3, 0, 3, 1}));
}

TEST(CuttingPages, RefusesNonsense) {
  for (const auto* query :
       {"max_results=-1", "max_results=x", "page_token=%20%20", "page_token=YQ"}) {
    call c;
    c.query = parse_query(query);
    const auto result = page_of(c, 5, 3);
    ASSERT_TRUE(std::holds_alternative<http_response>(result)) << query;
    EXPECT_EQ(std::get<http_response>(result).status, 400);
  }
}

} // namespace
