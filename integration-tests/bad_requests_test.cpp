// What each operation refuses before it asks anybody: parameters, names and bodies.

#include "integration-tests/support/scenario.hpp"

namespace lakegate::integration {

using nlohmann::json;
using testing::_;
using testing::AllOf;
using testing::ElementsAre;
using testing::Return;

namespace {

struct refusal {
  Request request;
  errc code;
  std::vector<std::string> faults;
};

const std::string not_a_number = "must be a whole number in decimal digits";
const std::string bad_limit = "limit: must be between 1 and 1000";
const std::string bad_offset = "offset: must be 0 or more";
const std::string no_object = "body: must be a JSON object";
const std::string value_required = "preference_value: is required";
const std::string key_required = "preference_key: is required";
const std::string blank_key = "preference_key: must not be blank";
const std::string long_name = std::string(256, 'n');
const std::string long_endpoint = "endpoint_name: must be 1 to 255 characters long";

} // namespace

class BadRequests : public Scenario {
protected:
  void ExpectRefused(std::vector<refusal> rows) {
    for (auto& [request, code, faults] : rows) {
      auto response = When(std::move(request).As(user_a));
      EXPECT_THAT(response, IsProblem(code));
      EXPECT_EQ(FaultsOf(response), faults) << testing::PrintToString(response);
    }
  }
};

TEST_F(BadRequests, ForPagesOfTheCatalogNeverReachTheWorkspace) {
  const auto bad = errc::invalid_query;
  EXPECT_CALL(Workspace().catalog, list_catalogs(_)).Times(0);
  EXPECT_CALL(Workspace().catalog, list_schemas(_)).Times(0);
  EXPECT_CALL(Workspace().catalog, list_tables(_)).Times(0);

  ExpectRefused({
      {Get(path::catalogs + "?limit=0"), bad, {bad_limit}},
      {Get(path::catalogs + "?limit=1001"), bad, {bad_limit}},
      {Get(path::catalogs + "?limit=ten"), bad, {"limit: " + not_a_number}},
      {Get(path::catalogs + "?limit="), bad, {"limit: " + not_a_number}},
      {Get(path::catalogs + "?limit=1&limit=1"), bad, {"limit: was given twice"}},
      {Get(path::catalogs + "?offset=-1"), bad, {bad_offset}},
      {Get(path::catalogs + "?offset=99999999999999999999"),
       bad,
       {"offset: is too large"}},
      {Get(path::catalogs + "?limit=-1&offset=x"),
       bad,
       {bad_limit, "offset: " + not_a_number}},
      {Get(path::schemas), bad, {"catalog: is required"}},
      {Get(path::schemas + "?catalog="),
       bad,
       {"catalog: must be 1 to 255 characters long"}},
      {Get(path::schemas + "?catalog=a%0Ab&limit=0"),
       bad,
       {"catalog: must not contain control characters", bad_limit}},
      {Get(path::schemas + "?catalog=a&catalog=b"), bad, {"catalog: was given twice"}},
      {Get(path::table_names), bad, {"catalog: is required", "schema: is required"}},
      {Get(path::tables + "?schema=" + long_name),
       bad,
       {"catalog: is required", "schema: must be 1 to 255 characters long"}},
  });
}

TEST_F(BadRequests, ForPreferencesChangeNothing) {
  const auto bad = errc::invalid_request;
  const auto bad_preference = errc::invalid_preference;
  const auto blank = path::preferences + "/%20";
  const json empty = json::object();
  const json number{{"preference_value", 1}};
  const json array{{"preference_key", 1}, {"preference_value", json::array()}};

  ExpectRefused({
      {Get(path::preferences + "?limit=0&offset=-1"), bad, {bad_limit, bad_offset}},
      {Get(path::preferences + "?preference_key=%20"), bad_preference, {blank_key}},
      {Get(path::preferences + "?preference_key=%20&limit=0"),
       bad_preference,
       {bad_limit, blank_key}},
      {Get(blank), bad_preference, {blank_key}},
      {Delete(blank), bad_preference, {blank_key}},
      {Put(blank).With(empty), bad_preference, {blank_key, value_required}},
      {Put(path::preferences + "/k").With(number),
       bad_preference,
       {"preference_value: must be a JSON object"}},
      {Put(path::preferences + "/k").With(empty).WithHeader("If-Match", "1"),
       bad_preference,
       {value_required, "If-Match: must be a list of entity tags, or *"}},
      {Put(path::preferences + "/k").WithBody("[]"), bad, {no_object}},
      {Put(path::preferences + "/k").WithBody(R"({"preference_value":{"a":"\u0000"}})"),
       bad_preference,
       {"body: \\u0000 is not allowed (at byte 26)"}},
      {Post(path::preferences).With(empty),
       bad_preference,
       {key_required, value_required}},
      {Post(path::preferences).With(array),
       bad_preference,
       {"preference_key: must be a string", "preference_value: must be a JSON object"}},
      {Post(path::preferences).WithBody("\"text\""), bad, {no_object}},
  });
  EXPECT_EQ(Sql("SELECT count(*) FROM lakegate.user_preferences"), "0");
}

TEST_F(BadRequests, ForModelsReachNoModel) {
  const auto bad = errc::invalid_request;
  EXPECT_CALL(Workspace().serving, invoke_endpoint(_)).Times(0);
  EXPECT_CALL(Workspace().serving, get_serving_endpoint(_)).Times(0);

  ExpectRefused({
      {Get(path::endpoints + "/" + long_name), bad, {long_endpoint}},
      {Get(path::endpoints + "/" + long_name + "/schema"), bad, {long_endpoint}},
      {Get(path::logs + "?limit=0"), bad, {bad_limit}},
      {Get(path::logs + "?endpoint_name="), bad, {long_endpoint}},
      {Get(path::logs + "?status=success"),
       bad,
       {"status: must be SUCCESS, ERROR or TIMEOUT"}},
      {Get(path::logs + "?since=yesterday&until=2026-13-01T00:00:00Z"),
       bad,
       {"since: must be an RFC 3339 time", "until: must be an RFC 3339 time"}},
      {Get(path::logs + "?status=ERROR&status=ERROR"), bad, {"status: was given twice"}},
      {Post(path::invoke).WithBody("[1]"), bad, {no_object}},
      {Post(path::invoke).WithBody("{\"inputs\":\"\\u0000\"}"),
       bad,
       {"body: \\u0000 is not allowed (at byte 11)"}},
      {Post(path::query).WithBody("null"), bad, {no_object}},
  });
  for (auto status : {"SUCCESS", "ERROR", "TIMEOUT"})
    EXPECT_THAT(
        When(Get(path::logs + "?since=2026-01-01T00:00:00Z&status=" + status).As(user_a)),
        HasJson(json{{"total_count", 0}}))
        << status;
}

TEST_F(BadRequests, AreThoseOfAnotherMediaType) {
  const std::string body = R"({"preference_key":"k","preference_value":{}})";
  auto post = [&](const std::string& type) {
    return When(Post(path::preferences).WithBody(body, type).As(user_a));
  };

  for (auto type : {"", "text/plain; charset=utf-8", "json", "+json", "vnd.x+json",
                    "application/json+xml", "application/jsonp"})
    EXPECT_THAT(post(type), IsProblem(errc::unsupported_media_type)) << type;
  for (auto type : {"application/json", "Application/JSON; charset=utf-8",
                    "application/json ; charset=utf-8", "application/json\t ;a=b",
                    "application/merge-patch+json", "application/vnd.x+JSON ; a=b"}) {
    auto response = post(type);
    EXPECT_TRUE(response.status == 201 || response.status == 200)
        << type << testing::PrintToString(response);
  }
  for (auto untyped : {"POST /api/preferences", "POST /api/unity-catalog/query",
                       "POST /api/model-serving/invoke", "PUT /api/preferences/k"}) {
    auto head = std::string{untyped} + " HTTP/1.1\r\nHost: x\r\n"
                + "X-Forwarded-Access-Token: " + TokenOf(user_a) + "\r\n";
    auto with_body = WhenSent(head + "Content-Length: 2\r\n\r\n{}");
    auto without = WhenSent(head + "Content-Length: 0\r\n\r\n");
    EXPECT_THAT(with_body, IsProblem(errc::unsupported_media_type)) << untyped;
    EXPECT_THAT(without, IsProblem(errc::invalid_request)) << untyped;
  }
}

TEST_F(BadRequests, AreNotThoseOfOddButGoodNames) {
  const std::string key = "Az09-._~ /\xC3\xA9&=?";
  GivenPreference(user_a, key, {{"n", 1}});

  // As bytes: the HTTP client decodes what it finds in headers.
  auto found = WhenSent("GET " + path::preferences + "?limit=1&preference_key="
                        + Encoded(key) + " HTTP/1.1\r\nHost: x\r\n"
                        + "X-Forwarded-Access-Token: " + TokenOf(user_a) + "\r\n\r\n");

  const std::string page = "<" + path::preferences
                           + "?limit=1&offset=0&preference_key="
                             "Az09-._~%20%2F%C3%A9%26%3D%3F>; rel=";
  EXPECT_THAT(found, AllOf(HasStatus(200), HasHeader("X-Total-Count", "1"),
                           HasHeader("Link", page + "\"first\", " + page + "\"last\"")));
  EXPECT_EQ(found.json()[0]["preference_key"], key);
}

TEST_F(BadRequests, WhatTheWorkspaceLeavesOutIsNull) {
  databricks::table_info bare;
  bare.catalog = "main";
  bare.schema = "default";
  bare.name = "bare";
  ON_CALL(Workspace().catalog, list_tables(_))
      .WillByDefault(Return(
          caf::expected<databricks::table_page>{databricks::table_page{{bare}, ""}}));

  auto tables = When(Get(path::tables + "?catalog=main&schema=default").As(user_a));

  EXPECT_THAT(tables, HasStatus(200));
  EXPECT_EQ(tables.json()[0]["owner"], nullptr);
  EXPECT_EQ(tables.json()[0]["last_refreshed"], nullptr);
}

} // namespace lakegate::integration
