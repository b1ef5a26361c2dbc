#include "services/catalog/tests/table_query_fixture.hpp"

namespace lakegate::catalog {
namespace {

using databricks::failure_kind;
using testing::_;
using testing::Return;

struct Failing {
  databricks::statement_status status;
  errc code;
};

class QueryingWithAFailingStatement : public TableQueryTest,
                                      public testing::WithParamInterface<Failing> {};

TEST_P(QueryingWithAFailingStatement, IsToldByItsClassAndNeverByItsText) {
  auto status = GetParam().status;
  status.error_message += " == SQL == SELECT secret-value";
  auto answer = Ask(Query());

  Answer(warehouse.executions, 0, status);

  EXPECT_EQ(answer.code(), GetParam().code);
  EXPECT_THAT(answer.fail().message + answer.fail().details,
              testing::Not(testing::HasSubstr("secret-value")));
}

databricks::statement_status WithCode(std::string code) {
  auto result = Failed("", "");
  result.error_code = std::move(code);
  return result;
}

INSTANTIATE_TEST_SUITE_P(
    Classes, QueryingWithAFailingStatement,
    testing::Values(
        Failing{Failed("TABLE_OR_VIEW_NOT_FOUND", "42P01"), errc::table_not_found},
        Failing{Failed("", "42P01"), errc::table_not_found},
        Failing{Failed("SCHEMA_NOT_FOUND", "42704"), errc::schema_not_found},
        Failing{Failed("NO_SUCH_CATALOG_EXCEPTION", "42704"), errc::catalog_not_found},
        Failing{Failed("INSUFFICIENT_PERMISSIONS", "42501"),
                errc::catalog_permission_denied},
        Failing{
            Failed("", "", "PERMISSION_DENIED: User does not have SELECT on Table 'x'."),
            errc::catalog_permission_denied},
        Failing{Failed("UNRESOLVED_COLUMN.WITH_SUGGESTION", "42703"),
                errc::invalid_query},
        Failing{Failed("CAST_INVALID_INPUT", "22018"), errc::invalid_query},
        Failing{Failed("DATATYPE_MISMATCH.X", "42K09"), errc::invalid_query},
        Failing{Failed("PARSE_SYNTAX_ERROR", "42601"), errc::internal_error},
        Failing{Failed("", "", "Inline byte limit exceeded. Statements executed with …"),
                errc::invalid_query},
        Failing{WithCode("TEMPORARILY_UNAVAILABLE"), errc::catalog_unavailable},
        Failing{WithCode("DEADLINE_EXCEEDED"), errc::query_timeout},
        Failing{Status("x", databricks::statement_state::canceled),
                errc::catalog_unavailable},
        Failing{Status("x", databricks::statement_state::closed),
                errc::catalog_unavailable}));

using QueryingWhatIsDenied = TableQueryTest;

TEST_F(QueryingWhatIsDenied, NamesTheGrantThatHelps) {
  auto answer = Ask(Query());

  Answer(warehouse.executions, 0,
         Failed("INSUFFICIENT_PERMISSIONS", "42501",
                "[INSUFFICIENT_PERMISSIONS] Insufficient privileges:\nUser does not have "
                "SELECT on Table 'main.default.customers'. SQLSTATE: 42501"));

  EXPECT_EQ(nlohmann::json::parse(answer.fail().details)["cure"],
            "GRANT SELECT ON TABLE `main`.`default`.`customers` TO `ada@example.com`");
}

TEST_F(QueryingWhatIsDenied, NamesNoGrantWhereNothingIsSaidOfIt) {
  EXPECT_CALL(workspace, GetTable(_))
      .WillOnce(Return(make_error(Failure(failure_kind::permission_denied, 403))));

  auto answer = Ask(Query());

  EXPECT_EQ(answer.code(), errc::catalog_permission_denied);
  EXPECT_FALSE(nlohmann::json::parse(answer.fail().details).contains("cure"));
}

struct Missing {
  const char* error_code;
  errc code;
  const char* message;
};

class QueryingWhatIsMissing : public TableQueryTest,
                              public testing::WithParamInterface<Missing> {};

TEST_P(QueryingWhatIsMissing, IsItsOwn404) {
  auto missing = Failure(failure_kind::not_found, 404);
  missing.error_code = GetParam().error_code;
  EXPECT_CALL(workspace, GetTable(_)).WillOnce(Return(make_error(missing)));

  auto answer = Ask(Query());

  EXPECT_EQ(answer.code(), GetParam().code);
  EXPECT_EQ(answer.fail().message, GetParam().message);
  EXPECT_EQ(answer.fail().details,
            R"({"catalog":"main","schema":"default","table":"customers"})");
}

INSTANTIATE_TEST_SUITE_P(
    Parts, QueryingWhatIsMissing,
    testing::Values(Missing{"TABLE_DOES_NOT_EXIST", errc::table_not_found,
                            "Table main.default.customers was not found."},
                    Missing{"", errc::table_not_found,
                            "Table main.default.customers was not found."},
                    Missing{"SCHEMA_DOES_NOT_EXIST", errc::schema_not_found,
                            "Schema main.default was not found."},
                    Missing{"CATALOG_DOES_NOT_EXIST", errc::catalog_not_found,
                            "Catalog main was not found."}));

using QueryingAWarehouseThatIsGone = TableQueryTest;

TEST_F(QueryingAWarehouseThatIsGone, SaysWhichSettingIsWrong) {
  auto answer = Ask(Query());
  auto refusal = Failure(failure_kind::invalid_argument, 400);
  refusal.message = "w1 is not a valid endpoint id.";

  Answer(warehouse.executions, 0, refusal);

  EXPECT_EQ(answer.code(), errc::warehouse_not_configured);
}

TEST_F(QueryingAWarehouseThatIsGone, IsNoMissingTable) {
  auto answer = Ask(Query());

  Answer(warehouse.executions, 0, Failure(failure_kind::not_found, 404));

  EXPECT_EQ(answer.code(), errc::warehouse_not_configured);
}

TEST_F(QueryingAWarehouseThatIsGone, ShowsInItsStatus) {
  Ask(Query());

  Answer(warehouse.executions, 0, WithCode("TEMPORARILY_UNAVAILABLE"));

  auto status = known->status();
  EXPECT_EQ(status.components[0].status, "up");
  EXPECT_EQ(status.components[1].name, "warehouse");
  EXPECT_EQ(status.components[1].status, "down");
}

TEST(ReadingTheStatus, SaysWhatIsNotConfigured) {
  health known{false};
  known.workspace_failed(failure_kind::not_configured);

  auto status = known.status();

  EXPECT_EQ(status.components[0].status, "not_configured");
  EXPECT_EQ(status.components[0].detail, "Set DATABRICKS_HOST.");
  EXPECT_EQ(status.components[1].status, "not_configured");
}

TEST(ReadingTheStatus, KnowsWithoutACallThatNoWorkspaceIsConfigured) {
  const health known{true, false};

  EXPECT_EQ(known.status().components[0].status, "not_configured");
}

} // namespace
} // namespace lakegate::catalog
