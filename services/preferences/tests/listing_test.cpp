#include "services/preferences/tests/world.hpp"

namespace lakegate::preferences {

namespace {

class ListingPreferences : public ::testing::Test {
protected:
  void fill(const std::string& user, std::vector<std::string> keys) {
    std::vector<save_preference> commands;
    for (const auto& key : keys)
      commands.push_back(save_command(user, key, R"({"a":1})"));
    app.ask_all<saved_preference>(std::move(commands));
  }

  world app{test::postgres_cluster::shared()};
};

} // namespace

TEST_F(ListingPreferences, IsEmptyForANewUser) {
  auto page = app.list("ada");

  EXPECT_TRUE(page->items.empty());
  EXPECT_EQ(page->total, 0);
  EXPECT_EQ(page->skipped, 0);
}

TEST_F(ListingPreferences, OrdersKeysByTheirBytes) {
  fill("ada", {"b", "a", "B", "\xC3\xA4", "a-b", "ab", "A", "_", "\xEF\xBF\xBD",
               "\xF0\x9F\x98\x80"});

  EXPECT_EQ(keys_of(*app.list("ada").value),
            "A B _ a a-b ab b \xC3\xA4 \xEF\xBF\xBD \xF0\x9F\x98\x80");
}

TEST_F(ListingPreferences, PagesWithoutGaps) {
  std::vector<std::string> keys;
  for (int i = 0; i < 200; ++i)
    keys.push_back("key-" + std::to_string(1000 + i));
  fill("ada", keys);

  std::string all;
  for (int offset = 0; offset < 200; offset += 50) {
    auto page = app.list("ada", 50, offset);
    EXPECT_EQ(page->total, 200);
    EXPECT_EQ(page->items.size(), 50U);
    all += keys_of(*page.value) + " ";
  }

  std::string expected;
  for (const auto& key : keys)
    expected += key + " ";
  EXPECT_EQ(all, expected);
}

TEST_F(ListingPreferences, TellsTheTotalPastTheEnd) {
  fill("ada", {"a", "b"});

  auto page = app.list("ada", 10, 9'000'000'000'000'000'000);

  EXPECT_TRUE(page->items.empty());
  EXPECT_EQ(page->total, 2);
}

TEST_F(ListingPreferences, ShowsOnlyOneKeyIfAsked) {
  fill("ada", {"a", "b"});

  auto one = app.ask<preference_page>(
      list_preferences{caller_of("ada"), std::string{"b"}, 1000, 0});
  auto none = app.ask<preference_page>(
      list_preferences{caller_of("ada"), std::string{"c"}, 1000, 0});

  EXPECT_EQ(keys_of(*one.value), "b");
  EXPECT_EQ(one->total, 1);
  EXPECT_EQ(none->total, 0);
}

TEST_F(ListingPreferences, RefusesBadPages) {
  auto low = app.list("ada", 0, -1);

  EXPECT_EQ(low.code(), errc::invalid_request);
  EXPECT_THAT(low.error.details, ::testing::HasSubstr("\"limit\""));
  EXPECT_THAT(low.error.details, ::testing::HasSubstr("\"offset\""));
  EXPECT_EQ(app.list("ada", 1001).code(), errc::invalid_request);
  EXPECT_EQ(app.ask<preference_page>(
                   list_preferences{caller_of("ada"), std::string{"."}, 10, 0})
                .code(),
            errc::invalid_preference);
}

TEST_F(ListingPreferences, ShowsAUserOnlyTheirOwn) {
  fill("ada", {"a", "shared"});
  fill("bob", {"b", "shared"});

  EXPECT_EQ(keys_of(*app.list("ada").value), "a shared");
  EXPECT_EQ(keys_of(*app.list("bob").value), "b shared");
  EXPECT_EQ(app.get("bob", "a").code(), errc::preference_not_found);
  EXPECT_EQ(app.remove("bob", "a").code(), errc::preference_not_found);
  app.save("bob", "shared", R"({"whose":"bob"})");
  app.remove("bob", "b");
  EXPECT_EQ(app.get("ada", "shared")->value.str(), R"({"a":1})");
  EXPECT_EQ(app.list("ada")->total, 2);
}

TEST_F(ListingPreferences, TellsUsersApartToTheLetter) {
  fill("ada", {"a"});

  EXPECT_EQ(app.list("Ada")->total, 0);
  EXPECT_EQ(app.list("ada ")->total, 0);
  EXPECT_EQ(app.list("ada' OR '1'='1")->total, 0);
  EXPECT_EQ(app.list("%")->total, 0);
}

TEST(ListingLargePreferences, RefusesPagesThatNoAnswerCanHold) {
  limits allowed;
  allowed.list_bytes = 3000;
  world app{test::postgres_cluster::shared(), {}, allowed};
  for (const auto* key : {"a", "b", "c", "d"})
    app.save("ada", key, R"({"x":")" + std::string(992, 'x') + R"("})");

  auto refused = app.list("ada");

  EXPECT_EQ(refused.code(), errc::invalid_request);
  EXPECT_EQ(refused.error.message,
            "limit gives a page of more than 3000 bytes of values: ask for fewer.");
  EXPECT_EQ(keys_of(*app.list("ada", 3).value), "a b c");
}

} // namespace lakegate::preferences
