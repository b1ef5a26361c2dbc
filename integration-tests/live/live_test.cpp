// Live mode: the scenarios that make sense against a real workspace, with the real
// Databricks actors over HTTP. They only read there, and what they write to the database
// is their own.

#include "integration-tests/live/live_workspace.hpp"
#include "integration-tests/support/scenario.hpp"

#include <sstream>

namespace lakegate::integration {

using nlohmann::json;

class Live : public Scenario {
protected:
  const live_workspace& there = live_workspace::shared();

  world_options Options() const override {
    world_options x;
    x.mocks = false;
    x.warehouse = false;
    x.settings = {{"DATABRICKS_HOST", there.host}};
    if (!there.warehouse_id.empty())
      x.settings.emplace_back("DATABRICKS_WAREHOUSE_ID", there.warehouse_id);
    return x;
  }

  void SetUp() override {
    if (there.host.empty())
      GTEST_SKIP() << "live mode needs DATABRICKS_HOST";
    if (there.token.empty())
      GTEST_SKIP() << "live mode needs DATABRICKS_TOKEN";
    Scenario::SetUp();
  }

  Response Mine(Request request) {
    return When(std::move(request).WithToken(there.token));
  }
  Response Theirs(Request request) {
    return When(std::move(request).WithToken(there.second_token));
  }

  /// catalog, schema, table of the readable table.
  std::vector<std::string> Readable() const {
    std::vector<std::string> parts;
    std::istringstream in{there.readable};
    for (std::string part; std::getline(in, part, '.');)
      parts.push_back(part);
    return parts;
  }

