#include <lakegate/databricks/upstream_errors.hpp>

#include <caf/sec.hpp>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace lakegate::databricks {

namespace {

constexpr error_mapping mapping{errc::catalog_permission_denied, errc::table_not_found,
                                errc::catalog_unavailable, errc::query_timeout,
                                errc::invalid_query};

upstream_failure failing(failure_kind kind) {
  upstream_failure result;
  result.kind = kind;
  return result;
}

struct kind_row {
  failure_kind kind;
  errc code;
};
class TranslatingAFailure : public ::testing::TestWithParam<kind_row> {};

TEST_P(TranslatingAFailure, GivesTheApisCode) {
  auto result = translate(make_error(failing(GetParam().kind)), mapping);

  EXPECT_EQ(failure_of(result).code, GetParam().code);
}

INSTANTIATE_TEST_SUITE_P(
    Table, TranslatingAFailure,
    ::testing::Values(
        kind_row{failure_kind::not_configured, errc::workspace_not_configured},
        kind_row{failure_kind::token_invalid, errc::auth_invalid},
        kind_row{failure_kind::token_expired, errc::auth_expired},
        kind_row{failure_kind::scope_missing, errc::token_scope_missing},
        kind_row{failure_kind::permission_denied, errc::catalog_permission_denied},
        kind_row{failure_kind::not_found, errc::table_not_found},
        kind_row{failure_kind::invalid_argument, errc::invalid_query},
        kind_row{failure_kind::rate_limited, errc::rate_limited},
        kind_row{failure_kind::unavailable, errc::catalog_unavailable},
        kind_row{failure_kind::timeout, errc::query_timeout},
        kind_row{failure_kind::invalid_response, errc::upstream_invalid_response},
        kind_row{failure_kind::cancelled, errc::catalog_unavailable},
        kind_row{failure_kind::overloaded, errc::overloaded},
        kind_row{failure_kind::held_back, errc::catalog_unavailable},
        kind_row{failure_kind::none, errc::internal_error}));

TEST(TranslatingAFailure, NamesTheMissingScope) {
  auto upstream = failing(failure_kind::scope_missing);
  upstream.scope = "sql";

  auto result = failure_of(translate(upstream, mapping));

  EXPECT_EQ(nlohmann::json::parse(result.details),
            nlohmann::json::parse(R"({"required_scope":"sql"})"));
}

TEST(TranslatingAFailure, PassesRetryAfterOn) {
  auto upstream = failing(failure_kind::rate_limited);
  upstream.retry_after = 7;

  EXPECT_EQ(failure_of(translate(upstream, mapping)).retry_after, 7);
}

TEST(TranslatingAFailure, SaysWhichPrivilegeIsMissing) {
  auto upstream = failing(failure_kind::permission_denied);
  upstream.error_code = "PERMISSION_DENIED";
  upstream.privilege = "USE SCHEMA";
  upstream.resource_type = "Schema";
  upstream.resource_name = "main.sales";

  auto result = failure_of(translate(upstream, mapping));

  EXPECT_EQ(nlohmann::json::parse(result.details), nlohmann::json::parse(R"({
    "securable_type": "Schema", "securable": "main.sales",
    "missing_privilege": "USE SCHEMA", "upstream_error_code": "PERMISSION_DENIED"})"));
}

TEST(TranslatingAFailure, TellsNothingOfTheWorkspacesOwnTroubles) {
  auto upstream = failing(failure_kind::unavailable);
  upstream.error_code = "INTERNAL_ERROR";
  upstream.message = "host 10.0.0.1 is down";

  EXPECT_EQ(failure_of(translate(upstream, mapping)).details, "{}");
}

TEST(TranslatingAFailure, LeavesAnErrorOfTheApiAlone) {
  auto result = translate(make_error(errc::table_not_found), mapping);

  EXPECT_EQ(failure_of(result).code, errc::table_not_found);
}

TEST(TranslatingAFailure, KnowsTheErrorsOfCaf) {
  EXPECT_EQ(failure_of(translate(caf::sec::request_timeout, mapping)).code,
            errc::query_timeout);
  EXPECT_EQ(failure_of(translate(caf::sec::request_receiver_down, mapping)).code,
            errc::catalog_unavailable);
}

struct denial_row {
  const char* text;
  const char* privilege;
  const char* type;
  const char* name;
};
class FindingADenial : public ::testing::TestWithParam<denial_row> {};

TEST_P(FindingADenial, ReadsTheSentence) {
  auto result = find_denial(GetParam().text);

  ASSERT_TRUE(result);
  EXPECT_EQ(result->privilege, GetParam().privilege);
  EXPECT_EQ(result->resource_type, GetParam().type);
  EXPECT_EQ(result->resource_name, GetParam().name);
}

INSTANTIATE_TEST_SUITE_P(
    Table, FindingADenial,
    ::testing::Values(
        denial_row{"User does not have USE CATALOG on Catalog 'x'.", "USE CATALOG",
                   "Catalog", "x"},
        denial_row{
            "[INSUFFICIENT_PERMISSIONS] Insufficient privileges:\nUser does not have "
            "SELECT on Table 'a.b.c'. SQLSTATE: 42501",
            "SELECT", "Table", "a.b.c"},
        denial_row{
            "PERMISSION_DENIED: User does not have USE SCHEMA on Schema 'a.o'brien'.",
            "USE SCHEMA", "Schema", "a.o'brien"},
        denial_row{"User does not have EXECUTE on Routine or Model 'a.b.f'", "EXECUTE",
                   "Routine or Model", "a.b.f"},
        denial_row{"User does not have permission 'CAN_QUERY' on serving endpoint 'x'.",
                   "CAN_QUERY", "serving endpoint", "x"}));

TEST(FindingADenial, FindsNoneWhereThereIsNone) {
  EXPECT_FALSE(find_denial(""));
  EXPECT_FALSE(find_denial("does not have required scopes: sql"));
  EXPECT_FALSE(find_denial("User does not have USE CATALOG on Catalog 'x"));
}

} // namespace

} // namespace lakegate::databricks
