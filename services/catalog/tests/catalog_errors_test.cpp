#include "services/catalog/src/catalog_errors.hpp"

#include <gmock/gmock.h>

namespace lakegate::catalog {
namespace {

struct Grant {
  databricks::denial denied;
  const char* statement;
};

class CuringADenial : public testing::TestWithParam<Grant> {};

TEST_P(CuringADenial, GivesTheStatementThatAnOwnerWouldRun) {
  call_target target{"ma.in", "sa.les", "t`1", "o'hara@example.com"};

  EXPECT_EQ(grant_statement(GetParam().denied, target), GetParam().statement);
}

INSTANTIATE_TEST_SUITE_P(
    Securables, CuringADenial,
    testing::Values(
        Grant{{"USE CATALOG", "Catalog", "ma.in"},
              "GRANT USE CATALOG ON CATALOG `ma.in` TO `o'hara@example.com`"},
        Grant{{"USE SCHEMA", "Schema", "ma.in.sa.les"},
              "GRANT USE SCHEMA ON SCHEMA `ma.in`.`sa.les` TO `o'hara@example.com`"},
        Grant{{"SELECT", "Table", "ma.in.sa.les.t`1"},
              "GRANT SELECT ON TABLE `ma.in`.`sa.les`.`t``1` TO `o'hara@example.com`"},
        Grant{{"SELECT", "View", "other.default.v"},
              "GRANT SELECT ON VIEW `other`.`default`.`v` TO `o'hara@example.com`"},
        Grant{{"use schema", "SCHEMA", "a.b"},
              "GRANT USE SCHEMA ON SCHEMA `a`.`b` TO `o'hara@example.com`"}));

INSTANTIATE_TEST_SUITE_P(Unclear, CuringADenial,
                         testing::Values(Grant{{"", "Schema", "a.b"}, ""},
                                         Grant{{"CAN USE", "Warehouse", "w1"}, ""},
                                         Grant{{"SELECT", "Table", "just_a_table"}, ""},
                                         Grant{{"SELECT; DROP", "Table", "a.b.c"}, ""}));

TEST(CuringADenialOfNobody, GivesNothing) {
  EXPECT_EQ(grant_statement({"USE CATALOG", "Catalog", "main"}, {"main", {}, {}, {}}),
            "");
}

TEST(TranslatingAFailedStatementCall, LeavesDatabricksWordsOut) {
  databricks::upstream_failure x;
  x.kind = databricks::failure_kind::invalid_argument;
  x.http_status = 400;
  x.error_code = "INVALID_PARAMETER_VALUE";
  x.message = "Cannot parse secret-value.";

  auto told = failure_of_statement_call(x, {"main", "default", "t", "ada@example.com"});

  EXPECT_EQ(told.code, errc::invalid_query);
  EXPECT_EQ(told.details.find("secret-value"), std::string::npos);
}

TEST(TranslatingAFailedStatement, TellsNothingOfADefectOfOurs) {
  databricks::statement_status x;
  x.state = databricks::statement_state::failed;
  x.error_class = "PARSE_SYNTAX_ERROR";
  x.sql_state = "42601";

  auto told = failure_of_statement(x, {"main", "default", "t", "ada@example.com"});

  EXPECT_EQ(told.code, errc::internal_error);
  EXPECT_EQ(told.details, "");
}

} // namespace
} // namespace lakegate::catalog