  std::string Table(const std::string& more) const {
    auto t = Readable();
    return path::query + "?catalog=" + Encoded(t[0]) + "&schema=" + Encoded(t[1])
           + "&table=" + Encoded(t[2]) + more;
  }
};

TEST_F(Live, TellsWhoTheCallerIs) {
  auto me = Mine(Get("/api/user/me"));
  auto workspace = Mine(Get("/api/user/me/workspace"));

  EXPECT_THAT(me, HasStatus(200));
  EXPECT_TRUE(me.json()["active"]);
  EXPECT_EQ(workspace.json()["workspace"]["url"], there.host);
}

TEST_F(Live, RefusesATokenThatNobodyGave) {
  auto response =
      When(Get("/api/user/me").WithToken("dapi00000000000000000000000000000000"));

  EXPECT_THAT(response, IsProblem(errc::auth_invalid));
}

TEST_F(Live, KeepsPreferencesOfItsOwn) {
  auto saved =
      Mine(Post(path::preferences)
               .With({{"preference_key", "live"}, {"preference_value", {{"v", 1}}}}));
  auto read = Mine(Get(path::preferences + "/live"));
  auto removed = Mine(Delete(path::preferences + "/live"));

  EXPECT_THAT(saved, HasStatus(201));
  EXPECT_EQ(read.json()["preference_value"], json({{"v", 1}}));
  EXPECT_THAT(removed, HasStatus(204));
}

TEST_F(Live, KeepsTwoUsersApart) {
  if (there.second_token.empty())
    GTEST_SKIP() << "needs LAKEGATE_TEST_SECOND_TOKEN, another user's token";
  Mine(Post(path::preferences)
           .With({{"preference_key", "live"}, {"preference_value", json::object()}}));

  EXPECT_EQ(Theirs(Get(path::preferences)).json(), json::array());
  EXPECT_NE(Theirs(Get("/api/user/me")).json()["userName"],
            Mine(Get("/api/user/me")).json()["userName"]);
}

TEST_F(Live, BrowsesDownToATable) {
  if (there.readable.empty())
    GTEST_SKIP() << "needs LAKEGATE_TEST_TABLE, such as samples.tpch.nation";
  auto t = Readable();

  auto catalogs = Mine(Get(path::catalogs));
  auto schemas = Mine(Get(path::schemas + "?catalog=" + Encoded(t[0])));
  auto names = Mine(
      Get(path::table_names + "?catalog=" + Encoded(t[0]) + "&schema=" + Encoded(t[1])));
  auto tables =
      Mine(Get(path::tables + "?catalog=" + Encoded(t[0]) + "&schema=" + Encoded(t[1])));

  EXPECT_THAT(catalogs.json(), testing::Contains(json(t[0])));
  EXPECT_THAT(schemas.json(), testing::Contains(json(t[1])));
  EXPECT_THAT(names.json(), testing::Contains(json(t[2])));
  EXPECT_EQ(tables.json().size(), names.json().size());
  auto sorted = names.json();
  EXPECT_TRUE(std::is_sorted(sorted.begin(), sorted.end()));
}

TEST_F(Live, QueriesInPagesThatDoNotOverlap) {
  if (there.readable.empty() || there.warehouse_id.empty())
    GTEST_SKIP() << "needs LAKEGATE_TEST_TABLE and DATABRICKS_WAREHOUSE_ID";
  auto first = Mine(Get(Table("&limit=2")));
  ASSERT_THAT(first, HasStatus(200));
  auto column = first.json()["data_source"]["columns"][0]["name"].get<std::string>();

  auto one = Mine(Get(Table("&limit=2&order_by=" + Encoded(column)))).json();
  auto two = Mine(Get(Table("&limit=1&offset=2&order_by=" + Encoded(column)))).json();
  auto past = Mine(Get(Table("&offset=2000000000"))).json();

  EXPECT_EQ(one["row_count"], 2);
  EXPECT_EQ(two["row_count"], 1);
  EXPECT_EQ(one["total_row_count"], two["total_row_count"]);
  EXPECT_NE(one["rows"][1], two["rows"][0]);
  EXPECT_EQ(past["rows"], json::array());
}

TEST_F(Live, FiltersInTheWarehouse) {
  if (there.readable.empty() || there.warehouse_id.empty())
    GTEST_SKIP() << "needs LAKEGATE_TEST_TABLE and DATABRICKS_WAREHOUSE_ID";
  auto t = Readable();
  auto row = Mine(Get(Table("&limit=1"))).json()["rows"][0];
  auto column = row.items().begin().key();

  auto response = Mine(Post(path::query)
                           .With({{"catalog", t[0]},
                                  {"schema", t[1]},
                                  {"table", t[2]},
                                  {"filters", {{column, row[column]}}}}));

  EXPECT_THAT(response, HasStatus(200));
  EXPECT_GE(response.json()["total_row_count"].get<int>(), 1);
  for (const auto& x : response.json()["rows"].get<std::vector<json>>())
    EXPECT_EQ(x[column], row[column]);
}

TEST_F(Live, TellsWhatIsMissing) {
  auto catalog = Mine(Get(path::schemas + "?catalog=lakegate_has_no_such_catalog"));
  auto endpoint = Mine(Get(path::endpoints + "/lakegate-has-no-such-endpoint"));

  EXPECT_THAT(catalog, IsProblem(errc::catalog_not_found));
  EXPECT_THAT(endpoint, IsProblem(errc::endpoint_not_found));
}

TEST_F(Live, DetectsInvokesAndLogs) {
  if (there.endpoint.empty())
    GTEST_SKIP() << "needs LAKEGATE_TEST_ENDPOINT, one that may be queried";
  auto name = there.endpoint;

  auto list = Mine(Get(path::endpoints));
  auto schema = Mine(Get(path::endpoints + "/" + Encoded(name) + "/schema"));
  auto run = Mine(Post(path::invoke)
                      .With({{"endpoint_name", name},
                             {"inputs", schema.json()["example_json"]},
                             {"timeout_seconds", 120}}));
  auto logs = Mine(Get(path::logs));

  EXPECT_THAT(list, HasStatus(200));
  EXPECT_EQ(schema.json()["status"], "SUCCESS");
  EXPECT_THAT(run, HasStatus(200));
  ASSERT_EQ(logs.json()["total_count"], 1);
  EXPECT_EQ(logs.json()["logs"][0]["request_id"], run.json()["request_id"]);
}

TEST_F(Live, ADeniedTableNamesTheCure) {
  if (!there.is_sandbox)
    GTEST_SKIP()
        << "needs a table that the second user may not read; known in the sandbox only";

  auto response = Theirs(Get(path::table_names + "?catalog=main&schema=default"));

  EXPECT_THAT(response, IsProblem(errc::catalog_permission_denied));
  EXPECT_THAT(response.json()["detail"]["technical_details"]["cure"].get<std::string>(),
              testing::StartsWith("GRANT "));
}

} // namespace lakegate::integration
