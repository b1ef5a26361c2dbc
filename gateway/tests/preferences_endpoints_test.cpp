#include "gateway/tests/support/api.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lakegate::gateway {
namespace {

using test::api;
using test::body_of;
using test::code_of;
using test::faults_of;
using test::get;
using test::header_of;
using test::request_of;
using testing::ElementsAre;

constexpr auto path = "/api/lakebase/preferences";

preferences::preference theme() {
  preferences::preference result;
  result.id = 7;
  result.user_id = "ada@example.com";
  result.key = "theme";
  result.value = json_text::trusted(R"({"n":9007199254740993,"x":1.10,"y":1e400})");
  result.created_at = "2026-11-22T12:00:00.000Z";
  result.updated_at = "2026-11-22T12:00:01.000Z";
  result.etag = "\"7-1\"";
  return result;
}

class Preferences : public testing::Test {
public:
  Preferences() {
    the_api.preferences.on<preferences::get_preference>(
        [](const auto&) { return theme(); });
    the_api.preferences.on<preferences::save_preference>([this](const auto& cmd) {
      auto item = theme();
      item.key = cmd.key;
      item.value = cmd.value;
      return preferences::saved_preference{item, creates};
    });
    the_api.preferences.on<preferences::delete_preference>(
        [](const auto&) { return preferences::deleted_preference{}; });
    the_api.preferences.on<preferences::list_preferences>([this](const auto&) {
      return preferences::preference_page{{theme()}, total, skipped};
    });
  }

  http_response save(std::string body) {
    return the_api.send(request_of(http_method::post, path, std::move(body)));
  }

  api the_api;
  bool creates = true;
  std::int64_t total = 1;
  std::int64_t skipped = 0;
};

TEST_F(Preferences, AreSentToTheServiceWithoutTheToken) {
  the_api.send(get("/api/preferences/theme"));

  auto sent = the_api.preferences.received<preferences::get_preference>().at(0);
  EXPECT_EQ(sent.who.user_id, "ada@example.com");
  EXPECT_TRUE(sent.who.token.empty());
  EXPECT_FALSE(sent.who.correlation_id.empty());
  EXPECT_GT(sent.who.time_left, std::chrono::seconds{29});
}

TEST_F(Preferences, ComeBackDigitForDigit) {
  auto answer = the_api.send(get("/api/preferences/theme"));

  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body,
            R"({"id":7,"user_id":"ada@example.com","preference_key":"theme",)"
            R"("preference_value":{"n":9007199254740993,"x":1.10,"y":1e400},)"
            R"("created_at":"2026-11-22T12:00:00.000Z",)"
            R"("updated_at":"2026-11-22T12:00:01.000Z"})");
  EXPECT_EQ(header_of(answer, "ETag"), "\"7-1\"");
}

TEST_F(Preferences, AreNotSentAgainToWhoHasThem) {
  auto request = get("/api/preferences/theme");
  request.headers.push_back({"If-None-Match", "\"0\", W/\"7-1\""});

  auto answer = the_api.send(request);

  EXPECT_EQ(answer.status, 304);
  EXPECT_EQ(answer.body, "");
  EXPECT_EQ(header_of(answer, "ETag"), "\"7-1\"");
}

TEST_F(Preferences, KeepASlashInsideAKey) {
  the_api.send(get("/api/preferences/a%2Fb%20c"));

  EXPECT_EQ(the_api.preferences.received<preferences::get_preference>().at(0).key,
            "a/b c");
}

TEST_F(Preferences, AreCreatedOrReplaced) {
  auto created = save(R"({"preference_key":"a","preference_value":{"b":1.10},"more":1})");
  creates = false;
  auto replaced = save(R"({"preference_key":"a","preference_value":{}})");

  EXPECT_EQ(created.status, 201);
  EXPECT_EQ(body_of(created)["preference_key"], "a");
  EXPECT_EQ(replaced.status, 200);
  auto sent = the_api.preferences.received<preferences::save_preference>().at(0);
  EXPECT_EQ(sent.value.str(), R"({"b":1.10})");
}

