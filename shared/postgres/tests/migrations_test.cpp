#include <lakegate/postgres/migrations.hpp>

#include "shared/postgres/tests/support.hpp"

#include <lakegate/testing/temporary_postgres.hpp>

#include <gtest/gtest.h>

#include <thread>

namespace lakegate::postgres {

namespace {

class ApplyingMigrations : public ::testing::Test {
protected:
  ApplyingMigrations() { config.schema = "lakegate"; }

  std::optional<sql_failure> apply(const migration_set& what) {
    auto to = test::connect(config, test::password_of(server));
    return apply_migrations(to, config.schema, what);
  }

  std::string ask(const std::string& sql) { return server.run(database, sql); }

  test::postgres_cluster& server = test::postgres_cluster::shared();
  std::string database = server.create_database();
  connection_config config = test::config_of(server, database);
  migration_set first{"fruit", {{1, "0001_apple", "CREATE TABLE apple (x int)"}}};
  migration_set both{"fruit",
                     {{1, "0001_apple", "CREATE TABLE apple (x int)"},
                      {2, "0002_pear",
                       "CREATE TABLE pear (x int); INSERT INTO pear "
                       "VALUES (1)"}}};
};

} // namespace

TEST_F(ApplyingMigrations, MakesTheSchemaAndRemembers) {
  EXPECT_FALSE(apply(both));

  EXPECT_EQ(ask("SELECT x FROM lakegate.pear"), "1");
  EXPECT_EQ(ask("SELECT service, version FROM lakegate.schema_migrations ORDER BY 2"),
            "fruit|1\nfruit|2");
}

TEST_F(ApplyingMigrations, AppliesOnlyWhatIsMissing) {
  apply(first);

  EXPECT_FALSE(apply(both));
  EXPECT_FALSE(apply(both));

  EXPECT_EQ(ask("SELECT count(*) FROM lakegate.pear"), "1");
}

TEST_F(ApplyingMigrations, LetsServicesShareASchema) {
  apply(first);

  EXPECT_FALSE(apply({"tools", {{1, "0001_saw", "CREATE TABLE saw (x int)"}}}));

  EXPECT_EQ(ask("SELECT count(*) FROM lakegate.schema_migrations"), "2");
}

TEST_F(ApplyingMigrations, LeavesNothingOfAFailure) {
  both.steps[1].sql = "CREATE TABLE pear (x int); SELECT nope";

  auto failed = apply(both);

  EXPECT_EQ(failed->sqlstate, "42703");
  EXPECT_EQ(failed->message, "0002_pear: column \"nope\" does not exist");
  EXPECT_EQ(ask("SELECT to_regclass('lakegate.apple') IS NULL"), "t");
}

TEST_F(ApplyingMigrations, WorksForManyAtOnce) {
  std::vector<std::thread> starters;
  std::atomic<int> failures{0};

  for (int i = 0; i < 6; ++i)
    starters.emplace_back([&] { failures += apply(both) ? 1 : 0; });
  for (auto& x : starters)
    x.join();

  EXPECT_EQ(failures, 0);
  EXPECT_EQ(ask("SELECT count(*) FROM lakegate.pear"), "1");
}

TEST_F(ApplyingMigrations, NeedsNoRightToCreateSchemasWhereThereIsOne) {
  test::temporary_postgres own; // A role is the whole server's.
  own.run("postgres", "CREATE ROLE app_role LOGIN PASSWORD 'app'; CREATE SCHEMA lakegate "
                      "AUTHORIZATION app_role");
  config = test::config_of(own, "postgres");
  config.schema = "lakegate";
  config.user = "app_role";
  auto to = test::connect(config, access_token{"app"});

  EXPECT_FALSE(apply_migrations(to, config.schema, both));
}

} // namespace lakegate::postgres
