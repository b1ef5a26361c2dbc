#include <lakegate/databricks/oauth.hpp>
#include <lakegate/databricks/workspace.hpp>

#include <gtest/gtest.h>

namespace lakegate::databricks {

namespace {

caf::expected<runtime::settings> Resolve(const runtime::environment& variables) {
  auto table = workspace_settings();
  for (auto& row : service_principal_settings())
    table.push_back(std::move(row));
  return runtime::settings::resolve(table, {}, variables);
}

workspace_config Read(const runtime::environment& variables) {
  auto values = Resolve(variables);
  EXPECT_TRUE(values);
  auto config = read_workspace_config("catalog", *values);
  EXPECT_TRUE(config);
  return *config;
}

TEST(ReadingTheSettings, NeedsNoWorkspace) {
  auto config = Read({});

  EXPECT_EQ(config.host, "");
  EXPECT_EQ(config.process, "catalog");
  EXPECT_EQ(config.http.max_connections_per_host, 64u);
  EXPECT_EQ(config.http.max_in_flight, 512u);
}

TEST(ReadingTheSettings, KeepsSchemeAndHostOfAPastedAddress) {
  auto config = Read({{"DATABRICKS_HOST", "adb-1.2.azuredatabricks.net/sql?o=12"}});

  EXPECT_EQ(config.host, "https://adb-1.2.azuredatabricks.net");
  EXPECT_EQ(config.workspace_id, "12");
}

TEST(ReadingTheSettings, PrefersTheWorkspaceIdOfItsVariable) {
  auto config = Read({{"DATABRICKS_HOST", "http://127.0.0.1:8181/?o=12"},
                      {"DATABRICKS_WORKSPACE_ID", "7"}});

  EXPECT_EQ(config.host, "http://127.0.0.1:8181");
  EXPECT_EQ(config.workspace_id, "7");
}

TEST(ReadingTheSettings, RefusesWhatIsNoAddress) {
  EXPECT_FALSE(Resolve({{"DATABRICKS_HOST", "ftp://x"}}));
  EXPECT_FALSE(Resolve({{"DATABRICKS_HOST", "a b"}}));
  EXPECT_FALSE(Resolve({{"LAKEGATE_DATABRICKS_MAX_CONNECTIONS", "0"}}));
}

TEST(ReadingTheSettings, FindsThePrincipalAndHidesItsSecret) {
  auto values = Resolve({{"DATABRICKS_HOST", "https://example.com"},
                         {"DATABRICKS_CLIENT_ID", "id-1"},
                         {"DATABRICKS_CLIENT_SECRET", "canary"},
                         {"LAKEBASE_ENDPOINT", "projects/p"}});

  auto who = read_service_principal(*values, "lake-1");

  EXPECT_TRUE(who.exists());
  EXPECT_EQ(who.client_id, "id-1");
  EXPECT_EQ(who.client_secret.reveal(), "canary");
  EXPECT_EQ(who.lakebase_instance, "lake-1");
  EXPECT_EQ(who.lakebase_endpoint, "projects/p");
  EXPECT_EQ(values->print().find("canary"), std::string::npos);
}

TEST(ReadingTheSettings, KnowsNoPrincipalWithoutAWorkspaceOrItsName) {
  auto without_workspace =
      Resolve({{"DATABRICKS_CLIENT_ID", "id-1"}, {"DATABRICKS_CLIENT_SECRET", "canary"}});
  auto without_name = Resolve({{"DATABRICKS_HOST", "https://example.com"}});

  EXPECT_FALSE(read_service_principal(*without_workspace).exists());
  EXPECT_FALSE(read_service_principal(*without_name).exists());
}

} // namespace

} // namespace lakegate::databricks