TEST_F(Preferences, AreReplacedUnderAPrecondition) {
  auto request =
      request_of(http_method::put, "/api/preferences/a", R"({"preference_value":{}})");
  request.headers.push_back({"If-Match", "\"1\", W/\"2\""});
  request.headers.push_back({"If-None-Match", "*"});

  the_api.send(request);

  auto sent = the_api.preferences.received<preferences::save_preference>().at(0);
  EXPECT_EQ(sent.key, "a");
  EXPECT_THAT(sent.require.if_match, ElementsAre("\"1\"", "W/\"2\""));
  EXPECT_TRUE(sent.require.if_none_match);
}

TEST_F(Preferences, AreNotChangedUnderAMalformedPrecondition) {
  auto request = request_of(http_method::del, "/api/preferences/a");
  request.headers.push_back({"If-Match", "1"});
  request.headers.push_back({"If-None-Match", "\"1\""});

  auto answer = the_api.send(request);

  EXPECT_EQ(answer.status, 400);
  EXPECT_THAT(faults_of(answer),
              ElementsAre("If-Match: must be a list of entity tags, or *",
                          "If-None-Match: must be * for a write"));
  EXPECT_TRUE(the_api.preferences.received<preferences::delete_preference>().empty());
}

TEST_F(Preferences, AreDeleted) {
  auto answer = the_api.send(request_of(http_method::del, "/api/preferences/a"));

  EXPECT_EQ(answer.status, 204);
  EXPECT_EQ(answer.body, "");
}

TEST_F(Preferences, AreListedWithLinksAndTotals) {
  total = 120;
  skipped = 2;

  auto answer = the_api.send(
      get("/api/preferences?limit=50&offset=50&preference_key=a%26b&unknown=x"));

  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(header_of(answer, "X-Total-Count"), "120");
  EXPECT_EQ(header_of(answer, "X-Skipped-Rows"), "2");
  EXPECT_EQ(header_of(answer, "Link"),
            "</api/preferences?limit=50&offset=0&preference_key=a%26b>; rel=\"first\", "
            "</api/preferences?limit=50&offset=0&preference_key=a%26b>; rel=\"prev\", "
            "</api/preferences?limit=50&offset=100&preference_key=a%26b>; rel=\"next\", "
            "</api/preferences?limit=50&offset=100&preference_key=a%26b>; rel=\"last\"");
  auto sent = the_api.preferences.received<preferences::list_preferences>().at(0);
  EXPECT_EQ(sent.limit, 50);
  EXPECT_EQ(sent.offset, 50);
  EXPECT_EQ(sent.key, caf::optional<std::string>{"a&b"});
}

TEST_F(Preferences, AreListedWholeByDefault) {
  auto answer = the_api.send(get(path));

  EXPECT_TRUE(answer.body.starts_with(R"([{"id":7,)")) << answer.body;
  EXPECT_EQ(header_of(answer, "X-Skipped-Rows"), "");
  EXPECT_EQ(header_of(answer, "Link"),
            "</api/lakebase/preferences?limit=1000&offset=0>; rel=\"first\", "
            "</api/lakebase/preferences?limit=1000&offset=0>; rel=\"last\"");
  EXPECT_EQ(the_api.preferences.received<preferences::list_preferences>().at(0).limit,
            1000);
}

TEST_F(Preferences, NameEveryFaultOfAList) {
  auto answer = the_api.send(get("/api/preferences?limit=1001&offset=-1"));
  auto text = the_api.send(get("/api/preferences?limit=1e3&limit=1&offset=0x1"));

  EXPECT_EQ(code_of(answer), "INVALID_REQUEST");
  EXPECT_EQ(faults_of(answer).size(), 2u);
  EXPECT_EQ(faults_of(text).size(), 2u);
  EXPECT_EQ(faults_of(text).at(0), "limit: was given twice");
}

