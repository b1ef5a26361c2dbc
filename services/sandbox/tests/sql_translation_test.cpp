#include "services/sandbox/src/sql_translation.hpp"

#include <gtest/gtest.h>

namespace {

using namespace lakegate::sandbox;

std::string Translated(std::string_view statement,
                       const std::vector<sql_parameter>& parameters = {}) {
  const auto result = translate(statement, parameters);
  if (const auto* error = std::get_if<statement_error>(&result))
    return error->message;
  return std::get<translation>(result).sql;
}

sql_parameter Named(std::string name, std::string type, std::string value) {
  return {std::move(name), std::move(type), std::move(value), 0};
}

TEST(TranslatingNames, TurnsBackticksIntoDoubleQuotes) {
  EXPECT_EQ(Translated("SELECT `a``b`, `say \"hi\"` FROM `main`.`sales`.`Odd.Name`"),
            R"(SELECT "a`b" , "say ""hi""" FROM "sales"."odd.name")");
}

TEST(TranslatingNames, TellsTheCatalogAndTheTables) {
  const auto result =
      translate("SELECT * FROM samples.tpch.nation n JOIN tpch.region", {});

  const auto& done = std::get<translation>(result);
  EXPECT_EQ(done.catalog, "samples");
  EXPECT_EQ(done.tables, (std::vector<table_name>{{"samples", "tpch", "nation"},
                                                  {"", "tpch", "region"}}));
}

TEST(TranslatingNames, QuotesSchemasThatAreKeywordsToPostgres) {
  EXPECT_EQ(Translated("SELECT * FROM main.default.orders"),
            R"(SELECT * FROM "default"."orders")");
}

TEST(TranslatingNames, DropsTheCatalogOfAQualifiedColumn) {
  EXPECT_EQ(Translated("SELECT main.sales.orders.amount FROM main.sales.orders"),
            R"(SELECT sales.orders.amount FROM "sales"."orders")");
}

TEST(TranslatingNames, RefusesTwoCatalogsInOneStatement) {
  EXPECT_EQ(Translated("SELECT * FROM main.a.b, samples.c.d").substr(0, 29),
            "[UNSUPPORTED_FEATURE.SANDBOX]");
}

TEST(TranslatingNames, DoesNotTakeAFunctionsFromForATable) {
  EXPECT_EQ(Translated("SELECT extract(YEAR FROM a.b.c) FROM t"),
            R"(SELECT extract ( YEAR FROM a.b.c ) FROM "t")");
}

TEST(TranslatingNames, ReadsIdentifierClauses) {
  EXPECT_EQ(Translated("SELECT * FROM IDENTIFIER(:t) AS x",
                       {Named("t", "STRING", "`main`.s.`T`")}),
            R"(SELECT * FROM "s"."t" AS x)");
}

TEST(TranslatingParameters, CastsThemToTheirDeclaredTypes) {
  const auto result =
      translate("SELECT * FROM t WHERE a = :x AND b > :y LIMIT :x",
                {Named("y", "DECIMAL(10,2)", "1.5"), Named("x", "INT", "7")});

  const auto& done = std::get<translation>(result);
  EXPECT_EQ(done.sql,
            "SELECT * FROM \"t\" WHERE a = ($1::integer) AND b > ($2::decimal(10,2)) "
            "LIMIT ($1::integer)");
  EXPECT_EQ(done.parameters, (std::vector<std::optional<std::string>>{"7", "1.5"}));
}

TEST(TranslatingParameters, TakesOrdinalMarkersInOrder) {
  EXPECT_EQ(Translated("SELECT ?, ?", {{"", "BIGINT", "1", 1}, {"", "STRING", "x", 2}}),
            "SELECT ($1::bigint) , ($2::text)");
}

TEST(TranslatingParameters, NamesTheOneThatIsMissing) {
  EXPECT_EQ(
      Translated("SELECT\n  :nope"),
      "[UNBOUND_SQL_PARAMETER] Found the unbound parameter: nope. Please, fix `args` and "
      "provide a mapping of the parameter to either a SQL literal or collection "
      "constructor "
      "functions such as `map()`, `array()`, `struct()`. SQLSTATE: 42P02; line 2 pos 2");
}

TEST(TranslatingParameters, NeverLetsATypeIntoTheStatement) {
  EXPECT_EQ(Translated("SELECT :x", {Named("x", "INT); DROP TABLE t; --", "1")}),
            "SELECT ($1::text)");
}

TEST(TranslatingLiterals, UnescapesAsSparkDoes) {
  EXPECT_EQ(Translated(R"(SELECT 'it\'s', "double", 'a''b', '50\%', r'raw\n')"),
            R"(SELECT 'it''s' , 'double' , 'a''b' , '50\%' , 'raw\n')");
}

TEST(TranslatingLiterals, DropsTypeSuffixesAndReadsBinary) {
  EXPECT_EQ(Translated("SELECT 1L, 2.5BD, X'00FF', TIMESTAMP '2024-01-01'"),
            R"(SELECT 1 , 2.5 , '\x00FF'::bytea , timestamptz '2024-01-01')");
}

TEST(TranslatingOperators, KnowsThoseThatPostgresLacks) {
  EXPECT_EQ(
      Translated("SELECT a <=> b, a == b, a RLIKE 'x', 7 DIV 2"),
      "SELECT a IS NOT DISTINCT FROM b , a = b , a ~ 'x' , 7 OPERATOR(pg_catalog./) 2");
}

TEST(TranslatingTypes, RenamesThemInCasts) {
  EXPECT_EQ(
      Translated(
          "SELECT CAST(a AS STRING), b::DOUBLE, CAST(c AS ARRAY<INT>), d AS string"),
      "SELECT CAST ( a AS text ) , b :: double precision , CAST ( c AS integer[] ) , "
      "d AS string");
}

TEST(TranslatingComments, LeavesThemOut) {
  EXPECT_EQ(Translated("SELECT 1 -- one\n /* two */ ;"), "SELECT 1");
}

TEST(RefusingStatements, WritesDatabricksParseErrors) {
  EXPECT_EQ(Translated("SELECT 1; DROP TABLE t"),
            "\n[PARSE_SYNTAX_ERROR] Syntax error at or near ';'. SQLSTATE: 42601 (line "
            "1, pos 8)"
            "\n\n== SQL ==\nSELECT 1; DROP TABLE t\n--------^^^\n");
  EXPECT_EQ(Translated("SELECT 'open"), "\n[PARSE_SYNTAX_ERROR] Syntax error at or near "
                                        "''open'. SQLSTATE: 42601 (line 1, pos 7)"
                                        "\n\n== SQL ==\nSELECT 'open\n-------^^^\n");
}

TEST(TranslatingKinds, TellsQueriesFromChanges) {
  const auto kind = [](std::string_view statement) {
    return std::get<translation>(translate(statement, {})).kind;
  };

  EXPECT_EQ(kind("(SELECT 1)"), statement_kind::query);
  EXPECT_EQ(kind("with x as (select 1) select * from x"), statement_kind::query);
  EXPECT_EQ(kind("INSERT INTO t VALUES (1)"), statement_kind::insert);
  EXPECT_EQ(kind("DELETE FROM t"), statement_kind::change);
  EXPECT_EQ(kind("CREATE TABLE t (a INT)"), statement_kind::command);
}

} // namespace
