#include "services/sandbox/tests/support.hpp"

#include <set>

namespace lakegate::test {

namespace {

using nlohmann::json;
const std::string Base = "/api/2.1/unity-catalog/";

/// Names of a list, following every page.
std::vector<std::string> NamesOf(const std::function<json(const std::string&)>& page_at,
                                 const char* member, int* pages = nullptr) {
  std::vector<std::string> result;
  std::string token;
  do {
    const auto page = page_at(token);
    if (page.contains(member))
      for (const auto& entry : page[member])
        result.push_back(entry["name"]);
    token = page.value("next_page_token", "");
    if (pages)
      ++*pages;
  } while (!token.empty());
  return result;
}

} // namespace

class BrowsingTheCatalog : public AWorkspace {
protected:
  std::vector<std::string> List(const std::string& target, const char* member,
                                const std::string& token = Engineer,
                                int* pages = nullptr) {
    return NamesOf(
        [&](const std::string& page_token) {
          return Get(Base + target
                         + (page_token.empty() ? "" : "&page_token=" + page_token),
                     token)
              .Json();
        },
        member, pages);
  }
};

TEST_F(BrowsingTheCatalog, ShowsEachUserOnlyWhatTheyMaySee) {
  using names = std::vector<std::string>;

  EXPECT_EQ(List("catalogs?max_results=0", "catalogs"), (names{"main", "samples"}));
  EXPECT_EQ(List("catalogs?max_results=0", "catalogs", Guest), names{});
  EXPECT_EQ(List("schemas?catalog_name=main", "schemas"), (names{"default", "sales"}));
  EXPECT_EQ(List("schemas?catalog_name=main", "schemas", Analyst), names{"sales"});
  EXPECT_EQ(List("tables?catalog_name=samples&schema_name=tpch", "tables", Analyst),
            (names{"customer", "nation", "orders", "region"}));
}

TEST_F(BrowsingTheCatalog, CutsListsIntoSmallPagesOneOfThemEmpty) {
  int pages = 0;

  const auto tables = List("tables?catalog_name=main&schema_name=sales&max_results=0",
                           "tables", Engineer, &pages);

  EXPECT_EQ(tables,
            (std::vector<std::string>{"every_type", "nothing_yet", "odd`na\"me.v1 🚀",
                                      "orders", "region_totals", "regional_targets"}));
  EXPECT_EQ(pages, 3);
}

TEST_F(BrowsingTheCatalog, DescribesATableWithItsKey) {
  const auto table = Get(Base + "tables/main.sales.regional_targets").Json();

  EXPECT_EQ(table["table_type"], "MANAGED");
  EXPECT_EQ(table["columns"][2]["type_text"], "decimal(12,2)");
  EXPECT_EQ(table["columns"][0]["nullable"], false);
  EXPECT_EQ(table["table_constraints"][0]["primary_key_constraint"]["child_columns"],
            (json{"region", "year"}));
  EXPECT_EQ(Get(Base + "tables/main.sales.region_totals").Json()["table_type"], "VIEW");
}

TEST_F(BrowsingTheCatalog, HasAColumnOfEveryType) {
  const auto table = Get(Base + "tables/MAIN.Sales.every_type").Json();

  std::set<std::string> types;
  for (const auto& c : table["columns"])
    types.insert(c["type_name"]);
  EXPECT_EQ(types, (std::set<std::string>{
                       "ARRAY", "BINARY", "BOOLEAN", "BYTE", "CHAR", "DATE", "DECIMAL",
                       "DOUBLE", "FLOAT", "INT", "INTERVAL", "LONG", "MAP", "SHORT",
                       "STRING", "STRUCT", "TIMESTAMP", "TIMESTAMP_NTZ", "VARIANT"}));
}

TEST_F(BrowsingTheCatalog, FindsATableWhoseNameHasDotsAndQuotes) {
  const auto table =
      Get(Base + "tables/main.sales.odd%60na%22me.v1%20%F0%9F%9A%80").Json();

  EXPECT_EQ(table["name"], "odd`na\"me.v1 🚀");
  EXPECT_EQ(table["columns"][5]["name"], "größe 😀");
}

TEST_F(BrowsingTheCatalog, AnswersWithDatabricksErrors) {
  const auto missing = Get(Base + "tables/main.sales.nope");
  EXPECT_EQ(missing.status, 404);
  EXPECT_EQ(missing.Json()["error_code"], "TABLE_DOES_NOT_EXIST");
  EXPECT_EQ(missing.Json()["message"], "Table 'main.sales.nope' does not exist.");
  EXPECT_EQ(Get(Base + "tables?catalog_name=main&schema_name=nope").Json()["error_code"],
            "SCHEMA_DOES_NOT_EXIST");
  EXPECT_EQ(Get(Base + "schemas?catalog_name=nope").Json()["error_code"],
            "CATALOG_DOES_NOT_EXIST");
  EXPECT_EQ(Get(Base + "schemas").Json()["error_code"], "INVALID_PARAMETER_VALUE");
}

TEST_F(BrowsingTheCatalog, DeniesWithThePrivilegeThatIsMissing) {
  const auto denied = Get(Base + "tables?catalog_name=main&schema_name=default", Analyst);

  EXPECT_EQ(denied.status, 403);
  const auto body = denied.Json();
  EXPECT_EQ(body["error_code"], "PERMISSION_DENIED");
  EXPECT_EQ(body["message"], "User does not have USE SCHEMA on Schema 'main.default'.");
  EXPECT_EQ(body["details"][0]["reason"], "PERMISSION_DENIED");
  EXPECT_EQ(body["details"][0]["metadata"], (json{{"principalName", "User"},
                                                  {"msg", "USE SCHEMA"},
                                                  {"resourceType", "Schema"},
                                                  {"resourceName", "main.default"}}));
  EXPECT_EQ(Get(Base + "catalogs/main", Guest).Json()["message"],
            "User does not have USE CATALOG on Catalog 'main'.");
}

TEST_F(BrowsingTheCatalog, FollowsRightsThatAreRevokedAndGranted) {
  const auto change = [&](const char* action, const char* privilege, const char* type,
                          const char* name) {
    EXPECT_EQ(Post("/__sandbox/grants",
                   {{"action", action},
                    {"user", "analyst@example.com"},
                    {"privilege", privilege},
                    {"securable_type", type},
                    {"securable", name}},
                   "")
                  .status,
              200);
  };
  const auto nation = Base + "tables/samples.tpch.nation";
  ASSERT_EQ(Get(nation, Analyst).status, 200);

  change("revoke", "SELECT", "table", "samples.tpch.nation");
  EXPECT_EQ(Get(nation, Analyst).Json()["message"],
            "User does not have SELECT on Table 'samples.tpch.nation'.");
  change("revoke", "USE CATALOG", "catalog", "samples");
  EXPECT_EQ(Get(nation, Analyst).Json()["message"],
            "User does not have USE CATALOG on Catalog 'samples'.");
  change("grant", "USE CATALOG", "catalog", "samples");
  change("grant", "SELECT", "table", "samples.tpch.nation");
  EXPECT_EQ(Get(nation, Analyst).status, 200);
}

TEST_F(BrowsingTheCatalog, TellsWhetherATableExists) {
  EXPECT_EQ(Get(Base + "tables/main.sales.orders/exists").Json(),
            (json{{"table_exists", true}}));
  EXPECT_EQ(Get(Base + "tables/main.sales.nope/exists").Json(),
            (json{{"table_exists", false}}));
}

TEST_F(BrowsingTheCatalog, SummarizesTablesByPattern) {
  const auto found =
      Get(Base + "table-summaries?catalog_name=samples&table_name_pattern=%25ation")
          .Json();

  EXPECT_EQ(
      found,
      (json{{"tables",
             {{{"full_name", "samples.tpch.nation"}, {"table_type", "MANAGED"}}}}}));
}

TEST_F(BrowsingTheCatalog, KnowsTheModels) {
  const auto version =
      Get(Base + "models/samples.nyctaxi.fare_regression/versions/1").Json();
  EXPECT_EQ(version["version"], 1);
  EXPECT_EQ(version["status"], "READY");
  const auto file =
      Get("/api/2.0/fs/files/Models/samples/nyctaxi/fare_regression/1/MLmodel");
  EXPECT_EQ(file.status, 200);
  EXPECT_NE(file.body.find("signature:"), std::string::npos);
  EXPECT_EQ(Get("/api/2.0/mlflow/model-versions/get?name=legacy_scorer&version=2")
                .Json()["model_version"]["version"],
            "2");
}

} // namespace lakegate::test