struct bad_body {
  std::string name;
  std::string body;
  std::string code;
  std::vector<std::string> faults;
  friend void PrintTo(const bad_body& x, std::ostream* os) { *os << x.name; }
};

class RefusingAPreference : public testing::TestWithParam<bad_body> {};

TEST_P(RefusingAPreference, ListsEveryFault) {
  api the_api;

  auto answer = the_api.send(request_of(http_method::post, path, GetParam().body));

  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(code_of(answer), GetParam().code);
  EXPECT_EQ(faults_of(answer), GetParam().faults);
  EXPECT_TRUE(the_api.preferences.received<preferences::save_preference>().empty());
}

INSTANTIATE_TEST_SUITE_P(
    Bad, RefusingAPreference,
    testing::Values(
        bad_body{"Empty",
                 "{}",
                 "INVALID_PREFERENCE",
                 {"preference_key: is required", "preference_value: is required"}},
        bad_body{"WrongTypes",
                 R"({"preference_key":1,"preference_value":[]})",
                 "INVALID_PREFERENCE",
                 {"preference_key: must be a string",
                  "preference_value: must be a JSON object"}},
        bad_body{"Null",
                 R"({"preference_key":"a","preference_value":null})",
                 "INVALID_PREFERENCE",
                 {"preference_value: must be a JSON object"}},
        bad_body{"TooLarge",
                 R"({"preference_key":"a","preference_value":{"b":")"
                     + std::string(1048576, 'x') + "\"}}",
                 "INVALID_PREFERENCE",
                 {"preference_value: must be at most 1 MiB (1048576 bytes), is "
                  "1048584"}},
        bad_body{"Nul",
                 R"({"preference_key":"a","preference_value":{"b":"\u0000"}})",
                 "INVALID_PREFERENCE",
                 {"body: \\u0000 is not allowed (at byte 47)"}},
        bad_body{"NoObject", "[]", "INVALID_REQUEST", {"body: must be a JSON object"}}),
    [](const auto& x) { return x.param.name; });

TEST(ReadingABody, RefusesOtherMediaTypes) {
  api the_api;
  auto request = request_of(http_method::post, path);
  request.body = "{}";
  auto untyped = request;
  request.headers.push_back({"Content-Type", "text/plain; charset=utf-8"});

  EXPECT_EQ(the_api.send(request).status, 415);
  EXPECT_EQ(code_of(the_api.send(untyped)), "UNSUPPORTED_MEDIA_TYPE");
}

TEST(ReadingABody, TakesJsonUnderAnyOfItsNames) {
  api the_api;

  for (auto type : {"application/json", "Application/JSON; charset=utf-8",
                    "application/merge-patch+json", "application/vnd.x+json ;a=b"}) {
    auto request = request_of(http_method::post, path);
    request.body = "{}";
    request.headers.push_back({"Content-Type", type});
    EXPECT_EQ(the_api.send(request).status, 400) << type;
  }
}

TEST(ReadingABody, TellsWhereItIsNoJson) {
  api the_api;

  auto answer = the_api.send(request_of(http_method::post, path, R"({"a":1,"a":2})"));
  auto empty = the_api.send(request_of(http_method::post, path));

  EXPECT_EQ(code_of(answer), "INVALID_REQUEST");
  ASSERT_EQ(faults_of(answer).size(), 1u);
  EXPECT_TRUE(faults_of(answer)[0].starts_with("body: ")) << faults_of(answer)[0];
  EXPECT_EQ(empty.status, 400);
}

TEST(NamingAKey, RefusesWhatNoPathCanCarry) {
  api the_api;

  for (auto key : {"%20", ".", "..", "a%0Ab", "%20a", "a%C2%A0"}) {
    auto answer = the_api.send(get("/api/preferences/" + std::string{key}));
    EXPECT_EQ(answer.status, 400) << key;
    EXPECT_EQ(code_of(answer), "INVALID_PREFERENCE") << key;
  }
  EXPECT_EQ(the_api.send(get("/api/preferences/")).status, 404);
}

} // namespace
} // namespace lakegate::gateway
