#include "shared/databricks/src/message_text.hpp"

#include <gtest/gtest.h>

namespace lakegate::databricks {

namespace {

struct text_row {
  const char* name;
  std::string text;
  std::string cleaned;
  std::string error_class;
  std::string sql_state;
};
class CleaningAMessage : public ::testing::TestWithParam<text_row> {};

TEST_P(CleaningAMessage, KeepsWhatHelps) {
  EXPECT_EQ(clean_message(GetParam().text), GetParam().cleaned);
  EXPECT_EQ(find_error_class(GetParam().text), GetParam().error_class);
  EXPECT_EQ(find_sql_state(GetParam().text), GetParam().sql_state);
}

INSTANTIATE_TEST_SUITE_P(
    Table, CleaningAMessage,
    ::testing::Values(
        text_row{
            "syntax_error",
            "\n[PARSE_SYNTAX_ERROR] Syntax error at or near 'INSER'. SQLSTATE: 42601 "
            "(line 1, pos 0)\n\n== SQL ==\nINSER INTO secret\n^^^\n",
            "[PARSE_SYNTAX_ERROR] Syntax error at or near 'INSER'. SQLSTATE: 42601 "
            "(line 1, pos 0)",
            "PARSE_SYNTAX_ERROR", "42601"},
        text_row{
            "unknown_column_with_a_plan",
            "[UNRESOLVED_COLUMN.WITH_SUGGESTION] A column with name `x` cannot be "
            "resolved. Did you mean one of the following? [`a`, `b`]. SQLSTATE: 42703; "
            "line 1 pos 7;\n'Project ['x]\n+- SubqueryAlias secret",
            "[UNRESOLVED_COLUMN.WITH_SUGGESTION] A column with name `x` cannot be "
            "resolved. Did you mean one of the following? [`a`, `b`]. SQLSTATE: 42703; "
            "line 1 pos 7",
            "UNRESOLVED_COLUMN.WITH_SUGGESTION", "42703"},
        text_row{
            "missing_table",
            "[TABLE_OR_VIEW_NOT_FOUND] The table or view `a`.`b`.`c` cannot be found. "
            "Verify the spelling.\nIf you did not qualify the name, verify it. "
            "SQLSTATE: 42P01; line 1 pos 14",
            "[TABLE_OR_VIEW_NOT_FOUND] The table or view `a`.`b`.`c` cannot be found. "
            "Verify the spelling.\nIf you did not qualify the name, verify it. "
            "SQLSTATE: 42P01; line 1 pos 14",
            "TABLE_OR_VIEW_NOT_FOUND", "42P01"},
        text_row{
            "denial",
            "[INSUFFICIENT_PERMISSIONS] Insufficient privileges:\nUser does not have "
            "USE CATALOG on Catalog 'x'. SQLSTATE: 42501",
            "[INSUFFICIENT_PERMISSIONS] Insufficient privileges:\nUser does not have "
            "USE CATALOG on Catalog 'x'. SQLSTATE: 42501",
            "INSUFFICIENT_PERMISSIONS", "42501"},
        text_row{"plan_without_state", "cannot resolve 'x';\n'Project [*]\n+- Relation",
                 "cannot resolve 'x'", "", ""},
        text_row{"java_stack", "It failed.\n\tat com.example.Secret(File.java:1)",
                 "It failed.", "", ""},
        text_row{"request_id", "No. [ReqId: 1-2] Really.", "No. Really.", "", ""},
        text_row{"unclosed_request_id", "No. [ReqId: 1-2", "No.", "", ""},
        text_row{"bad_state", "x SQLSTATE: 4270", "x SQLSTATE: 4270", "", ""},
        text_row{"blank", " \n ", "", "", ""}),
    [](const auto& x) { return std::string{x.param.name}; });

TEST(CleaningAMessage, CutsBetweenCharacters) {
  std::string text(1999, 'x');
  text += "\xc3\xa9\xc3\xa9 the rest";

  auto cleaned = clean_message(text);

  EXPECT_EQ(cleaned, std::string(1999, 'x') + " …");
}

TEST(FindingAScope, TakesOneOrSeveral) {
  EXPECT_EQ(find_required_scope("does not have required scopes: sql [ReqId: 1]"), "sql");
  EXPECT_EQ(find_required_scope("required scopes: a b."), "a b");
  EXPECT_EQ(find_required_scope("Required scope is missing"), "");
}

} // namespace

} // namespace lakegate::databricks
