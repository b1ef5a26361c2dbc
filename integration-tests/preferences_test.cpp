// Story 1: a user's preferences in Lakebase.

#include "integration-tests/support/scenario.hpp"

namespace lakegate::integration {

using nlohmann::json;
using testing::AllOf;

class Preferences : public Scenario {
protected:
  static Request Save(const std::string& key, const json& value) {
    return Post(path::preferences)
        .With({{"preference_key", key}, {"preference_value", value}});
  }
};

TEST_F(Preferences, EmptyListWhenNoData) {
  auto response = When(Get(path::preferences).As(user_a));

  EXPECT_THAT(response, AllOf(HasStatus(200), HasBody(json::array())));
  EXPECT_THAT(response, HasHeader("X-Total-Count", "0"));
}

TEST_F(Preferences, IsolationBetweenUsers) {
  GivenPreference(user_a, "theme", {{"mode", "dark"}});
  GivenPreference(user_a, "secret", {{"of", "a"}});
  GivenPreference(user_b, "theme", {{"mode", "light"}});

  auto list = When(Get(path::preferences).As(user_b));
  auto by_key = When(Get(path::preferences + "/secret").As(user_b));
  auto deletion = When(Delete(path::preferences + "/secret").As(user_b));
  auto overwrite = When(Save("theme", {{"mode", "blue"}}).As(user_b));

  ASSERT_EQ(list.json().size(), 1u);
  EXPECT_EQ(list.json()[0]["user_id"], user_b);
  EXPECT_EQ(list.json()[0]["preference_value"], json({{"mode", "light"}}));
  EXPECT_THAT(by_key, IsProblem(errc::preference_not_found));
  EXPECT_THAT(deletion, IsProblem(errc::preference_not_found));
  EXPECT_THAT(overwrite, HasStatus(200));
  auto of_a = When(Get(path::preferences).As(user_a)).json();
  ASSERT_EQ(of_a.size(), 2u);
  EXPECT_EQ(of_a[0]["preference_value"], json({{"of", "a"}}));
  EXPECT_EQ(of_a[1]["preference_value"], json({{"mode", "dark"}}));
}

TEST_F(Preferences, CreateWithValidData) {
  auto created = When(Save("theme", {{"mode", "dark"}, {"size", 14}}).As(user_a));
  auto read = When(Get(path::preferences + "/theme").As(user_a));

  EXPECT_THAT(created, HasStatus(201));
  EXPECT_THAT(created,
              HasJson(json{{"user_id", user_a},
                           {"preference_key", "theme"},
                           {"preference_value", {{"mode", "dark"}, {"size", 14}}}}));
  EXPECT_THAT(read, AllOf(HasStatus(200), HasBody(created.json())));
  EXPECT_EQ(read.header("ETag"), created.header("ETag"));
}

TEST_F(Preferences, UpsertOnDuplicateKey) {
  auto first = When(Save("theme", {{"mode", "dark"}}).As(user_a));
  auto second = When(Save("theme", {{"mode", "light"}}).As(user_a));

  EXPECT_THAT(first, HasStatus(201));
  EXPECT_THAT(second, HasStatus(200));
  EXPECT_EQ(second.json()["id"], first.json()["id"]);
  EXPECT_EQ(second.json()["created_at"], first.json()["created_at"]);
  EXPECT_GE(second.json()["updated_at"], first.json()["updated_at"]);
  EXPECT_NE(second.header("ETag"), first.header("ETag"));
  EXPECT_EQ(Sql("SELECT preference_value FROM lakegate.user_preferences"),
            "{\"mode\":\"light\"}");
}

TEST_F(Preferences, DeleteRemoves) {
  GivenPreference(user_a, "theme", {{"mode", "dark"}});

  auto deletion = When(Delete(path::preferences + "/theme").As(user_a));

  EXPECT_THAT(deletion, HasStatus(204));
  EXPECT_EQ(deletion.body, "");
  EXPECT_THAT(When(Get(path::preferences).As(user_a)), HasBody(json::array()));
}

TEST_F(Preferences, InvalidKeyGives400) {
  const std::vector<std::string> bad{"",
                                     " ",
                                     "\t",
                                     " padded",
                                     "padded ",
                                     ".",
                                     "..",
                                     "line\nbreak",
                                     "bell\x07",
                                     std::string(256, 'k'),
                                     std::string(1021, 'k')};

  for (const auto& key : bad) {
    auto response = When(Save(key, json::object()).As(user_a));

    EXPECT_THAT(response, IsProblemWith(errc::invalid_preference,
                                        std::vector<std::string>{"preference_key"}))
        << "key: " << key;
  }
  EXPECT_THAT(When(Get(path::preferences).As(user_a)), HasBody(json::array()));
}

TEST_F(Preferences, EveryFaultOfABodyIsNamed) {
  auto response =
      When(Post(path::preferences)
               .With({{"preference_key", ""}, {"preference_value", "no object"}})
               .As(user_a));

  EXPECT_THAT(response, IsProblemWith(errc::invalid_preference,
                                      std::vector<std::string>{"preference_key",
                                                               "preference_value"}));
}

TEST_F(Preferences, ConditionalWritesProtectWhatOthersWrote) {
  auto first = When(Save("theme", {{"v", 1}}).As(user_a));
  auto second = When(Save("theme", {{"v", 2}}).As(user_a));
  auto put = [](const json& value) {
    return Put(path::preferences + "/theme").With({{"preference_value", value}});
  };

  auto stale =
      When(put({{"v", 3}}).WithHeader("If-Match", first.header("ETag")).As(user_a));
  auto exists = When(put({{"v", 4}}).WithHeader("If-None-Match", "*").As(user_a));
  auto fresh =
      When(put({{"v", 5}}).WithHeader("If-Match", second.header("ETag")).As(user_a));
  auto unchanged = When(Get(path::preferences + "/theme")
                            .WithHeader("If-None-Match", fresh.header("ETag"))
                            .As(user_a));

  EXPECT_THAT(stale, IsProblem(errc::precondition_failed));
  EXPECT_THAT(exists, IsProblem(errc::precondition_failed));
  EXPECT_THAT(fresh, HasStatus(200));
  EXPECT_THAT(unchanged, HasStatus(304));
  EXPECT_EQ(When(Get(path::preferences + "/theme").As(user_a)).json()["preference_value"],
            json({{"v", 5}}));
}

TEST_F(Preferences, ValuesComeBackDigitForDigit) {
  const std::string value =
      R"({"big":9007199254740993,"price":1.10,"huge":1e400,"z":-0.0})";

  auto saved =
      When(Post(path::preferences)
               .WithBody(R"({"preference_key":"exact","preference_value":)" + value + "}")
               .As(user_a));
  auto read = When(Get(path::preferences + "/exact").As(user_a));

  EXPECT_THAT(saved, HasStatus(201));
  EXPECT_NE(read.body.find(value), std::string::npos) << read.body;
}

class PreferencesWithoutADatabase : public Scenario {
protected:
  world_options Options() const override { return {.database = false}; }
};

TEST_F(PreferencesWithoutADatabase, NotConfiguredGives503) {
  const json body{{"preference_key", "theme"}, {"preference_value", json::object()}};
  const std::vector<Request> every{
      Get(path::preferences).As(user_a),
      Post(path::preferences).With(body).As(user_a),
      Get(path::preferences + "/theme").As(user_a),
      Put(path::preferences + "/theme").With(body).As(user_a),
      Delete(path::preferences + "/theme").As(user_a),
      Get("/api/preferences").As(user_a),
  };

  for (const auto& request : every) {
    auto response = When(request);

    EXPECT_THAT(response, IsProblem(errc::lakebase_not_configured));
    EXPECT_TRUE(response.json()["detail"]["retry_after"].is_null());
  }
}

} // namespace lakegate::integration
