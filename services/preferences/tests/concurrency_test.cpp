#include "services/preferences/tests/world.hpp"

#include <algorithm>
#include <thread>

namespace lakegate::preferences {

namespace {

using namespace std::chrono_literals;

/// Four connections, so that statements really run side by side. All must be up: commands
/// on one connection run one after the other.
void with_four(postgres::database_config& config) {
  config.connections = 4;
}

limits ten_keys() {
  limits result;
  result.keys_per_user = 10;
  return result;
}

class WritingAtOnce : public ::testing::Test {
protected:
  WritingAtOnce() {
    while (app.sql("SELECT count(*) FROM pg_stat_activity WHERE application_name = "
                   "'lakegate' AND datname = current_database()")
           != "4") {
    }
  }

  world app{test::postgres_cluster::shared(), with_four, ten_keys()};
};

std::size_t created_among(const std::vector<reply<saved_preference>>& replies) {
  return static_cast<std::size_t>(std::ranges::count_if(
      replies, [](const auto& x) { return x.value && x.value->created; }));
}

std::size_t failed_with(errc code, const std::vector<reply<saved_preference>>& replies) {
  return static_cast<std::size_t>(
      std::ranges::count_if(replies, [&](const auto& x) { return x.code() == code; }));
}

} // namespace

TEST_F(WritingAtOnce, CreatesOneKeyOnce) {
  for (int round = 0; round < 10; ++round) {
    const auto key = "key-" + std::to_string(round);
    std::vector<save_preference> commands;
    for (int writer = 0; writer < 7; ++writer)
      commands.push_back(
          save_command("ada", key, R"({"writer":)" + std::to_string(writer) + "}"));

    auto replies = app.ask_all<saved_preference>(std::move(commands));

    EXPECT_EQ(created_among(replies), 1U);
    EXPECT_EQ(failed_with(errc::none, replies), 7U);
  }
  EXPECT_EQ(app.list("ada")->total, 10);
}

TEST_F(WritingAtOnce, LosesNoVersion) {
  std::vector<save_preference> commands;
  for (int i = 0; i < 70; ++i)
    commands.push_back(save_command("ada", "theme", "{}"));

  auto replies = app.ask_all<saved_preference>(std::move(commands));

  EXPECT_EQ(failed_with(errc::none, replies), 70U);
  EXPECT_EQ(app.sql("SELECT version FROM lakegate.user_preferences"), "70");
}

TEST_F(WritingAtOnce, LetsOneIfMatchWin) {
  for (int round = 0; round < 20; ++round) {
    auto tag = app.save("ada", "theme", "{}")->item.etag;
    std::vector<save_preference> commands;
    for (int i = 0; i < 8; ++i)
      commands.push_back(save_command("ada", "theme", "{}", {{tag}, false}));

    auto replies = app.ask_all<saved_preference>(std::move(commands));

    EXPECT_EQ(failed_with(errc::none, replies), 1U);
    EXPECT_EQ(failed_with(errc::precondition_failed, replies), 7U);
  }
}

TEST_F(WritingAtOnce, LetsOneIfNoneMatchWin) {
  std::vector<save_preference> commands;
  for (int i = 0; i < 7; ++i)
    commands.push_back(save_command("ada", "theme", "{}", {{}, true}));

  auto replies = app.ask_all<saved_preference>(std::move(commands));

  EXPECT_EQ(created_among(replies), 1U);
  EXPECT_EQ(failed_with(errc::precondition_failed, replies), 6U);
}

TEST_F(WritingAtOnce, NeverExceedsTheQuota) {
  for (int round = 0; round < 40; ++round) {
    const auto user = "user-" + std::to_string(round);
    for (int i = 0; i < 9; ++i)
      app.save(user, "first-" + std::to_string(i), "{}");
    std::vector<save_preference> commands;
    for (int i = 0; i < 8; ++i)
      commands.push_back(save_command(user, "then-" + std::to_string(i), "{}"));

    auto replies = app.ask_all<saved_preference>(std::move(commands));

    EXPECT_EQ(created_among(replies), 1U);
    EXPECT_EQ(failed_with(errc::invalid_preference, replies), 7U);
    EXPECT_EQ(app.list(user)->total, 10);
  }
}

TEST_F(WritingAtOnce, StillReplacesAtTheQuota) {
  for (int i = 0; i < 10; ++i)
    app.save("ada", "key-" + std::to_string(i), "{}");

  auto refused = app.save("ada", "one-more", "{}");

  EXPECT_EQ(refused.code(), errc::invalid_preference);
  EXPECT_EQ(refused.error.message, "preference_key is new, but a user holds at most 10 "
                                   "keys: delete one first.");
  EXPECT_FALSE(app.save("ada", "key-3", "{}")->created);
  EXPECT_TRUE(app.save("bob", "key-3", "{}")->created);
  app.remove("ada", "key-3");
  EXPECT_TRUE(app.save("ada", "one-more", "{}")->created);
}

TEST_F(WritingAtOnce, HoldsUpNoOtherUser) {
  app.save("ada", "theme", "{}");
  std::thread holder{[&] {
    app.sql("BEGIN; SELECT pg_advisory_xact_lock(hashtextextended("
            "'lakegate.preferences.ada', 0)); SELECT pg_sleep(2); COMMIT");
  }};
  // This very lock: connections that migrate hold others.
  while (
      app.sql("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted AND "
              "database = (SELECT oid FROM pg_database WHERE datname = "
              "current_database()) AND (classid::bigint << 32 | objid::bigint) = "
              "hashtextextended('lakegate.preferences.ada', 0)")
      == "0") {
  }

  const auto begin = std::chrono::steady_clock::now();
  EXPECT_TRUE(app.save("bob", "theme", "{}")->created);
  EXPECT_FALSE(app.save("ada", "theme", "{}")->created);
  const auto free_ones = std::chrono::steady_clock::now() - begin;
  EXPECT_TRUE(app.save("ada", "new", "{}")->created);
  const auto all = std::chrono::steady_clock::now() - begin;
  holder.join();

  EXPECT_LT(free_ones, 500ms);
  EXPECT_GT(all, 500ms);
}

TEST(HoldingManyPreferences, TakesAThousandKeysAndNoMore) {
  world app{test::postgres_cluster::shared()};
  std::vector<save_preference> commands;
  for (int i = 0; i < 1001; ++i)
    commands.push_back(save_command("ada", std::to_string(100000 + i), "{}"));

  auto replies = app.ask_all<saved_preference>(std::move(commands));
  auto page = app.list("ada");

  EXPECT_EQ(created_among(replies), 1000U);
  EXPECT_EQ(page->items.size(), 1000U);
  EXPECT_EQ(page->total, 1000);
}

} // namespace lakegate::preferences
