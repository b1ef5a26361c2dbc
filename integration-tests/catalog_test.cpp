// Story 2: browsing Unity Catalog and querying tables.

#include "integration-tests/support/scenario.hpp"

namespace lakegate::integration {

using databricks::statement_parameter;
using nlohmann::json;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

class Catalog : public Scenario {
protected:
  static std::string Customers(const std::string& more = {}) {
    return path::query + "?catalog=main&schema=default&table=customers" + more;
  }

  /// The value of a parameter of a statement that was executed; empty if it has none.
  static std::string Parameter(const databricks::execute_statement& x,
                               const std::string& name) {
    for (const auto& p : x.parameters)
      if (p.name == name)
        return p.value.value_or("NULL") + ":" + p.type;
    return {};
  }
};

TEST_F(Catalog, CatalogsAccessibleToUser) {
  Workspace().Grant(user_a, "samples.nyctaxi.*");
  Workspace().Add(Table("third", "s", "t", {Column("a", "int")}, {}));
  Workspace().Grant(user_a, "third.s.t");

  auto of_a = When(Get(path::catalogs).As(user_a));
  auto of_b = When(Get(path::catalogs).As(user_b));

  EXPECT_THAT(of_a, AllOf(HasStatus(200), HasBody(json{"main", "samples", "third"}),
                          HasHeader("X-Total-Count", "3")));
  EXPECT_THAT(of_b, AllOf(HasStatus(200), HasBody(json{"samples"})));
}

TEST_F(Catalog, SchemasOfCatalog) {
  Workspace().Grant(user_a, "main.sales.*");

  auto response = When(Get(path::schemas + "?catalog=main").As(user_a));

  EXPECT_THAT(response, AllOf(HasStatus(200), HasBody(json{"default", "sales"})));
}

TEST_F(Catalog, TableNamesOfSchema) {
  auto response =
      When(Get(path::table_names + "?catalog=main&schema=default").As(user_a));

  EXPECT_THAT(response, AllOf(HasStatus(200), HasBody(json{"customers", "orders"})));
}

TEST_F(Catalog, TablesWithMetadata) {
  auto response = When(Get(path::tables + "?catalog=main&schema=default").As(user_a));

  EXPECT_THAT(response, HasStatus(200));
  auto tables = response.json();
  ASSERT_EQ(tables.size(), 2u);
  EXPECT_EQ(tables[0]["table_name"], "customers");
  EXPECT_EQ(tables[0]["catalog_name"], "main");
  EXPECT_EQ(tables[0]["schema_name"], "default");
  EXPECT_EQ(tables[0]["owner"], "owner@example.com");
  EXPECT_EQ(tables[0]["access_level"], "READ");
  EXPECT_EQ(
      tables[0]["columns"][0],
      json({{"name", "customer_id"}, {"data_type", "bigint"}, {"nullable", false}}));
  EXPECT_EQ(tables[1]["table_name"], "orders");
}

TEST_F(Catalog, QueryWithPagination) {
  auto response = When(Get(Customers("&limit=2&offset=1")).As(user_a));

  EXPECT_THAT(response, HasStatus(200));
  auto result = response.json();
  EXPECT_EQ(
      result["rows"],
      json::array({{{"customer_id", 2}, {"name", "Bob"}, {"email", "bob@example.com"}},
                   {{"customer_id", 3}, {"name", "Eve"}, {"email", nullptr}}}));
  EXPECT_EQ(result["row_count"], 2);
  EXPECT_EQ(result["total_row_count"], 3);
  EXPECT_EQ(result["user_id"], user_a);
  EXPECT_EQ(result["data_source"]["table_name"], "customers");
  auto statements = Workspace().Statements();
  ASSERT_EQ(statements.size(), 2u);
  auto page = statements[0].statement.find("COUNT") == std::string::npos ? 0u : 1u;
  EXPECT_EQ(Parameter(statements[page], "row_limit"), "2:INT");
  EXPECT_EQ(Parameter(statements[page], "row_offset"), "1:INT");
}

TEST_F(Catalog, QueryWithFilters) {
  auto response =
      When(Post(path::query)
               .With({{"catalog", "main"},
                      {"schema", "default"},
                      {"table", "orders"},
                      {"columns", {"order_id"}},
                      {"filters", {{"customer_id", 1}, {"amount", {{"gte", "10.00"}}}}}})
               .As(user_a));

  EXPECT_THAT(response, HasStatus(200));
  EXPECT_EQ(response.json()["rows"], json::array({{{"order_id", 10}}}));
  EXPECT_EQ(response.json()["total_row_count"], 1);
  for (const auto& statement : Workspace().Statements()) {
    EXPECT_EQ(Parameter(statement, "p1"), "10.00:DECIMAL(4,2)");
    EXPECT_EQ(Parameter(statement, "p2"), "1:BIGINT");
    EXPECT_THAT(statement.statement, testing::Not(HasSubstr("10.00")));
  }
}

TEST_F(Catalog, PermissionDeniedGives403) {
  const std::vector<std::string> denied{
      path::schemas + "?catalog=samples",
      path::table_names + "?catalog=samples&schema=tpch",
      path::tables + "?catalog=samples&schema=tpch",
      path::query + "?catalog=samples&schema=tpch&table=nation",
  };

  for (const auto& target : denied) {
    auto response = When(Get(target).As(user_a));

    EXPECT_THAT(response, IsProblem(errc::catalog_permission_denied));
    json details{{"securable_type", "Catalog"},
                 {"securable", "samples"},
                 {"missing_privilege", "USE CATALOG"},
                 {"cure", "GRANT USE CATALOG ON CATALOG `samples` TO `" + user_a + "`"}};
    EXPECT_THAT(response, HasJson(json{{"detail", {{"technical_details", details}}}}));
  }
}

TEST_F(Catalog, TableNotFoundGives404) {
  auto response =
      When(Get(path::query + "?catalog=main&schema=default&table=nope").As(user_a));

  EXPECT_THAT(response, IsProblem(errc::table_not_found));
  EXPECT_EQ(response.json()["detail"]["technical_details"]["table"], "nope");
}

TEST_F(Catalog, MissingParentsAreTheirOwn404) {
  auto catalog = When(Get(path::schemas + "?catalog=nope").As(user_a));
  auto schema = When(Get(path::table_names + "?catalog=main&schema=nope").As(user_a));

  EXPECT_THAT(catalog, IsProblem(errc::catalog_not_found));
  EXPECT_THAT(schema, IsProblem(errc::schema_not_found));
}

TEST_F(Catalog, InvalidPaginationGives400) {
  for (const std::string limit : {"0", "1001", "-1", "abc", "1e3", "99999999999999999999",
                                  "", "+1", "0x10", "%201"}) {
    auto response = When(Get(Customers("&limit=" + limit)).As(user_a));

    EXPECT_THAT(response,
                IsProblemWith(errc::invalid_query, std::vector<std::string>{"limit"}))
        << "limit: " << limit;
  }
  auto both = When(Get(Customers("&limit=0&offset=-1")).As(user_a));
  EXPECT_THAT(both, IsProblemWith(errc::invalid_query,
                                  std::vector<std::string>{"limit", "offset"}));
  EXPECT_THAT(Workspace().Statements(), ElementsAre());
}

TEST_F(Catalog, UnknownColumnsAndOperatorsAreNamed) {
  auto column = When(Get(Customers("&columns=nope")).As(user_a));
  auto op = When(Post(path::query)
                     .With({{"catalog", "main"},
                            {"schema", "default"},
                            {"table", "customers"},
                            {"filters", {{"name", {{"matches", "x"}}}}}})
                     .As(user_a));

  EXPECT_THAT(column, IsProblem(errc::invalid_query));
  EXPECT_THAT(op, IsProblemWith(errc::invalid_query,
                                std::vector<std::string>{"filters.name.matches"}));
}

class CatalogWithoutAWarehouse : public Scenario {
protected:
  world_options Options() const override { return {.warehouse = false}; }
};

TEST_F(CatalogWithoutAWarehouse, BrowsesButCannotQuery) {
  auto names = When(Get(path::table_names + "?catalog=main&schema=default").As(user_a));
  auto query =
      When(Get(path::query + "?catalog=main&schema=default&table=customers").As(user_a));

  EXPECT_THAT(names, HasStatus(200));
  EXPECT_THAT(query, IsProblem(errc::warehouse_not_configured));
}

} // namespace lakegate::integration
