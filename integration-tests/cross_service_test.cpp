// Story 4: workflows that cross the services.

#include "integration-tests/support/scenario.hpp"

#include <thread>

namespace lakegate::integration {

using nlohmann::json;

class CrossService : public Scenario {
protected:
  struct journey {
    std::string user;
    json row;
    json inference;
    json logs;
  };

  /// Browse, query, detect, invoke with what was queried, read the log: all as one user.
  journey Walk(const std::string& user, int customer) {
    journey x;
    x.user = user;
    EXPECT_EQ(When(Get("/api/user/me").As(user)).json()["userName"], user);
    GivenPreference(user, "last_customer", {{"id", customer}});
    EXPECT_EQ(When(Get(path::catalogs).As(user)).json(), json{"main"});
    EXPECT_EQ(When(Get(path::schemas + "?catalog=main").As(user)).json(),
              json{"default"});
    auto query = When(Post(path::query)
                          .With({{"catalog", "main"},
                                 {"schema", "default"},
                                 {"table", "customers"},
                                 {"filters", {{"customer_id", customer}}}})
                          .As(user));
    x.row = query.json()["rows"][0];
    auto schema =
        When(Get(path::endpoints + "/custom-classifier/schema").As(user)).json();
    EXPECT_EQ(schema["status"], "SUCCESS");
    x.inference = GivenInference(user, x.row["name"].get<std::string>() + " of " + user);
    x.logs = When(Get(path::logs).As(user)).json();
    return x;
  }
};

TEST_F(CrossService, CatalogToInferenceToLogs) {
  auto walked = Walk(user_a, 2);

  EXPECT_EQ(walked.row["name"], "Bob");
  ASSERT_EQ(walked.logs["total_count"], 1);
  EXPECT_EQ(walked.logs["logs"][0]["request_id"], walked.inference["request_id"]);
  EXPECT_EQ(walked.logs["logs"][0]["inputs"]["text"], "Bob of " + user_a);
  EXPECT_EQ(walked.logs["logs"][0]["predictions"], walked.inference["predictions"]);
}

TEST_F(CrossService, PreferencesShapeCatalogQueries) {
  GivenPreference(user_a, "query_defaults",
                  {{"catalog", "main"},
                   {"schema", "default"},
                   {"table", "customers"},
                   {"limit", 1},
                   {"columns", {"name"}},
                   {"order_by", {"-name"}}});
  Workspace().Grant(user_b, "main.default.*");

  auto filled = When(Get(path::query).As(user_a));
  auto explicit_wins = When(Get(path::query
                                + "?table=orders&limit=2&columns=order_id"
                                  "&order_by=order_id")
                                .As(user_a));
  auto other_user = When(Get(path::query).As(user_b));

  EXPECT_THAT(filled, HasStatus(200));
  EXPECT_EQ(filled.json()["rows"], json::array({{{"name", "Eve"}}}));
  EXPECT_EQ(filled.json()["order_by"], json{"-name"});
  EXPECT_THAT(explicit_wins, HasStatus(200));
  EXPECT_EQ(explicit_wins.json()["rows"],
            json::array({{{"order_id", 10}}, {{"order_id", 11}}}));
  EXPECT_THAT(other_user,
              IsProblemWith(errc::invalid_query,
                            std::vector<std::string>{"catalog", "schema", "table"}));
}

TEST_F(CrossService, AQueryNeedsNoPreferencesWhenItIsComplete) {
  World().Kill(world::service::preferences);

  auto complete = When(Get(path::query
                           + "?catalog=main&schema=default&table=customers"
                             "&limit=1&columns=name&order_by=name")
                           .As(user_a));
  auto incomplete = When(Get(path::query + "?catalog=main").As(user_a));

  EXPECT_THAT(complete, HasStatus(200));
  EXPECT_THAT(incomplete, IsProblem(errc::invalid_query));
}

TEST_F(CrossService, ConcurrentUsersStayIsolated) {
  auto users = SevenUsers();
  std::vector<journey> walked(users.size());
  std::vector<std::thread> threads;

  for (std::size_t i = 0; i < users.size(); ++i)
    threads.emplace_back(
        [&, i] { walked[i] = Walk(users[i], static_cast<int>(i % 3) + 1); });
  for (auto& thread : threads)
    thread.join();

  for (const auto& x : walked) {
    ASSERT_EQ(x.logs["total_count"], 1) << x.user;
    EXPECT_EQ(x.logs["logs"][0]["user_id"], x.user);
    EXPECT_EQ(x.logs["logs"][0]["request_id"], x.inference["request_id"]);
    EXPECT_THAT(x.logs["logs"][0]["inputs"]["text"].get<std::string>(),
                testing::EndsWith(" of " + x.user));
    auto own = When(Get(path::preferences).As(x.user)).json();
    ASSERT_EQ(own.size(), 1u);
    EXPECT_EQ(own[0]["user_id"], x.user);
  }
}

TEST_F(CrossService, InferenceLogsPersistAcrossWorkflow) {
  std::vector<std::string> ids;
  for (int i = 0; i < 5; ++i)
    ids.push_back(GivenInference(user_a, "call " + std::to_string(i))["request_id"]);

  auto logs = When(Get(path::logs).As(user_a)).json()["logs"];

  ASSERT_EQ(logs.size(), 5u);
  for (std::size_t i = 0; i < 5; ++i) {
    EXPECT_EQ(logs[i]["request_id"], ids[4 - i]);
    EXPECT_EQ(logs[i]["inputs"]["text"], "call " + std::to_string(4 - i));
    EXPECT_EQ(logs[i]["predictions"]["predictions"][0],
              "label-of-call " + std::to_string(4 - i));
  }
}

} // namespace lakegate::integration
