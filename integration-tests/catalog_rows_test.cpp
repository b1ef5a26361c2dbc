// Rows: what the warehouse's text becomes in JSON, by the type of its column.

#include "integration-tests/support/table_script.hpp"

namespace lakegate::integration {

using nlohmann::json;

namespace {

/// One cell: its column's type, as Databricks writes both, and what the answer has for
/// it.
struct cell_case {
  std::string type;
  databricks::cell text;
  json expected;
};

} // namespace

class Rows : public ScriptedTable {
protected:
  /// One row with a column for each case; every column is compared.
  void ExpectCells(const std::vector<cell_case>& cases) {
    std::vector<databricks::column_info> columns;
    std::vector<databricks::cell> row;
    for (const auto& x : cases) {
      columns.push_back(Column("c" + std::to_string(columns.size()), x.type));
      row.push_back(x.text);
    }
    Script().Columns(std::move(columns));
    Script().Pages({Answer(Succeeded({row}))});

    auto response = When(
        Get(path::query + "?catalog=main&schema=default&table=t" + "&include_total=false")
            .As(user_a));

    ASSERT_THAT(response, HasStatus(200));
    auto result = response.json();
    EXPECT_EQ(result["row_count"], 1);
    for (std::size_t i = 0; i < cases.size(); ++i)
      EXPECT_EQ(result["rows"][0]["c" + std::to_string(i)].dump(),
                cases[i].expected.dump())
          << cases[i].type << ": " << cases[i].text.value_or("NULL");
  }
};

TEST_F(Rows, ScalarsFollowTheirType) {
  ExpectCells({
      {"boolean", "true", true},
      {"BOOLEAN", "FALSE", false},
      {"boolean", "maybe", "maybe"},
      {"boolean", caf::none, nullptr},
      {"tinyint", "0", 0},
      {"smallint", "-5", -5},
      {"int", "42", 42},
      {"bigint", "9223372036854775807", 9223372036854775807},
      {"bigint", "007", "007"},
      {"bigint", "-", "-"},
      {"bigint", "", ""},
      {"bigint", "5x", "5x"},
      {"bigint", "1.5", "1.5"},
      {"bigint", "1e5", "1e5"},
      {"float", "1.5", 1.5},
      {"double", "-0.25", -0.25},
      {"double", "1.0E10", 1.0e10},
      {"double", "1e+5", 1e+5},
      {"double", "1E-5", 1e-5},
      {"double", "1E", "1E"},
      {"double", "1.", "1."},
      {"double", "1.x", "1.x"},
      {"double", "1:5", "1:5"},
      {"double", "NaN", "NaN"},
      {"double", "-Infinity", "-Infinity"},
      {"double", caf::none, nullptr},
      {"decimal(10,2)", "12.50", "12.50"},
      {"date", "2026-01-31", "2026-01-31"},
      {"timestamp", "2026-01-31T12:00:00.000+02:00", "2026-01-31T10:00:00.000Z"},
      {"timestamp", "+10000-01-01", "+10000-01-01"},
      {"timestamp_ntz", "2026-01-31T12:00:00.000", "2026-01-31T12:00:00.000"},
      {"string", "a\"b\\c\n\xF0\x9F\x9A\x80", "a\"b\\c\n\xF0\x9F\x9A\x80"},
      {"varchar(5)", "", ""},
      {"binary", "AQI=", "AQI="},
      {"interval day to second", "1 02:03:04.000000000", "1 02:03:04.000000000"},
      {"geography(4326)", "POINT(1 2)", "POINT(1 2)"},
      {"_later9", "5", "5"},
      {"@odd", "5", "5"},
      {"", "5", "5"},
  });
}

TEST_F(Rows, NestedValuesFollowTheTypesInside) {
  ExpectCells({
      {"array<int>", R"(["1","-2",null])", {1, -2, nullptr}},
      {"array<int>", "[1,true]", {1, true}},
      {"array<int>", "[]", json::array()},
      {"array<int>", R"({"a":"1"})", {{"a", "1"}}},
      {"array<int>", "not JSON", "not JSON"},
      {"array<array<boolean>>", R"([["true"],null,["x"]])", {{true}, nullptr, {"x"}}},
      {"array<timestamp>", R"(["2026-01-31T12:00:00+01:00"])",
       json::array({"2026-01-31T11:00:00.000Z"})},
      {"map<string,double>", R"({"a":"1.5","b":"NaN"})", {{"a", 1.5}, {"b", "NaN"}}},
      {"map<string,int>", R"(["1"])", json::array({"1"})},
      {"map<string,array<int>>", R"({"a":["1"]})", {{"a", {1}}}},
      {"struct<a:int,b:decimal(10,2)>",
       R"({"a":"1","B":"2.50","later":"3"})",
       {{"a", 1}, {"B", "2.50"}, {"later", "3"}}},
      {"STRUCT<A: INT, B: ARRAY<STRUCT<C: BOOLEAN>>>",
       R"({"a":"1","b":[{"c":"true"}]})",
       {{"a", 1}, {"b", {{{"c", true}}}}}},
      {"struct<>", "{}", json::object()},
      {"struct<`back``tick, and: all`:int>",
       R"({"back`tick, and: all":"1"})",
       {{"back`tick, and: all", 1}}},
      {R"(struct<a:int not null comment 'it\'s, a > b',b:string collate UTF8,c:int>)",
       R"({"a":"1","b":"2","c":"3"})",
       {{"a", 1}, {"b", "2"}, {"c", 3}}},
      {"variant", R"({"a":[1,"2",null,true]})", {{"a", {1, "2", nullptr, true}}}},
      {"variant", R"("text")", "text"},
      {"variant", "5", 5},
      {"array<variant>", R"(["5",5])", {"5", 5}},
  });
}

TEST_F(Rows, WhatIsNoTypeIsCarriedAsText) {
  std::string deep;
  for (int i = 0; i < 40; ++i)
    deep += "array<";
  std::vector<cell_case> cases;
  for (const std::string type : {"array",
                                 "array<int",
                                 "array<array",
                                 "array<int,int>",
                                 "map<string>",
                                 "map<string,int",
                                 "map<array,int>",
                                 "struct",
                                 "struct<a",
                                 "struct<a>",
                                 "struct<a int>",
                                 "struct<a:int",
                                 "struct<a:struct<b>",
                                 "struct<`a:int>",
                                 "struct<`a` int>",
                                 "struct<a:int comment 'open",
                                 "struct<a:int comment 'open\\",
                                 "array<int> more",
                                 "int,",
                                 "int>"})
    cases.push_back({type, R"({"a":"1"})", R"({"a":"1"})"});
  cases.push_back({deep + "int" + std::string(40, '>'), "[]", "[]"});

  ExpectCells(cases);
}

TEST_F(Rows, BinaryIsAskedForInBase64AndColumnsKeepTheirOrder) {
  auto columns = std::vector{Column("id", "bigint"), Column("blob", "binary")};
  columns.push_back(Column("untold", ""));
  columns.back().type_name = "STRING";
  Script().Columns(columns, {"ID", "blob"});
  Script().Pages({Answer(Succeeded({{"1", "AQI=", "x"}}))});

  auto response =
      When(Get(path::query
               + "?catalog=main&schema=default&table=scripted&include_total=false"
                 "&columns=BLOB,id")
               .As(user_a));

  EXPECT_THAT(response, IsProblem(errc::upstream_invalid_response))
      << "three cells a row, though two columns were asked for";
  Script().Pages({Answer(Succeeded({{"AQI=", "1"}}))});
  response = When(Get(path::query
                      + "?catalog=main&schema=default&table=scripted&include_total=false"
                        "&columns=BLOB,id")
                      .As(user_a));
  EXPECT_THAT(response, HasStatus(200));
  auto result = response.json();
  EXPECT_EQ(result["sql_statement"],
            "SELECT base64(`blob`), `id` FROM `main`.`default`.`scripted` ORDER BY `id` "
            "ASC, `blob` ASC LIMIT :row_limit OFFSET :row_offset");
  EXPECT_EQ(result["rows"], json::array({{{"blob", "AQI="}, {"id", 1}}}));
  EXPECT_EQ(result["order_by"], (json{"id", "blob"}));
  EXPECT_EQ(result["total_row_count"], nullptr);
  EXPECT_EQ(result["data_source"]["columns"][2]["data_type"], "STRING")
      << "without a type text, the type's name";
}

} // namespace lakegate::integration
