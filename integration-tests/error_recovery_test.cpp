// Story 5: things break, the API says so truthfully, and works again without a restart.

#include "integration-tests/support/scenario.hpp"

namespace lakegate::integration {

using databricks::failure_kind;
using nlohmann::json;
using testing::_;
using testing::Return;

class ErrorRecovery : public Scenario {};

class DatabaseRecovery : public Scenario {
protected:
  world_options Options() const override { return {.own_cluster = true}; }
};

TEST_F(DatabaseRecovery, DatabaseUnavailableGives503WithRetry) {
  GivenPreference(user_a, "theme", {{"mode", "dark"}});
  World().own_cluster().stop();
  auto list = Get(path::preferences).As(user_a);
  auto down = Eventually(list, [](const Response& x) { return x.status == 503; });

  auto known = When(list);
  auto others = When(Get(path::catalogs).As(user_a));
  World().own_cluster().start();
  auto again = Eventually(
      list, [](const Response& x) { return x.status == 200; }, std::chrono::seconds{2});

  EXPECT_THAT(down, IsProblem(errc::database_unavailable));
  EXPECT_THAT(known, IsProblem(errc::database_unavailable));
  EXPECT_GE(known.json()["detail"]["retry_after"].get<int>(), 1);
  EXPECT_LT(known.took.count(), 50)
      << "once it is known to be down, the answer is at once";
  EXPECT_THAT(others, HasStatus(200)) << "the other services are not touched";
  EXPECT_THAT(again, HasStatus(200));
  EXPECT_EQ(again.json()[0]["preference_key"], "theme");
}

TEST_F(ErrorRecovery, KilledBackendsAreReplaced) {
  GivenPreference(user_a, "theme", {{"mode", "dark"}});
  World().KillBackends();

  auto again = Eventually(
      Get(path::preferences).As(user_a),
      [](const Response& x) { return x.status == 200; }, std::chrono::seconds{2});

  EXPECT_THAT(again, HasStatus(200));
}

TEST_F(DatabaseRecovery, InferencesWhileTheDatabaseIsAwayAreLoggedOnce) {
  World().own_cluster().stop();
  std::vector<std::string> ids;
  for (int i = 0; i < 5; ++i)
    ids.push_back(GivenInference(user_a, std::to_string(i))["request_id"]);
  World().own_cluster().start();

  auto logs = Eventually(Get(path::logs).As(user_a), [](const Response& x) {
    return x.status == 200 && x.json()["total_count"] == 5;
  });

  EXPECT_THAT(logs, HasStatus(200));
  EXPECT_EQ(
      Sql("SELECT count(*), count(DISTINCT request_id) FROM lakegate.inference_logs"),
      "5|5");
}

TEST_F(ErrorRecovery, TransientModelFailureRecovers) {
  auto answer = json_text::trusted(R"({"predictions":["fine"]})");
  EXPECT_CALL(Workspace().serving, invoke_endpoint(_))
      .WillOnce(Return(test::fails<databricks::invocation_answer>(
          Failing(failure_kind::unavailable, 503))))
      .WillOnce(Return(test::fails<databricks::invocation_answer>(
          Failing(failure_kind::unavailable, 502))))
      .WillRepeatedly(Return(caf::expected<databricks::invocation_answer>{
          databricks::invocation_answer{answer, ""}}));

  auto response = When(Classify("x").As(user_a));

  EXPECT_THAT(response, HasStatus(200));
  EXPECT_EQ(response.json()["predictions"]["predictions"], json{"fine"});
  EXPECT_EQ(When(Get(path::logs).As(user_a)).json()["total_count"], 1);
}

TEST_F(ErrorRecovery, ARequestAfterAnExhaustedOneSucceeds) {
  ON_CALL(Workspace().serving, invoke_endpoint(_))
      .WillByDefault(Return(test::fails<databricks::invocation_answer>(
          Failing(failure_kind::unavailable, 503))));
  auto exhausted = When(Classify("x", 3).As(user_a));
  testing::Mock::VerifyAndClear(&Workspace().serving);
  auto answer = json_text::trusted(R"({"predictions":["fine"]})");
  ON_CALL(Workspace().serving, invoke_endpoint(_))
      .WillByDefault(Return(caf::expected<databricks::invocation_answer>{
          databricks::invocation_answer{answer, ""}}));

  auto again = Eventually(Classify("y").As(user_a),
                          [](const Response& x) { return x.status == 200; });

  EXPECT_THAT(exhausted, IsProblem(errc::model_unavailable));
  EXPECT_THAT(again, HasStatus(200));
}

TEST_F(ErrorRecovery, PermissionRevokedMidSession) {
  auto query =
      Get(path::query + "?catalog=main&schema=default&table=customers").As(user_a);

  auto before = When(query);
  Workspace().Revoke(user_a, "main.default.*");
  auto after = When(query);
  Workspace().Grant(user_a, "main.default.*");
  auto again = When(query);

  EXPECT_THAT(before, HasStatus(200));
  EXPECT_THAT(after, IsProblem(errc::catalog_permission_denied));
  EXPECT_THAT(again, HasStatus(200));
}

TEST_F(ErrorRecovery, CorruptedDataHandled) {
  GivenPreference(user_a, "good", {{"v", 1}});
  GivenPreference(user_a, "broken", {{"v", 2}});
  GivenPreference(user_a, "worse", {{"v", 3}});
  Sql("UPDATE lakegate.user_preferences SET preference_value = '[1]' WHERE "
      "preference_key = "
      "'broken'");
  Sql("UPDATE lakegate.user_preferences SET preference_value = '7' WHERE preference_key "
      "= "
      "'worse'");

  auto list = When(Get(path::preferences).As(user_a));
  auto single = When(Get(path::preferences + "/broken").As(user_a));
  auto repair = When(Put(path::preferences + "/broken")
                         .With({{"preference_value", {{"v", 4}}}})
                         .As(user_a));
  auto removal = When(Delete(path::preferences + "/worse").As(user_a));
  auto healed = When(Get(path::preferences).As(user_a));

  EXPECT_THAT(list, testing::AllOf(HasStatus(200), HasHeader("X-Skipped-Rows", "2")));
  ASSERT_EQ(list.json().size(), 1u);
  EXPECT_EQ(list.json()[0]["preference_key"], "good");
  EXPECT_THAT(single, IsProblem(errc::data_corrupted));
  EXPECT_THAT(repair, HasStatus(200));
  EXPECT_THAT(removal, HasStatus(204));
  EXPECT_EQ(healed.json().size(), 2u);
  EXPECT_FALSE(healed.has_header("X-Skipped-Rows"));
}

TEST_F(ErrorRecovery, ADefectOfOursIs500AndLeaksNothing) {
  Sql("ALTER TABLE lakegate.user_preferences RENAME COLUMN version TO hidden");

  auto defect = When(Get(path::preferences).As(user_a));
  Sql("ALTER TABLE lakegate.user_preferences RENAME COLUMN hidden TO version");
  auto again = When(Get(path::preferences).As(user_a));

  EXPECT_THAT(defect, IsProblem(errc::internal_error));
  EXPECT_EQ(defect.body.find("version"), std::string::npos);
  EXPECT_THAT(again, HasStatus(200));
}

/// One row a service: what shows that it is down, and what must not notice.
struct outage {
  world::service which;
  std::string own;
  std::vector<std::string> others;
};

class ServiceOutage : public Scenario, public testing::WithParamInterface<outage> {};

TEST_P(ServiceOutage, OneServiceDownLeavesTheOthersAndComesBack) {
  const auto& [which, own, others] = GetParam();
  EXPECT_THAT(When(Get(own).As(user_a)), HasStatus(200));

  World().Kill(which);
  auto down =
      Eventually(Get(own).As(user_a), [](const Response& x) { return x.status == 503; });
  for (const auto& other : others)
    EXPECT_THAT(When(Get(other).As(user_a)), HasStatus(200));
  World().Start(which);
  auto again = Eventually(
      Get(own).As(user_a), [](const Response& x) { return x.status == 200; },
      std::chrono::seconds{2});

  EXPECT_THAT(down, IsProblem(errc::service_unavailable));
  EXPECT_THAT(again, HasStatus(200));
}

std::string name_of(const testing::TestParamInfo<outage>& row) {
  switch (row.param.which) {
  case world::service::preferences:
    return "Preferences";
  case world::service::catalog:
    return "Catalog";
  default:
    return "ModelServing";
  }
}

INSTANTIATE_TEST_SUITE_P(
    Of, ServiceOutage,
    testing::Values(outage{world::service::preferences,
                           path::preferences,
                           {path::catalogs, path::logs, path::endpoints}},
                    outage{world::service::catalog,
                           path::catalogs,
                           {path::preferences, path::logs, path::endpoints}},
                    outage{world::service::model_serving,
                           path::logs,
                           {path::preferences, path::catalogs}}),
    name_of);

} // namespace lakegate::integration
