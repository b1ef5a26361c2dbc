#include "services/preferences/tests/world.hpp"

namespace lakegate::preferences {

namespace {

/// A table as an application with an ORM would have made it: jsonb, varchar, timestamps
/// without a zone, no version.
constexpr auto old_table = R"sql(
  CREATE SCHEMA lakegate;
  CREATE TABLE lakegate.user_preferences (
    id serial PRIMARY KEY,
    user_id varchar(100) NOT NULL,
    preference_key varchar(50) NOT NULL,
    preference_value jsonb,
    created_at timestamp NOT NULL DEFAULT now(),
    updated_at timestamp NOT NULL DEFAULT now(),
    UNIQUE (user_id, preference_key));
  INSERT INTO lakegate.user_preferences
    (user_id, preference_key, preference_value, created_at, updated_at)
  VALUES ('ada', 'theme', '{"b": 1, "a": 2}', '2024-05-06 07:08:09.123', '2024-05-06'),
         ('ada', 'nothing', NULL, now(), now());)sql";

class TakingAnOldTableOver : public ::testing::Test {
protected:
  world app{test::postgres_cluster::shared(), {}, {}, old_table};
};

} // namespace

TEST_F(TakingAnOldTableOver, KeepsItsRows) {
  auto page = app.list("ada");

  EXPECT_EQ(keys_of(*page.value), "theme");
  EXPECT_EQ(page->skipped, 1);
  EXPECT_EQ(page->items[0].value.str(), R"({"a": 2, "b": 1})");
  EXPECT_EQ(page->items[0].created_at, "2024-05-06T07:08:09.123Z");
}

TEST_F(TakingAnOldTableOver, ReplacesItsRows) {
  auto tag = app.get("ada", "theme")->etag;

  auto saved = app.save("ada", "theme", R"({"z":1,"y":2})", {{tag}, false});

  EXPECT_FALSE(saved->created);
  EXPECT_EQ(saved->item.value.str(), R"({"y": 2, "z": 1})");
  EXPECT_EQ(saved->item.created_at, "2024-05-06T07:08:09.123Z");
  EXPECT_EQ(app.get("ada", "theme")->value, saved->item.value);
}

TEST_F(TakingAnOldTableOver, TakesKeysThatWereTooLongForIt) {
  EXPECT_TRUE(app.save("ada", std::string(255, 'k'), "{}")->created);
}

TEST_F(TakingAnOldTableOver, HealsARowWithoutAValue) {
  EXPECT_EQ(app.get("ada", "nothing").code(), errc::data_corrupted);

  app.save("ada", "nothing", "{}");

  EXPECT_EQ(app.get("ada", "nothing")->value.str(), "{}");
}

TEST_F(TakingAnOldTableOver, RefusesNumbersThatJsonbCannotHoldOrReadBack) {
  std::string bomb = R"({"n":[1e131000)";
  for (int i = 0; i < 50; ++i)
    bomb += ",1e131000";
  bomb += "]}";

  EXPECT_EQ(app.save("ada", "a", bomb).code(), errc::invalid_preference);
  EXPECT_EQ(app.save("ada", "a", R"({"n":1e400000})").code(), errc::invalid_preference);
  EXPECT_EQ(app.get("ada", "a").code(), errc::preference_not_found);
  EXPECT_TRUE(app.save("ada", "a", R"({"n":1e300})")->created);
}

} // namespace lakegate::preferences
