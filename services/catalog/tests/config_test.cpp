#include "services/catalog/src/config.hpp"

#include <gmock/gmock.h>

namespace lakegate::catalog {
namespace {

caf::expected<config> Read(const runtime::environment& variables) {
  auto table = all_settings();
  auto values = runtime::settings::resolve(table, {}, variables);
  if (!values)
    return values.error();
  return read_config(*values);
}

TEST(ReadingTheSettings, HasADefaultForEverything) {
  auto read = Read({});

  ASSERT_TRUE(read);
  EXPECT_EQ(read->node.name, "catalog");
  EXPECT_EQ(read->node.listen_port, 4242);
  EXPECT_EQ(read->warehouse_id, "");
  EXPECT_EQ(read->workspace.host, "");
  ASSERT_EQ(read->preferences.size(), 1U);
  EXPECT_EQ(read->preferences[0].port, 4241);
  EXPECT_EQ(read->bounds.max_pages, limits{}.max_pages);
  EXPECT_EQ(read->bounds.max_result_bytes, limits{}.max_result_bytes);
  EXPECT_EQ(read->bounds.longest_poll, limits{}.longest_poll);
  EXPECT_EQ(read->bounds.defaults_timeout, limits{}.defaults_timeout);
  EXPECT_EQ(read->bounds.max_attempts, limits{}.max_attempts);
}

TEST(ReadingTheSettings, KnowsThePlatformsNames) {
  auto read = Read({{"DATABRICKS_HOST", "adb-1.azuredatabricks.net"},
                    {"DATABRICKS_WAREHOUSE_ID", "abc123"},
                    {"LAKEGATE_PREFERENCES_ADDRESS", "preferences:4242"}});

  ASSERT_TRUE(read);
  EXPECT_EQ(read->workspace.host, "https://adb-1.azuredatabricks.net");
  EXPECT_EQ(read->warehouse_id, "abc123");
  EXPECT_EQ(read->preferences[0].host, "preferences");
}

class ReadingAWrongSetting
    : public testing::TestWithParam<std::pair<const char*, const char*>> {};

TEST_P(ReadingAWrongSetting, StopsWithASentenceThatNamesIt) {
  auto read = Read({{GetParam().first, GetParam().second}});

  ASSERT_FALSE(read);
  EXPECT_THAT(runtime::sentence_of(read.error()), testing::HasSubstr(GetParam().first));
}

INSTANTIATE_TEST_SUITE_P(
    Settings, ReadingAWrongSetting,
    testing::Values(std::pair{"DATABRICKS_WAREHOUSE_ID", "a b"},
                    std::pair{"LAKEGATE_PREFERENCES_ADDRESS", "nowhere"},
                    std::pair{"LAKEGATE_CATALOG_MAX_PAGES", "0"},
                    std::pair{"LAKEGATE_CATALOG_MAX_RESULT_BYTES", "1e9"},
                    std::pair{"LAKEGATE_CATALOG_LONGEST_POLL", "1h"}));

} // namespace
} // namespace lakegate::catalog
