// Filters: every type of column, every operator, and the statement that comes of them.

#include "integration-tests/support/table_script.hpp"

namespace lakegate::integration {

using nlohmann::json;

namespace {

/// Values go out as they are written: `1e400` is no number to most JSON libraries.
std::string BodyWith(const std::string& more) {
  return R"({"catalog":"main","schema":"default","table":"scripted","limit":10,)"
         R"("include_total":false,)"
         + more + "}";
}

} // namespace

class Filters : public ScriptedTable {
protected:
  void SetUp() override {
    ScriptedTable::SetUp();
    std::vector<databricks::column_info> columns{Column("id", "bigint")};
    for (const std::string type :
         {"boolean", "int", "float", "double", "decimal(38,9)", "date", "timestamp",
          "timestamp_ntz", "string", "char(3)", "binary", "array<int>", "map<int,int>",
          "struct<a:int>", "variant", "interval day"})
      columns.push_back(Column("of " + type, type));
    Script().Columns(std::move(columns));
  }

  Response Query(const std::string& more) {
    return When(Post(path::query).WithBody(BodyWith(more)).As(user_a));
  }

  Response Filter(const std::string& filters) {
    return Query(R"("columns":["id"],"filters":{)" + filters + '}');
  }

  /// The parameters that stand for filters, those of the page left out.
  std::vector<std::string> FilterParameters() {
    auto all = ParametersOf(Script().LastPage());
    all.resize(all.size() - 2);
    return all;
  }
};

TEST_F(Filters, ValuesAreTypedByTheirColumn) {
  struct row {
    std::string type, value, parameter;
  };
  const std::string digits38(38, '9');
  const std::string digits39(39, '9');
  for (const auto& [type, value, parameter] : std::vector<row>{
           {"boolean", "true", "true:BOOLEAN"},
           {"boolean", "false", "false:BOOLEAN"},
           {"int", "-5", "-5:BIGINT"},
           {"int", "9223372036854775807", "9223372036854775807:BIGINT"},
           {"int", "9223372036854775808", "9223372036854775808:DECIMAL(19,0)"},
           {"int", "1.5", "1.5:DECIMAL(2,1)"},
           {"int", "-0.25", "-0.25:DECIMAL(2,2)"},
           {"int", "1.5e3", "1.5e3:DOUBLE"},
           {"int", digits39, digits39 + ":DOUBLE"},
           {"float", "1.5", "1.5:FLOAT"},
           {"float", R"("NaN")", "NaN:FLOAT"},
           {"double", "1e3", "1e3:DOUBLE"},
           {"double", R"("Infinity")", "Infinity:DOUBLE"},
           {"double", R"("-Infinity")", "-Infinity:DOUBLE"},
           {"decimal(38,9)", "12.5", "12.5:DECIMAL(3,1)"},
           {"decimal(38,9)", R"("12.50")", "12.50:DECIMAL(4,2)"},
           {"decimal(38,9)", R"("-007.10")", "-007.10:DECIMAL(3,2)"},
           {"decimal(38,9)", "0", "0:DECIMAL(1,0)"},
           {"decimal(38,9)", '"' + digits38 + '"', digits38 + ":DECIMAL(38,0)"},
           {"date", R"("2024-02-29")", "2024-02-29:DATE"},
           {"timestamp", R"("2026-01-31")", "2026-01-31T00:00:00Z:TIMESTAMP"},
           {"timestamp", R"("2026-01-31T12:00:00.5+02:00")",
            "2026-01-31T12:00:00.5+02:00:TIMESTAMP"},
           {"timestamp_ntz", R"("2026-01-31")", "2026-01-31:TIMESTAMP_NTZ"},
           {"timestamp_ntz", R"("2026-01-31T12:00:00")",
            "2026-01-31T12:00:00:TIMESTAMP_NTZ"},
           {"string", R"("it's `;--")", "it's `;--:STRING"},
           {"char(3)", R"("abc")", "abc:STRING"},
       }) {
    auto response = Filter("\"of " + type + "\":" + value);

    EXPECT_THAT(response, HasStatus(200)) << type << ": " << value;
    EXPECT_EQ(FilterParameters(), std::vector{"p1=" + parameter}) << type;
  }
}

TEST_F(Filters, ValuesThatDoNotFitTheirColumnAreNamed) {
  struct row {
    std::string type, value, reason;
  };
  const std::string decimal = "must be a decimal number of at most 38 digits without an "
                              "exponent";
  const std::string wall_clock =
      "must be a time without a zone, such as \"2026-01-31T12:00:00\"";
  const std::string only_null = "can only be tested with is_null";
  for (const auto& [type, value, reason] : std::vector<row>{
           {"boolean", "1", "must be true or false"},
           {"boolean", R"("true")", "must be true or false"},
           {"int", R"("5")", "must be a number"},
           {"int", "true", "must be a number"},
           {"float", R"("inf")", "must be a number"},
           {"double", "false", "must be a number"},
           {"decimal(38,9)", "1e3", decimal},
           {"decimal(38,9)", "true", decimal},
           {"decimal(38,9)", R"("")", decimal},
           {"decimal(38,9)", R"("-")", decimal},
           {"decimal(38,9)", R"(".5")", decimal},
           {"decimal(38,9)", R"("1.")", decimal},
           {"decimal(38,9)", R"("1:2")", decimal},
           {"decimal(38,9)", R"("1/2")", decimal},
           {"decimal(38,9)", R"("1.x")", decimal},
           {"decimal(38,9)", std::string(39, '9'), decimal},
           {"date", R"("2026-02-29")", "must be a date such as \"2026-01-31\""},
           {"date", R"("2026-01-31T00:00:00Z")", "must be a date such as \"2026-01-31\""},
           {"date", "20260131", "must be a date such as \"2026-01-31\""},
           {"timestamp", R"("2026-01-31T12:00:00")",
            "must be a time such as \"2026-01-31T12:00:00Z\""},
           {"timestamp", "0", "must be a time such as \"2026-01-31T12:00:00Z\""},
           {"timestamp_ntz", R"("2026-01-31T12:00:00Z")", wall_clock},
           {"timestamp_ntz", "true", wall_clock},
           {"string", "5", "must be a string"},
           {"char(3)", "true", "must be a string"},
           {"binary", R"("AQ==")", only_null},
           {"array<int>", "1", only_null},
           {"map<int,int>", "1", only_null},
           {"struct<a:int>", "1", only_null},
           {"variant", R"("x")", only_null},
           {"interval day", R"("1")", only_null},
       }) {
    auto name = "of " + type;
    auto response = Filter('"' + name + "\":" + value);

    json errors =
        json::array({{{"field", "filters." + name + ".eq"},
                      {"reason", reason + ", as the column is of type " + type}}});
    EXPECT_THAT(response, IsProblem(errc::invalid_query)) << type << ": " << value;
    EXPECT_THAT(response,
                HasJson(json{{"detail", {{"technical_details", {{"errors", errors}}}}}}));
  }
  for (const std::string type : {"int", "float", "double"}) {
    auto response = Filter("\"of " + type + R"(":{"gt":1e400})");

    json errors = json::array({{{"field", "filters.of " + type + ".gt"},
                                {"reason", "is out of the range of " + type}}});
    EXPECT_THAT(response,
                HasJson(json{{"detail", {{"technical_details", {{"errors", errors}}}}}}));
  }
}

TEST_F(Filters, EveryOperatorIsItsSql) {
  struct row {
    std::string filter, condition;
    std::vector<std::string> parameters;
  };
  for (const auto& [filter, condition, parameters] : std::vector<row>{
           {R"({"eq":1})", "`id` = :p1", {"p1=1:BIGINT"}},
           {R"({"ne":1})", "`id` <> :p1", {"p1=1:BIGINT"}},
           {R"({"lt":1})", "`id` < :p1", {"p1=1:BIGINT"}},
           {R"({"lte":1})", "`id` <= :p1", {"p1=1:BIGINT"}},
           {R"({"gt":1})", "`id` > :p1", {"p1=1:BIGINT"}},
           {R"({"gte":1})", "`id` >= :p1", {"p1=1:BIGINT"}},
           {R"({"gte":1,"lt":9})",
            "`id` >= :p1 AND `id` < :p2",
            {"p1=1:BIGINT", "p2=9:BIGINT"}},
           {R"({"in":[1,2]})", "`id` IN (:p1, :p2)", {"p1=1:BIGINT", "p2=2:BIGINT"}},
           {"[1,2]", "`id` IN (:p1, :p2)", {"p1=1:BIGINT", "p2=2:BIGINT"}},
           {R"({"not_in":[1]})", "`id` NOT IN (:p1)", {"p1=1:BIGINT"}},
           {R"({"in":[]})", "FALSE", {}},
           {R"({"not_in":[]})", "TRUE", {}},
           {R"({"is_null":true})", "`id` IS NULL", {}},
           {R"({"is_null":false})", "`id` IS NOT NULL", {}},
           {"null", "`id` IS NULL", {}},
           {R"({"ne":null})", "`id` IS NOT NULL", {}},
       }) {
    auto response = Filter(R"("ID":)" + filter);

    EXPECT_THAT(response, HasStatus(200)) << filter;
    EXPECT_EQ(response.json()["sql_statement"],
              "SELECT `id` FROM `main`.`default`.`scripted` WHERE " + condition
                  + " LIMIT :row_limit OFFSET :row_offset");
    EXPECT_EQ(FilterParameters(), parameters);
  }
}

TEST_F(Filters, LikeIsForStrings) {
  auto of_string = Filter(R"("of string":{"like":"a%"})");
  auto of_int = Filter(R"("of int":{"like":"1%"})");

  EXPECT_THAT(of_string, HasStatus(200));
  EXPECT_EQ(of_string.json()["sql_statement"],
            "SELECT `id` FROM `main`.`default`.`scripted` WHERE `of string` LIKE :p1 "
            "LIMIT :row_limit OFFSET :row_offset");
  EXPECT_EQ(FilterParameters(), std::vector<std::string>{"p1=a%:STRING"});
  json errors =
      json::array({{{"field", "filters.of int.like"},
                    {"reason", "needs a string column; this one is of type int"}}});
  EXPECT_THAT(of_int,
              HasJson(json{{"detail", {{"technical_details", {{"errors", errors}}}}}}));
}

TEST_F(Filters, WhatATableDoesNotHaveIsNamedPlaceByPlace) {
  auto response = Query(R"("columns":["id","nope","ID"],
                           "order_by":["nope","of map<int,int>","-of variant","id"],
                           "filters":{"nope":1,"id":{"in":[1,"x"],"not_in":[true]}})");

  auto is_of = [](const std::string& type) {
    return ", as the column is of type " + type;
  };
  json errors = json::array(
      {{{"field", "columns[1]"}, {"reason", "names no column of the table: \"nope\""}},
       {{"field", "columns[2]"},
        {"reason", "names a column that is already in the list"}},
       {{"field", "filters.nope"}, {"reason", "names no column of the table: \"nope\""}},
       {{"field", "filters.id.in[1]"}, {"reason", "must be a number" + is_of("bigint")}},
       {{"field", "filters.id.not_in[0]"},
        {"reason", "must be a number" + is_of("bigint")}},
       {{"field", "order_by[0]"}, {"reason", "names no column of the table: \"nope\""}},
       {{"field", "order_by[1]"}, {"reason", "has no order" + is_of("map<int,int>")}},
       {{"field", "order_by[2]"}, {"reason", "has no order" + is_of("variant")}}});
  EXPECT_THAT(response, IsProblem(errc::invalid_query));
  EXPECT_THAT(response,
              HasJson(json{{"detail", {{"technical_details", {{"errors", errors}}}}}}));
  EXPECT_EQ(Script().TakeCalls(), std::vector<std::string>{"table"})
      << "nothing reached the warehouse";
}

} // namespace lakegate::integration
