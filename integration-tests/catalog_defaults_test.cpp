// Defaults: what the preference `query_defaults` adds to a query, and what it may not do.

#include "integration-tests/support/table_script.hpp"

namespace lakegate::integration {

using nlohmann::json;

namespace {

const json the_names{{"catalog", "main"}, {"schema", "default"}, {"table", "scripted"}};

json And(json x, const json& more) {
  x.update(more);
  return x;
}

} // namespace

class QueryDefaults : public ScriptedTable {
protected:
  world_options Options() const override { return {}; } // Preferences need a database.

  void SetUp() override {
    ScriptedTable::SetUp();
    Script().Columns({Column("id", "bigint"), Column("name", "string")});
  }

  Response Query(const json& body) {
    return When(Post(path::query).With(And(body, {{"include_total", false}})).As(user_a));
  }

  void ExpectStatement(const json& body, const std::string& sql, int limit) {
    auto response = Query(body);

    EXPECT_THAT(response, HasStatus(200));
    EXPECT_EQ(response.json()["sql_statement"],
              sql + " LIMIT :row_limit OFFSET :row_offset");
    EXPECT_EQ(ParametersOf(Script().LastPage())[0],
              "row_limit=" + std::to_string(limit) + ":INT");
  }

  void ExpectFaults(const json& body, const json& faults) {
    auto response = Query(body);

    EXPECT_THAT(response, IsProblem(errc::invalid_query));
    EXPECT_EQ(response.json()["detail"]["technical_details"]["errors"], faults);
  }
};

TEST_F(QueryDefaults, FillWhatAQueryLeavesOpen) {
  GivenPreference(
      user_a, "query_defaults",
      And(the_names, {{"limit", 7}, {"columns", {"name"}}, {"order_by", {"-id"}}}));

  ExpectStatement(json::object(),
                  "SELECT `name` FROM `main`.`default`.`scripted` ORDER BY `id` DESC", 7);
  ExpectStatement({{"catalog", "MAIN"}, {"limit", 3}, {"columns", {"id"}}},
                  "SELECT `id` FROM `MAIN`.`default`.`scripted` ORDER BY `id` DESC", 3);
  ExpectStatement({{"catalog", "c"}}, "SELECT `id`, `name` FROM `c`.`default`.`scripted`",
                  7);
  ExpectStatement({{"schema", "s"}}, "SELECT `id`, `name` FROM `main`.`s`.`scripted`", 7);
  ExpectStatement({{"table", "t"}}, "SELECT `id`, `name` FROM `main`.`default`.`t`", 7);
}

TEST_F(QueryDefaults, AreNeededOnlyWhereTheQueryIsIncomplete) {
  const auto reason = "is required; send it, or save it in the preference query_defaults";
  const json unnamed = json::array({{{"field", "catalog"}, {"reason", reason}},
                                    {{"field", "schema"}, {"reason", reason}},
                                    {{"field", "table"}, {"reason", reason}}});

  ExpectFaults(json::object(), unnamed);
  ExpectStatement(the_names, "SELECT `id`, `name` FROM `main`.`default`.`scripted`", 100);
  GivenPreference(user_a, "query_defaults", {{"limit", 7}});
  ExpectFaults(json::object(), unnamed);
  ExpectStatement(the_names, "SELECT `id`, `name` FROM `main`.`default`.`scripted`", 7);
}

TEST_F(QueryDefaults, ThatAreWrongAreNamedWhereTheyWouldBeUsed) {
  GivenPreference(user_a, "query_defaults",
                  {{"catalog", 5}, {"limit", 5000}, {"columns", {"id", 7}}});

  ExpectFaults(
      {{"schema", "default"}, {"table", "scripted"}},
      json::array(
          {{{"field", "query_defaults.catalog"}, {"reason", "must be a string"}},
           {{"field", "query_defaults.columns[1]"}, {"reason", "must be a string"}},
           {{"field", "query_defaults.limit"},
            {"reason", "must be between 1 and 1000"}}}));
  ExpectStatement(And(the_names, {{"limit", 5}, {"columns", {"id"}}}),
                  "SELECT `id` FROM `main`.`default`.`scripted`", 5);
}

TEST_F(QueryDefaults, ThatDoNotFitTheTableAreToldApartFromTheQuery) {
  GivenPreference(user_a, "query_defaults",
                  {{"columns", {"gone"}}, {"order_by", {"gone"}}});
  const auto reason = "names no column of the table: \"gone\"";

  ExpectFaults(
      And(the_names, {{"filters", {{"gone", 1}}}}),
      json::array({{{"field", "query_defaults.columns[0]"}, {"reason", reason}},
                   {{"field", "filters.gone"}, {"reason", reason}},
                   {{"field", "query_defaults.order_by[0]"}, {"reason", reason}}}));
  ExpectStatement(And(the_names, {{"columns", {"id"}}, {"order_by", {"name"}}}),
                  "SELECT `id` FROM `main`.`default`.`scripted` ORDER BY `name` ASC",
                  100);
}

TEST_F(QueryDefaults, AreMissedOnlyByAQueryThatNeedsThem) {
  GivenPreference(user_a, "query_defaults", the_names);
  World().Kill(world::service::preferences);
  const auto reason = "is required; the preference query_defaults, which may have it, "
                      "can't be read now";

  ExpectFaults({{"catalog", "main"}, {"schema", "default"}},
               json::array({{{"field", "table"}, {"reason", reason}}}));
  ExpectStatement(the_names, "SELECT `id`, `name` FROM `main`.`default`.`scripted`", 100);
}

} // namespace lakegate::integration
