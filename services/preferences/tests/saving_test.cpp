#include "services/preferences/tests/world.hpp"

#include <lakegate/core/ids.hpp>

namespace lakegate::preferences {

namespace {

class SavingAPreference : public ::testing::Test {
protected:
  world app{test::postgres_cluster::shared()};
};

precondition if_match(std::string tag) {
  return {{std::move(tag)}, false};
}

constexpr auto must_be_new = [] { return precondition{{}, true}; };

} // namespace

TEST_F(SavingAPreference, TellsCreatedFromReplaced) {
  auto first = app.save("ada", "theme", R"({"color":"dark"})");
  auto second = app.save("ada", "theme", R"({"color":"light"})");

  EXPECT_TRUE(first->created);
  EXPECT_FALSE(second->created);
  EXPECT_EQ(second->item.id, first->item.id);
  EXPECT_EQ(app.get("ada", "theme")->value.str(), R"({"color":"light"})");
  EXPECT_EQ(app.sql("SELECT count(*) FROM lakegate.user_preferences"), "1");
}

TEST_F(SavingAPreference, ReturnsWhatAReadReturns) {
  auto saved = app.save("ada", "theme", R"({"a":1})")->item;

  auto got = app.get("ada", "theme");

  EXPECT_EQ(got->id, saved.id);
  EXPECT_EQ(got->user_id, "ada");
  EXPECT_EQ(got->key, "theme");
  EXPECT_EQ(got->value, saved.value);
  EXPECT_EQ(got->created_at, saved.created_at);
  EXPECT_EQ(got->updated_at, saved.updated_at);
  EXPECT_EQ(got->etag, saved.etag);
  EXPECT_TRUE(saved.etag.starts_with('"') && saved.etag.ends_with('"')) << saved.etag;
}

TEST_F(SavingAPreference, KeepsCreatedAtAndMovesUpdatedAt) {
  auto first = app.save("ada", "theme", "{}")->item;
  auto second = app.save("ada", "theme", "{}")->item;
  auto third = app.save("ada", "theme", "{}")->item;

  EXPECT_EQ(first.created_at, first.updated_at);
  EXPECT_EQ(third.created_at, first.created_at);
  EXPECT_LT(first.updated_at, second.updated_at);
  EXPECT_LT(second.updated_at, third.updated_at);
}

TEST_F(SavingAPreference, WritesTimesAsTheContractSays) {
  auto saved = app.save("ada", "theme", "{}")->item;

  EXPECT_THAT(saved.created_at, ::testing::MatchesRegex(
                                    "20[0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9]"
                                    "[0-9]:[0-9][0-9]\\.[0-9][0-9][0-9]Z"));
  auto told = parse_rfc3339(saved.created_at);
  auto away = std::chrono::system_clock::now() - *told;
  EXPECT_LT(away, std::chrono::seconds{60});
}

TEST_F(SavingAPreference, WritesUtcWhateverTheTimeZoneOfTheRoleIs) {
  app.save("ada", "theme", "{}");
  app.sql(
      "UPDATE lakegate.user_preferences SET created_at = '2026-01-02T03:04:05.678+05'");

  EXPECT_EQ(app.get("ada", "theme")->created_at, "2026-01-01T22:04:05.678Z");
  EXPECT_EQ(app.sql("SET TimeZone = 'Asia/Kolkata'; SELECT "
                    "lakegate.preference_time('2026-01-02T03:04:05.678Z')"),
            "2026-01-02T03:04:05.678Z");
}

TEST_F(SavingAPreference, KeepsTheTextDigitForDigit) {
  for (const std::string value :
       {R"({"a":9007199254740993,"b":1.10,"c":1e400,"d":-0.0})", R"({ "z":1 , "a":2 })",
        R"({"a":"\u00fc \ud83d\ude00 / \/"})", "{\"\xF0\x9F\x98\x80\":\"\xC3\xBC\"}"}) {
    app.save("ada", "theme", value);
    EXPECT_EQ(app.get("ada", "theme")->value.str(), value);
  }
}

TEST_F(SavingAPreference, TakesOddKeysAsTheyAre) {
  std::string longest;
  for (int i = 0; i < 255; ++i)
    longest += "\xF0\x9F\x98\x80";
  for (const std::string& key :
       {std::string{"a/b"}, std::string{"it's"}, std::string{"\"; DROP TABLE x; --"},
        std::string{"$1"}, std::string{"\\"}, std::string{"a b"}, std::string{"%2F"},
        std::string{"..."}, std::string{"\xC3\xBC"}, std::string{"u\xCC\x88"}, longest}) {
    EXPECT_TRUE(app.save("ada", key, R"({"a":1})")->created) << key;
    EXPECT_EQ(app.get("ada", key)->key, key);
  }
  EXPECT_EQ(app.list("ada")->total, 11);
}

TEST_F(SavingAPreference, TakesAValueOfOneMebibyte) {
  const std::string value = R"({"a":")" + std::string(1024 * 1024 - 8, 'x') + R"("})";

  EXPECT_TRUE(app.save("ada", "large", value)->created);
  EXPECT_EQ(app.get("ada", "large")->value.size(), 1024U * 1024U);
  EXPECT_EQ(app.save("ada", "larger", value + " ").code(), errc::invalid_preference);
}

TEST_F(SavingAPreference, RefusesEveryFaultAtOnceAndStoresNothing) {
  auto refused = app.save("ada", " ", "[1]");

  EXPECT_EQ(refused.code(), errc::invalid_preference);
  EXPECT_EQ(refused.error.details,
            R"({"errors":[{"field":"preference_key","reason":"must not be blank"},)"
            R"({"field":"preference_value","reason":"must be a JSON object"}]})");
  EXPECT_EQ(app.list("ada")->total, 0);
}

TEST_F(SavingAPreference, RefusesTextThatIsNoJson) {
  EXPECT_EQ(app.save("ada", "a", "{").code(), errc::invalid_preference);
  EXPECT_EQ(app.save("ada", "a", R"({"a":1,"a":2})").code(), errc::invalid_preference);
  EXPECT_EQ(app.save("ada", "a", R"({"a":"\u0000"})").code(), errc::invalid_preference);
}

TEST_F(SavingAPreference, WithIfMatchNeedsTheTagOfNow) {
  auto first = app.save("ada", "theme", R"({"a":1})")->item.etag;
  auto second = app.save("ada", "theme", R"({"a":2})", if_match(first));
  auto third = app.save("ada", "theme", R"({"a":3})", if_match(first));

  EXPECT_FALSE(second->created);
  EXPECT_NE(second->item.etag, first);
  EXPECT_EQ(third.code(), errc::precondition_failed);
  EXPECT_EQ(app.get("ada", "theme")->value.str(), R"({"a":2})");
}

TEST_F(SavingAPreference, WithIfMatchTakesOneOfSeveralTags) {
  auto tag = app.save("ada", "theme", "{}")->item.etag;

  EXPECT_TRUE(app.save("ada", "theme", "{}", {{"\"x\"", tag, "\"\\{,\""}, false}).value);
  EXPECT_TRUE(app.save("ada", "theme", "{}", if_match("*")).value);
}

TEST_F(SavingAPreference, WithIfMatchNeedsARow) {
  EXPECT_EQ(app.save("ada", "theme", "{}", if_match("*")).code(),
            errc::precondition_failed);
  EXPECT_EQ(app.save("ada", "theme", "{}", if_match("\xff")).code(),
            errc::precondition_failed);
  EXPECT_EQ(app.list("ada")->total, 0);
}

TEST_F(SavingAPreference, WithIfNoneMatchNeedsANewKey) {
  EXPECT_TRUE(app.save("ada", "theme", R"({"a":1})", must_be_new())->created);

  EXPECT_EQ(app.save("ada", "theme", R"({"a":2})", must_be_new()).code(),
            errc::precondition_failed);
  EXPECT_EQ(app.get("ada", "theme")->value.str(), R"({"a":1})");
}

TEST_F(SavingAPreference, NeverReusesATag) {
  auto first = app.save("ada", "theme", "{}")->item.etag;
  app.remove("ada", "theme");

  auto second = app.save("ada", "theme", "{}")->item.etag;
  app.sql("UPDATE lakegate.user_preferences SET preference_value = '{\"x\":1}'");
  auto third = app.get("ada", "theme")->etag;

  EXPECT_NE(second, first);
  EXPECT_NE(third, second);
}

TEST_F(SavingAPreference, CountsOutcomes) {
  app.save("ada", "theme", "{}");
  app.save("ada", "theme", "{}");
  app.save("ada", "", "{}");

  auto text = app.metrics_text();

  EXPECT_THAT(text, ::testing::HasSubstr(
                        "lakegate_preferences_writes_total{outcome=\"created\"} 1"));
  EXPECT_THAT(text, ::testing::HasSubstr(
                        "lakegate_preferences_writes_total{outcome=\"replaced\"} 1"));
  EXPECT_THAT(text, ::testing::HasSubstr(
                        "lakegate_preferences_writes_total{outcome=\"refused\"} 1"));
}

} // namespace lakegate::preferences
