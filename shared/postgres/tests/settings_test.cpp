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

TEST(ReadingDatabaseSettings, EncryptsUnlessTheHostIsThisMachine) {
  for (const auto* host : {"localhost", "127.0.0.1", "127.1.2.3", "::1",
                           "/var/run/postgresql", "@/abstract"})
    EXPECT_EQ(read({{"PGHOST", host}})->connection.ssl_mode, "prefer") << host;
  for (const auto* host : {"db.example.com", "10.0.0.1", "postgres", "127.example.com",
                           "localhost,db.example.com", "localhost.example.com"})
    EXPECT_EQ(read({{"PGHOST", host}})->connection.ssl_mode, "require") << host;
}

TEST(ReadingDatabaseSettings, TakesAModeThatIsGivenWithAPassword) {
  for (const auto* mode : {"disable", "allow", "prefer", "require"})
    EXPECT_EQ(
        read({{"PGHOST", "db.example.com"}, {"PGPASSWORD", "p"}, {"PGSSLMODE", mode}})
            ->connection.ssl_mode,
        mode);
}

TEST(ReadingDatabaseSettings, NeverSendsATokenOfTheWorkspaceInClearText) {
  for (const auto* mode : {"disable", "allow", "prefer"}) {
    auto config = read({{"PGHOST", "db.example.com"}, {"PGSSLMODE", mode}});

    ASSERT_FALSE(config) << mode;
    EXPECT_EQ(runtime::sentence_of(config.error()),
              "database.sslmode=" + std::string{mode}
                  + " could send the workspace's token to db.example.com in clear text: "
                    "set PGSSLMODE=require or better, or give PGPASSWORD.");
    EXPECT_TRUE(read({{"PGHOST", "127.0.0.1"}, {"PGSSLMODE", mode}})) << mode;
  }
}

TEST(ReadingDatabaseSettings, RefusesOddSchemas) {
  for (const auto* name : {"Upper", "a b", "1a", "pg_x", "a;b", "a\"b"})
    EXPECT_FALSE(read({{"LAKEGATE_DATABASE_SCHEMA", name}})) << name;
}

} // namespace lakegate::postgres
