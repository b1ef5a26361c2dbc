#include "services/preferences/src/checks.hpp"

#include <gtest/gtest.h>

namespace lakegate::preferences {

namespace {

save_preference valid() {
  save_preference result;
  result.key = "theme";
  result.value = json_text::trusted("{}");
  return result;
}

std::string details_of(const caf::error& err) {
  return failure_of(err).details;
}

} // namespace

TEST(CheckingCommands, TakesWhatIsValid) {
  EXPECT_FALSE(check(valid()));
  EXPECT_FALSE(check(list_preferences{}));
}

TEST(CheckingCommands, NamesTheLimitOfValues) {
  auto cmd = valid();
  cmd.value = json_text::trusted("{" + std::string(1024 * 1024, ' ') + "}");

  EXPECT_EQ(
      details_of(check(cmd)),
      R"({"errors":[{"field":"preference_value","reason":"must be at most 1048576 bytes"}]})");
}

TEST(CheckingCommands, TakesOnlyObjects) {
  for (const auto* value : {"[]", "1", "null", "\"{}\"", "true"}) {
    auto cmd = valid();
    cmd.value = json_text::trusted(value);
    EXPECT_EQ(failure_of(check(cmd)).code, errc::invalid_preference) << value;
  }
}

TEST(CheckingCommands, ChecksTheKeyOfEveryCommand) {
  EXPECT_EQ(failure_of(check(get_preference{{}, ""})).code, errc::invalid_preference);
  EXPECT_EQ(failure_of(check(delete_preference{{}, "..", {}})).code,
            errc::invalid_preference);
}

TEST(CheckingCommands, ListsFaultsOfPageAndKeyTogether) {
  list_preferences cmd;
  cmd.key = std::string{"a\n"};
  cmd.limit = 1001;

  auto wrong = check(cmd);

  EXPECT_EQ(failure_of(wrong).code, errc::invalid_preference);
  EXPECT_NE(details_of(wrong).find("\"limit\""), std::string::npos);
  EXPECT_NE(details_of(wrong).find("\"preference_key\""), std::string::npos);
}

} // namespace lakegate::preferences
