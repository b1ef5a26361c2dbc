#include <lakegate/postgres/settings.hpp>

#include <gtest/gtest.h>

namespace lakegate::postgres {

namespace {

const std::vector<runtime::setting>& table() {
  static const auto result = database_settings();
  return result;
}

caf::expected<database_config> read(const runtime::environment& variables) {
  auto values = runtime::settings::resolve(table(), {}, variables);
  if (!values)
    return values.error();
  return read_database_config(*values);
}

} // namespace

TEST(ReadingDatabaseSettings, TakesNoHostForNoDatabase) {
  auto config = read({});

  EXPECT_EQ(config->connection.host, "");
  EXPECT_EQ(config->connection.schema, "lakegate");
  EXPECT_FALSE(config->credentials);
}

TEST(ReadingDatabaseSettings, PrefersThePlatformsNames) {
  auto config = read({{"PGHOST", "a"},
                      {"LAKEBASE_HOST", "b"},
                      {"LAKEBASE_PORT", "6432"},
                      {"PGUSER", "app"}});

  EXPECT_EQ(config->connection.host, "a");
  EXPECT_EQ(config->connection.port, 6432);
  EXPECT_EQ(config->connection.user, "app");
}

TEST(ReadingDatabaseSettings, LeavesAnEmptyPasswordToTheWorkspace) {
  EXPECT_FALSE(read({{"PGHOST", "a"}, {"PGPASSWORD", ""}})->credentials);
  EXPECT_FALSE(read({{"PGHOST", "a"}, {"PGPASSWORD", "p"}})->credentials->expires());
}

TEST(ReadingDatabaseSettings, WantsCertificatesToVerifyWith) {
  EXPECT_FALSE(read({{"PGHOST", "a"}, {"PGSSLMODE", "verify-full"}}));
  EXPECT_TRUE(read(
      {{"PGHOST", "a"}, {"PGSSLMODE", "verify-full"}, {"PGSSLROOTCERT", "/ca.pem"}}));
}

TEST(ReadingDatabaseSettings, RefusesOddSchemas) {
  for (const auto* name : {"Upper", "a b", "1a", "pg_x", "a;b", "a\"b"})
    EXPECT_FALSE(read({{"LAKEGATE_DATABASE_SCHEMA", name}})) << name;
}

} // namespace lakegate::postgres
