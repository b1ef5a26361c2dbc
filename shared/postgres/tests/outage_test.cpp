#include "shared/postgres/tests/live_database.hpp"

#include <lakegate/testing/temporary_postgres.hpp>
#include <lakegate/testing/time_until.hpp>

#include <gtest/gtest.h>

#include <atomic>

namespace lakegate::postgres {

namespace {

using namespace std::chrono_literals;
using test::backend;
using test::nap;

constexpr statement one{"one", "SELECT 1"};
constexpr statement slow_write{"slow_write", "INSERT INTO t SELECT 1 FROM pg_sleep($1)",
                               true};
constexpr statement repeatable{"repeatable",
                               "INSERT INTO t SELECT 1 FROM pg_sleep($1) ON CONFLICT DO "
                               "NOTHING",
                               true, true};

/// Gives passwords from a list, the last one for ever, and counts.
class scripted_passwords final : public credential_provider {
public:
  explicit scripted_passwords(std::vector<std::string> script)
      : script_{std::move(script)} {}

  caf::expected<access_token> password(std::chrono::milliseconds, bool fresh) override {
    fresh_asked += fresh ? 1 : 0;
    const auto index = std::min<std::size_t>(asked++, script_.size() - 1);
    return access_token{script_[index]};
  }
  bool expires() const noexcept override { return true; }

  std::atomic<std::size_t> asked{0};
  std::atomic<int> fresh_asked{0};

private:
  std::vector<std::string> script_;
};

database_config config_for(const test::postgres_cluster& server,
                           const std::string& database) {
  database_config result;
  result.process = "test";
  result.connection = test::config_of(server, database);
  result.credentials = std::make_shared<static_password>(test::password_of(server));
  result.migrations = {"test", {{1, "0001_t", "CREATE TABLE t (x int UNIQUE)"}}};
  return result;
}

class LosingTheDatabase : public ::testing::Test {
protected:
  test::temporary_postgres server;
  database_config config = config_for(server, "postgres");
};

class LosingConnections : public ::testing::Test {
protected:
  /// Ends the backends that sleep, once there are any.
  void kill_sleepers() {
    test::time_until([&] {
      return server.run(database, "SELECT count(pg_terminate_backend(pid)) FROM "
                                  "pg_stat_activity WHERE datname = current_database() "
                                  "AND query LIKE '%pg_sleep%' AND pid <> "
                                  "pg_backend_pid() AND state = 'active'")
             != "0";
    });
  }

