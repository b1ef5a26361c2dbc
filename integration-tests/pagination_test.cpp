// Story 6: pages without gaps, at every size.

#include "integration-tests/support/scenario.hpp"

#include <regex>
#include <set>

namespace lakegate::integration {

using nlohmann::json;
using testing::AllOf;

class Pagination : public Scenario {
protected:
  void GivenPreferences(int count) {
    Sql("INSERT INTO lakegate.user_preferences (user_id, preference_key, "
        "preference_value) "
        "SELECT '"
        + user_a
        + "', 'key-' || lpad(i::text, 4, '0'), json_build_object('i', i) FROM "
          "generate_series(1, "
        + std::to_string(count) + ") i");
  }

  static std::vector<std::string> KeysOf(const Response& x) {
    std::vector<std::string> keys;
    for (const auto& item : x.json())
      keys.push_back(item["preference_key"]);
    return keys;
  }

  /// The target of `rel="next"`; empty on the last page.
  static std::string NextOf(const Response& x) {
    static const std::regex next{R"re(<([^>]*)>; rel="next")re"};
    std::smatch found;
    auto link = x.header("Link");
    return std::regex_search(link, found, next) ? found[1].str() : std::string{};
  }
};

TEST_F(Pagination, TwoHundredPreferencesNoGaps) {
  GivenPreferences(200);

  std::vector<std::string> by_offset;
  for (int offset = 0; offset < 200; offset += 50) {
    auto page = When(
        Get(path::preferences + "?limit=50&offset=" + std::to_string(offset)).As(user_a));
    EXPECT_THAT(page, AllOf(HasStatus(200), HasHeader("X-Total-Count", "200")));
    auto keys = KeysOf(page);
    EXPECT_EQ(keys.size(), 50u);
    by_offset.insert(by_offset.end(), keys.begin(), keys.end());
  }
  std::vector<std::string> by_link;
  for (auto target = path::preferences + "?limit=50"; !target.empty();) {
    auto page = When(Get(target).As(user_a));
    auto keys = KeysOf(page);
    by_link.insert(by_link.end(), keys.begin(), keys.end());
    target = NextOf(page);
  }

  EXPECT_TRUE(std::is_sorted(by_offset.begin(), by_offset.end()));
  EXPECT_EQ(std::set<std::string>(by_offset.begin(), by_offset.end()).size(), 200u);
  EXPECT_EQ(by_link, by_offset);
}

TEST_F(Pagination, FiveHundredLogsConsistentOrder) {
  Sql("INSERT INTO lakegate.inference_logs (request_id, endpoint_name, user_id, inputs, "
      "predictions, status, execution_time_ms, created_at, completed_at) SELECT 'r' || "
      "i, 'e', '"
      + user_a
      + "', '{\"i\":1}', '{}', 'SUCCESS', 1, '2026-01-01'::timestamptz + (i / 3) * "
        "interval '1 second', '2026-01-02' FROM generate_series(1, 500) i");
  auto truth = [&](int limit, int offset) {
    return Sql("SELECT request_id FROM lakegate.inference_logs WHERE user_id = '" + user_a
               + "' ORDER BY created_at DESC, id DESC LIMIT " + std::to_string(limit)
               + " OFFSET " + std::to_string(offset));
  };

  for (auto [limit, offset] : std::vector<std::pair<int, int>>{{50, 0},
                                                               {50, 450},
                                                               {1, 0},
                                                               {1, 499},
                                                               {100, 250},
                                                               {7, 13},
                                                               {1000, 0},
                                                               {1000, 499},
                                                               {3, 498},
                                                               {50, 500},
                                                               {999, 1}}) {
    auto response = When(Get(path::logs + "?limit=" + std::to_string(limit)
                             + "&offset=" + std::to_string(offset))
                             .As(user_a));
    std::string got;
    auto body = response.json();
    for (const auto& x : body["logs"])
      got += (got.empty() ? "" : "\n") + x["request_id"].get<std::string>();

    EXPECT_EQ(got, truth(limit, offset)) << limit << "/" << offset;
    EXPECT_EQ(body["total_count"], 500);
  }
}

TEST_F(Pagination, LargeCatalogTable) {
  constexpr std::int64_t million = 1'000'000;
  auto big = Table("main", "default", "big",
                   {Column("id", "bigint", false), Column("v", "string")}, {});
  big.primary_key = {"id"};
  big.row_count = million;
  big.row = [](std::int64_t i) {
    return std::vector<databricks::cell>{std::to_string(i), "v" + std::to_string(i)};
  };
  Workspace().Add(big);
  auto page = [&](std::int64_t offset) {
    return When(Get(path::query
                    + "?catalog=main&schema=default&table=big&limit=100&offset="
                    + std::to_string(offset))
                    .As(user_a));
  };

  for (std::int64_t offset : {std::int64_t{0}, million / 2, million - 100}) {
    auto response = page(offset);

    EXPECT_THAT(response, HasStatus(200));
    auto result = response.json();
    EXPECT_EQ(result["row_count"], 100);
    EXPECT_EQ(result["total_row_count"], million);
    EXPECT_EQ(result["order_by"], json{"id"});
    EXPECT_EQ(result["rows"].front()["id"], offset);
    EXPECT_EQ(result["rows"].back()["id"], offset + 99);
    EXPECT_LT(response.body.size(), 16'000u) << "the page costs what the page is";
  }
  EXPECT_EQ(page(million).json()["rows"], json::array());
}

TEST_F(Pagination, EdgeParameters) {
  GivenPreferences(1000);
  auto preferences = [&](int limit, int offset) {
    return When(Get(path::preferences + "?limit=" + std::to_string(limit)
                    + "&offset=" + std::to_string(offset))
                    .As(user_a));
  };
  auto names = [&](const std::string& more) {
    return When(
        Get(path::table_names + "?catalog=main&schema=default" + more).As(user_a));
  };

  EXPECT_EQ(KeysOf(preferences(1, 0)), std::vector<std::string>{"key-0001"});
  EXPECT_EQ(KeysOf(preferences(1, 999)), std::vector<std::string>{"key-1000"});
  EXPECT_EQ(KeysOf(preferences(999, 999)).size(), 1u);
  EXPECT_EQ(KeysOf(preferences(1000, 0)).size(), 1000u);
  EXPECT_EQ(KeysOf(preferences(1000, 1000)).size(), 0u);
  EXPECT_THAT(preferences(1001, 0),
              IsProblemWith(errc::invalid_request, std::vector<std::string>{"limit"}));
  EXPECT_EQ(names("&limit=1&offset=0").json(), json{"customers"});
  EXPECT_EQ(names("&limit=1&offset=1").json(), json{"orders"});
  EXPECT_THAT(names("&limit=1000&offset=2"), AllOf(HasStatus(200), HasBody(json::array()),
                                                   HasHeader("X-Total-Count", "2")));
  EXPECT_EQ(When(Get(path::catalogs + "?offset=5").As(user_a)).json(), json::array());
  EXPECT_EQ(When(Get(path::schemas + "?catalog=main&offset=5").As(user_a)).json(),
            json::array());
  EXPECT_EQ(
      When(Get(path::tables + "?catalog=main&schema=default&offset=5").As(user_a)).json(),
      json::array());
  EXPECT_EQ(When(Get(path::logs + "?offset=5").As(user_a)).json()["logs"], json::array());
}

} // namespace lakegate::integration
