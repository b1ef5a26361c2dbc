// Edge cases: sizes, times, names.

#include "integration-tests/support/scenario.hpp"

#include <cstdlib>
#include <ctime>
#include <regex>

namespace lakegate::integration {

using nlohmann::json;
using testing::_;
using testing::AllOf;
using testing::HasSubstr;

class EdgeCases : public Scenario {};

TEST_F(EdgeCases, DeleteMissingPreferenceGives404) {
  auto response = When(Delete(path::preferences + "/nope").As(user_a));

  EXPECT_THAT(response, IsProblem(errc::preference_not_found));
  EXPECT_EQ(response.json()["detail"]["technical_details"]["preference_key"], "nope");
}

TEST_F(EdgeCases, TenMegabytePreferenceRejected) {
  GivenPreference(user_a, "big", {{"v", 1}});
  const json body{{"preference_key", "big"},
                  {"preference_value", {{"v", std::string(10 * 1024 * 1024, 'x')}}}};

  auto rejected = When(Post(path::preferences).With(body).As(user_a));
  auto after = When(Get(path::preferences + "/big").As(user_a));

  EXPECT_THAT(rejected, IsProblemWith(errc::invalid_preference,
                                      std::vector<std::string>{"preference_value"}));
  EXPECT_THAT(rejected.body, HasSubstr("1048576"));
  EXPECT_EQ(after.json()["preference_value"], json({{"v", 1}}));
}

TEST_F(EdgeCases, OffsetPastEndIsEmpty) {
  GivenPreference(user_a, "one", {{"v", 1}});
  GivenInference(user_a, "one");

  auto preferences = When(Get(path::preferences + "?offset=10").As(user_a));
  auto logs = When(Get(path::logs + "?offset=10").As(user_a));
  auto rows =
      When(Get(path::query + "?catalog=main&schema=default&table=customers&offset=10")
               .As(user_a));

  EXPECT_THAT(preferences, AllOf(HasStatus(200), HasBody(json::array()),
                                 HasHeader("X-Total-Count", "1")));
  EXPECT_THAT(logs, AllOf(HasStatus(200),
                          HasJson(json{{"logs", json::array()}, {"total_count", 1}})));
  EXPECT_THAT(rows, AllOf(HasStatus(200), HasJson(json{{"rows", json::array()},
                                                       {"row_count", 0},
                                                       {"total_row_count", 3}})));
}

/// The process in one time zone, the database in another.
class TimeZones : public Scenario {
protected:
  void SetUp() override {
    setenv("TZ", "Asia/Kolkata", 1);
    tzset();
    Scenario::SetUp();
    Sql("DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET timezone TO "
        "''America/New_York''', "
        "current_database()); END $$");
    World().KillBackends(); // the next connections are in that zone
  }
};

TEST_F(TimeZones, TimestampsAreUtcEverywhere) {
  Workspace().Grant(user_a, "samples.nyctaxi.*");
  auto ready = Eventually(Get(path::preferences).As(user_a),
                          [](const Response& x) { return x.status == 200; });
  ASSERT_THAT(ready, HasStatus(200));
  auto now = std::time(nullptr);
  GivenPreference(user_a, "theme", {{"v", 1}});
  GivenInference(user_a, "x");
  std::vector<std::string> times;
  auto collect = [&](const json& x, const std::vector<std::string>& fields) {
    for (const auto& field : fields)
      times.push_back(x.at(field));
  };

  collect(When(Get(path::preferences + "/theme").As(user_a)).json(),
          {"created_at", "updated_at"});
  collect(When(Get(path::tables + "?catalog=main&schema=default").As(user_a)).json()[0],
          {"last_refreshed"});
  auto rows =
      When(Get(path::query + "?catalog=samples&schema=nyctaxi&table=trips").As(user_a))
          .json();
  collect(rows, {"executed_at"});
  collect(When(Classify("y").As(user_a)).json(), {"completed_at"});
  collect(When(Get(path::logs).As(user_a)).json()["logs"][0],
          {"created_at", "completed_at"});
  collect(When(Get(path::endpoints).As(user_a)).json()[0], {"creation_timestamp"});
  collect(When(Get(path::endpoints + "/custom-classifier").As(user_a)).json(),
          {"creation_timestamp", "last_updated_timestamp"});
  collect(When(Get(path::endpoints + "/claude-sonnet-4/schema").As(user_a)).json(),
          {"detected_at"});

  EXPECT_EQ(rows["rows"][0]["tpep_pickup_datetime"], "2016-02-14T21:52:13.000Z");
  std::regex form{R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)"};
  for (const auto& x : times)
    EXPECT_TRUE(std::regex_match(x, form)) << x;
  std::tm utc{};
  strptime(times[0].c_str(), "%Y-%m-%dT%H:%M:%S", &utc);
  EXPECT_NEAR(static_cast<double>(timegm(&utc)), static_cast<double>(now), 60.0)
      << "the moment is right, not only its form";
}

TEST_F(EdgeCases, InferenceInputSizeLimit) {
  EXPECT_CALL(Workspace().serving, invoke_endpoint(_)).Times(0);

  auto response =
      When(Post(path::invoke)
               .With({{"endpoint_name", "custom-classifier"},
                      {"inputs", {{"text", std::string(16 * 1024 * 1024, 'x')}}}})
               .As(user_a));

  EXPECT_THAT(response,
              IsProblemWith(errc::invalid_input, std::vector<std::string>{"inputs"}));
  EXPECT_THAT(response.body, HasSubstr("16777216"));
}

TEST_F(EdgeCases, SchemaUnknownIsHelpful) {
  ON_CALL(Workspace().serving, get_endpoint_openapi(_))
      .WillByDefault(testing::Return(test::fails<databricks::openapi_document>(
          Failing(databricks::failure_kind::not_found, 404))));

  auto response = When(Get(path::endpoints + "/custom-classifier/schema").As(user_a));

  EXPECT_THAT(response, AllOf(HasStatus(200), HasJson(json{{"detected_type", "UNKNOWN"},
                                                           {"status", "FAILURE"}})));
  EXPECT_FALSE(response.json()["error_message"].get<std::string>().empty());
  EXPECT_TRUE(response.json()["example_json"].is_object());
}

TEST_F(EdgeCases, ConcurrentUpdatesLastWriteWins) {
  GivenPreference(user_a, "theme", {{"v", 0}});
  std::vector<Request> writes;
  for (int i = 1; i <= 7; ++i)
    writes.push_back(Put(path::preferences + "/theme")
                         .With({{"preference_value", {{"v", i}}}})
                         .As(user_a));

  auto responses = AtOnce(writes);

  auto last = std::max_element(responses.begin(), responses.end(),
                               [](const Response& a, const Response& b) {
                                 return a.json()["updated_at"] < b.json()["updated_at"];
                               });
  for (const auto& response : responses)
    EXPECT_THAT(response, HasStatus(200));
  auto end = When(Get(path::preferences + "/theme").As(user_a));
  EXPECT_EQ(end.json()["updated_at"], last->json()["updated_at"]);
  EXPECT_EQ(Sql("SELECT count(*) FROM lakegate.user_preferences"), "1");
}

TEST_F(EdgeCases, UnicodeAndSpecialNames) {
  const std::vector<std::string> names{"quote'double\"",
                                       "back`tick``s",
                                       "dots.in.it",
                                       "slash/es\\too",
                                       "50%25 %2F",
                                       "emoji \xF0\x9F\x9A\x80",
                                       "\xD7\xA9\xD7\x9C\xD7\x95\xD7\x9D",
                                       "a;--b",
                                       "question?x=1&y=2",
                                       "hash#tag"};
  for (const auto& name : names) {
    Workspace().Add(
        Table("main", "default", name, {Column(name, "string")}, {{"value of " + name}}));

    GivenPreference(user_a, name, {{"name", name}});
    auto preference = When(Get(path::preferences + "/" + Encoded(name)).As(user_a));
    auto rows =
        When(Get(path::query + "?catalog=main&schema=default&table=" + Encoded(name))
                 .As(user_a));
    auto filtered = When(Post(path::query)
                             .With({{"catalog", "main"},
                                    {"schema", "default"},
                                    {"table", name},
                                    {"filters", {{name, "value of " + name}}}})
                             .As(user_a));
    auto endpoint = When(Get(path::endpoints + "/" + Encoded(name)).As(user_a));
    auto removal = When(Delete(path::preferences + "/" + Encoded(name)).As(user_a));

    EXPECT_EQ(preference.json()["preference_key"], name);
    EXPECT_EQ(rows.json()["rows"], json::array({{{name, "value of " + name}}})) << name;
    EXPECT_EQ(filtered.json()["total_row_count"], 1) << name;
    EXPECT_THAT(endpoint, IsProblem(errc::endpoint_not_found)) << name;
    EXPECT_EQ(endpoint.json()["detail"]["technical_details"]["endpoint_name"], name);
    EXPECT_THAT(removal, HasStatus(204)) << name;
  }
}

} // namespace lakegate::integration