  test::postgres_cluster& server = test::postgres_cluster::shared();
  std::string database = server.create_database();
  database_config config = config_for(server, database);
};

class LoggingIn : public LosingConnections {};

bool is_up(test::live_database& db) {
  return db.value(one) == "1";
}

} // namespace

TEST_F(LosingTheDatabase, AnswersAtOnceWhileItIsDown) {
  test::live_database db{config};
  ASSERT_TRUE(is_up(db));
  server.stop();
  ASSERT_EQ(db.value(one), "DATABASE_UNAVAILABLE");

  auto took = test::time_until([&] {
    for (int i = 0; i < 100; ++i)
      EXPECT_EQ(db.value(one), "DATABASE_UNAVAILABLE");
    return true;
  });

  EXPECT_LT(*took, 500ms);
  EXPECT_EQ(db.state().status, "down");
}

TEST_F(LosingTheDatabase, WorksWithinASecondOfItsReturn) {
  test::live_database db{config};
  ASSERT_TRUE(is_up(db));
  server.stop();
  ASSERT_FALSE(is_up(db));
  server.start();

  auto took = test::time_until([&] { return is_up(db); });

  ASSERT_TRUE(took);
  EXPECT_LT(*took, 1s);
  EXPECT_EQ(db.state().status, "up");
}

TEST_F(LosingTheDatabase, WorksAfterACrash) {
  test::live_database db{config};
  ASSERT_TRUE(is_up(db));
  server.crash();
  server.start();

  EXPECT_TRUE(test::time_until([&] { return is_up(db); }, 2s));
}

TEST_F(LosingTheDatabase, NeedsNoDatabaseAtTheStart) {
  server.stop();
  test::live_database db{config};
  ASSERT_EQ(db.value(one), "DATABASE_UNAVAILABLE");

  server.start();

  EXPECT_TRUE(test::time_until([&] { return is_up(db); }, 2s));
  EXPECT_EQ(server.run("postgres", "SELECT count(*) FROM t"), "0");
}

TEST_F(LosingConnections, RepeatsAReadWhoseBackendWasKilled) {
  test::live_database db{config};
  auto first = db.value(backend);
  server.kill_backends(database);

  auto second = db.value(backend);

  EXPECT_NE(second, first);
  EXPECT_NE(second, "DATABASE_UNAVAILABLE");
}

TEST_F(LosingConnections, RepeatsReadsUnderWayWhenTheirBackendIsKilled) {
  test::live_database db{config};
  ASSERT_TRUE(is_up(db));
  std::thread killer{[&] { kill_sleepers(); }};

  auto answers = db.ask_all({{&nap, {"0.4"}, 5s, ""}, {&one, {}, 5s, ""}});
  killer.join();

  EXPECT_EQ(answers[0].code, errc::none);
  EXPECT_EQ(answers[1].rows->at(0, 0), "1");
}

TEST_F(LosingConnections, RepeatsOnlyWritesThatMayBe) {
  test::live_database db{config};
  ASSERT_TRUE(is_up(db));

  std::thread first{[&] { kill_sleepers(); }};
  auto once = db.value(slow_write, {"0.3"});
  first.join();
  std::thread second{[&] { kill_sleepers(); }};
  auto twice = db.value(repeatable, {"0.3"});
  second.join();

  EXPECT_EQ(once, "DATABASE_UNAVAILABLE");
  EXPECT_EQ(twice, "no rows");
}

TEST_F(LosingTheDatabase, KeepsDeadlinesWhileItIsFrozen) {
  config.connection.connect_timeout = 300ms;
  test::live_database db{config};
  ASSERT_TRUE(is_up(db));
  server.freeze();

  auto took = test::time_until([&] {
    EXPECT_EQ(db.value(one, {}, 200ms), "DATABASE_UNAVAILABLE");
    return true;
  });
  auto known = test::time_until([&] { return db.state().status == "down"; });
  server.thaw();
  auto healed = test::time_until([&] { return is_up(db); });

  EXPECT_LT(*took, 400ms);
  EXPECT_LT(*known, 3s);
  ASSERT_TRUE(healed);
  EXPECT_LT(*healed, 1s);
}

TEST_F(LoggingIn, SaysThatThePasswordIsWrong) {
  config.credentials = std::make_shared<static_password>(access_token{"wrong"});
  test::live_database db{config};

  EXPECT_EQ(db.value(one), "DATABASE_UNAVAILABLE");
  EXPECT_EQ(db.state().detail, "PostgreSQL refuses the credentials.");
}

TEST_F(LoggingIn, AsksForAFreshPasswordOnce) {
  auto passwords = std::make_shared<scripted_passwords>(
      std::vector<std::string>{"expired", server.password()});
  config.credentials = passwords;
  test::live_database db{config};

  EXPECT_EQ(db.value(one), "1");
  EXPECT_EQ(passwords->asked, 2U);
  EXPECT_EQ(passwords->fresh_asked, 1);
}

TEST_F(LoggingIn, RenewsConnectionsWhosePasswordsExpireUnseen) {
  config.credentials =
      std::make_shared<scripted_passwords>(std::vector{server.password()});
  config.max_age = 200ms;
  test::live_database db{config};

  auto first = db.value(backend);
  auto renewed = test::time_until([&] {
    auto now = db.value(backend);
    EXPECT_NE(now, "DATABASE_UNAVAILABLE");
    return now != first;
  });

  EXPECT_TRUE(renewed);
}

TEST_F(LosingTheDatabase, EndsWithinASecondWhateverItWaitsFor) {
  config.connection.connect_timeout = 20s;
  auto db = std::make_unique<test::live_database>(config);
  ASSERT_TRUE(is_up(*db));
  server.freeze();
  db->value(one, {}, 150ms);

  auto took = test::time_until([&] {
    db.reset();
    return true;
  });

  EXPECT_LT(*took, 1s);
}

} // namespace lakegate::postgres
