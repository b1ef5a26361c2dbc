#include "services/preferences/tests/world.hpp"

#include <lakegate/testing/captured_log.hpp>

namespace lakegate::preferences {

namespace {

class FindingUnreadableRows : public ::testing::Test {
protected:
  FindingUnreadableRows() {
    for (const auto* key : {"a", "b", "c"})
      app.save("ada", key, R"({"a":1})");
  }

  void spoil(const std::string& value) {
    app.sql("UPDATE lakegate.user_preferences SET preference_value = " + value
            + " WHERE preference_key = 'b'");
  }

  world app{test::postgres_cluster::shared()};
};

class FindingNumberBombs : public ::testing::Test {
protected:
  FindingNumberBombs() {
    app.list("ada");
    app.sql("ALTER TABLE lakegate.user_preferences ALTER preference_value TYPE jsonb");
    for (const auto* key : {"a", "b", "c"})
      app.save("ada", key, R"({"a":1})");
    app.sql("UPDATE lakegate.user_preferences SET preference_value = (SELECT "
            "jsonb_build_object('n', jsonb_agg('1e131000'::jsonb)) FROM "
            "generate_series(1, 20000)) WHERE preference_key = 'b'");
  }

  world app{test::postgres_cluster::shared(), [](postgres::database_config& config) {
              config.connection.statement_timeout = std::chrono::seconds{60};
            }};
};

} // namespace

TEST_F(FindingUnreadableRows, SkipsThemInLists) {
  for (const auto* value : {"'[1]'", "'7'", "'null'", "'\"text\"'"}) {
    spoil(value);
    auto page = app.list("ada");
    EXPECT_EQ(keys_of(*page.value), "a c") << value;
    EXPECT_EQ(page->skipped, 1);
    EXPECT_EQ(page->total, 3);
  }
  EXPECT_THAT(app.metrics_text(),
              ::testing::HasSubstr("lakegate_preferences_skipped_rows_total 4"));
}

TEST_F(FindingUnreadableRows, LogsWhoseRequestFoundThem) {
  spoil("'[1]'");
  test::captured_log log;

  app.list("ada");

  auto who = caller_of("ada");
  EXPECT_THAT(
      log.lines_of("preference_unreadable"),
      ::testing::ElementsAre(test::names_request(who.correlation_id, who.traceparent)));
}

TEST_F(FindingUnreadableRows, SkipsWhatIsTooLargeToBeOurs) {
  spoil("json_build_object('x', repeat('x', 5000000))");

  EXPECT_EQ(keys_of(*app.list("ada").value), "a c");
  EXPECT_EQ(app.get("ada", "b").code(), errc::data_corrupted);
}

TEST_F(FindingUnreadableRows, CallsThemCorruptedWhenAskedForByKey) {
  spoil("'[1]'");

  EXPECT_EQ(app.get("ada", "b").code(), errc::data_corrupted);
}

TEST_F(FindingUnreadableRows, HealsThemByAWrite) {
  spoil("'[1]'");

  EXPECT_FALSE(app.save("ada", "b", R"({"b":2})")->created);

  EXPECT_EQ(app.get("ada", "b")->value.str(), R"({"b":2})");
  EXPECT_EQ(app.list("ada")->skipped, 0);
}

TEST_F(FindingUnreadableRows, RemovesThem) {
  spoil("'[1]'");

  EXPECT_TRUE(app.remove("ada", "b").value);

  EXPECT_EQ(keys_of(*app.list("ada").value), "a c");
}

// One test: each look at the bomb makes PostgreSQL write a gigabyte.
TEST_F(FindingNumberBombs, SkipsThemInListsAndHealsThemByAWrite) {
  auto page = app.list("ada");
  auto healed = app.save("ada", "b", R"({"b":2})");

  EXPECT_EQ(keys_of(*page.value), "a c");
  EXPECT_EQ(page->skipped, 1);
  EXPECT_EQ(page->total, 3);
  EXPECT_FALSE(healed->created);
  EXPECT_EQ(app.get("ada", "b")->value.str(), R"({"b": 2})");
}

TEST_F(FindingNumberBombs, RemovesThem) {
  EXPECT_TRUE(app.remove("ada", "b").value);

  EXPECT_EQ(app.list("ada")->skipped, 0);
}

} // namespace lakegate::preferences
