// Story 7: exactly seven requests in flight at once.

#include "integration-tests/support/history.hpp"
#include "integration-tests/support/scenario.hpp"

#include <set>
#include <thread>

namespace lakegate::integration {

using nlohmann::json;

class Concurrency : public Scenario {
protected:
  static Request Save(const std::string& user, const std::string& key,
                      const json& value) {
    return Post(path::preferences)
        .With({{"preference_key", key}, {"preference_value", value}})
        .As(user);
  }
};

TEST_F(Concurrency, SevenUsersSaveAtOnce) {
  std::vector<Request> requests;
  for (const auto& user : SevenUsers())
    requests.push_back(Save(user, "theme", {{"of", user}}));

  auto responses = AtOnce(requests);

  for (const auto& response : responses)
    EXPECT_THAT(response, HasStatus(201));
  for (const auto& user : SevenUsers()) {
    auto own = When(Get(path::preferences).As(user)).json();
    ASSERT_EQ(own.size(), 1u);
    EXPECT_EQ(own[0]["preference_value"], json({{"of", user}}));
  }
  EXPECT_EQ(Sql("SELECT count(*) FROM lakegate.user_preferences"), "7");
}

TEST_F(Concurrency, SevenInferencesAtOnce) {
  std::vector<Request> requests;
  for (const auto& user : SevenUsers())
    requests.push_back(Classify("text of " + user).As(user));

  auto responses = AtOnce(requests);

  auto users = SevenUsers();
  for (std::size_t i = 0; i < users.size(); ++i) {
    EXPECT_THAT(responses[i], HasStatus(200));
    EXPECT_EQ(responses[i].json()["predictions"]["predictions"],
              json{"label-of-text of " + users[i]});
    auto logs = When(Get(path::logs).As(users[i])).json();
    ASSERT_EQ(logs["total_count"], 1);
    EXPECT_EQ(logs["logs"][0]["request_id"], responses[i].json()["request_id"]);
  }
  EXPECT_EQ(Sql("SELECT count(*) FROM lakegate.inference_logs"), "7");
}

TEST_F(Concurrency, SevenReadersAndWritersOneKey) {
  GivenPreference(user_a, "shared", {{"writer", 0}, {"n", 0}, {"pad", "start"}});
  history seen;
  std::vector<std::thread> threads;
  start_barrier barrier{7};
  auto value_of = [](int writer, int n) {
    return json{{"writer", writer}, {"n", n}, {"pad", std::string(100, 'x')}};
  };
  seen.Initial(json{{"writer", 0}, {"n", 0}, {"pad", "start"}});

  for (int t = 1; t <= 7; ++t)
    threads.emplace_back([&, t] {
      barrier.Wait();
      for (int n = 1; n <= 20; ++n) {
        auto token = seen.Begin();
        if (t <= 4) {
          auto value = value_of(t, n);
          auto response = When(Save(user_a, "shared", value));
          EXPECT_THAT(response, HasStatus(200));
          seen.Wrote(token, value);
        } else {
          auto response = When(Get(path::preferences + "/shared").As(user_a));
          EXPECT_THAT(response, HasStatus(200));
          seen.Read(token, response.json()["preference_value"]);
        }
      }
    });
  for (auto& thread : threads)
    thread.join();
  auto token = seen.Begin();
  seen.Read(
      token,
      When(Get(path::preferences + "/shared").As(user_a)).json()["preference_value"]);

  EXPECT_EQ(seen.Unexplained(), std::vector<std::string>{});
}

TEST_F(Concurrency, SevenCatalogQueriesAtOnce) {
  std::vector<Request> requests;
  auto users = SevenUsers();
  for (std::size_t i = 0; i < users.size(); ++i) {
    auto table = Table("main", "default", "of_user_" + std::to_string(i + 1),
                       {Column("owner", "string")}, {{users[i]}});
    Workspace().Add(table);
    requests.push_back(
        Get(path::query + "?catalog=main&schema=default&table=" + table.name)
            .As(users[i]));
  }

  auto responses = AtOnce(requests);

  for (std::size_t i = 0; i < users.size(); ++i) {
    EXPECT_THAT(responses[i], HasStatus(200));
    EXPECT_EQ(responses[i].json()["rows"], json::array({{{"owner", users[i]}}}));
    EXPECT_EQ(responses[i].json()["user_id"], users[i]);
  }
  std::set<std::string> tokens;
  for (const auto& statement : Workspace().Statements()) {
    auto user = statement.ctx.token.reveal().substr(std::string{"token-of-"}.size());
    auto number = user.substr(5, 1);
    EXPECT_NE(statement.statement.find("of_user_" + number), std::string::npos)
        << "a statement ran under another user's token";
    tokens.insert(user);
  }
  EXPECT_EQ(tokens.size(), 7u);
}

} // namespace lakegate::integration
