#include "services/catalog/tests/unity_catalog_fixture.hpp"

#include <nlohmann/json.hpp>

namespace lakegate::catalog {
namespace {

using namespace std::chrono_literals;
using databricks::failure_kind;
using testing::_;
using testing::ElementsAre;
using testing::Field;
using testing::IsEmpty;
using testing::Return;

using ListingNames = UnityCatalogTest;

TEST_F(ListingNames, FollowsEveryPageThroughEmptyOnesAndSorts) {
  EXPECT_CALL(workspace, ListSchemas(Page(""))).WillOnce(Return(names{{"b", "Z"}, "1"}));
  EXPECT_CALL(workspace, ListSchemas(Page("1"))).WillOnce(Return(names{{}, "2"}));
  EXPECT_CALL(workspace, ListSchemas(Page("2")))
      .WillOnce(Return(names{{"a", "\xC3\xA9"}, ""}));

  auto answer = AskSchemas(Ada());
  world.settle();

  EXPECT_THAT(answer->names, ElementsAre("Z", "a", "b", "\xC3\xA9"));
  EXPECT_EQ(answer->total, 4);
}

TEST_F(ListingNames, CutsThePartThatWasAskedFor) {
  EXPECT_CALL(workspace, ListSchemas(_))
      .WillRepeatedly(Return(names{{"d", "a", "c", "b"}, ""}));

  auto middle = AskSchemas(Ada(), {std::int64_t{2}, 1});
  auto past = AskSchemas(Ada(), {std::int64_t{2}, 9});
  auto rest = AskSchemas(Ada(), {caf::none, 3});
  world.settle();

  EXPECT_THAT(middle->names, ElementsAre("b", "c"));
  EXPECT_EQ(middle->total, 4);
  EXPECT_THAT(past->names, IsEmpty());
  EXPECT_EQ(past->total, 4);
  EXPECT_THAT(rest->names, ElementsAre("d"));
}

TEST_F(ListingNames, SendsTheCallersTokenAndWhatIsLeftOfItsTime) {
  databricks::list_catalogs seen;
  EXPECT_CALL(workspace, ListCatalogs(_)).WillOnce([&](const auto& x) {
    seen = x;
    return names{{"main"}, ""};
  });

  auto answer = Ask<name_page>(list_catalogs{Ada(), {}});
  world.settle();

  EXPECT_THAT(answer->names, ElementsAre("main"));
  EXPECT_EQ(seen.ctx.token, access_token{"token-of-ada"});
  EXPECT_EQ(seen.ctx.correlation_id, "correlation");
  EXPECT_EQ(seen.ctx.traceparent, "trace");
  EXPECT_EQ(seen.ctx.time_left, 30s);
}

TEST_F(ListingNames, OfTablesLeavesTheColumnsOut) {
  databricks::table_page page{{Table("b"), Table("a")}, ""};
  EXPECT_CALL(workspace, ListTables(Field(&databricks::list_tables::with_columns, false)))
      .WillOnce(Return(page));

  auto answer = Ask<name_page>(list_table_names{Ada(), "main", "default", {}});
  world.settle();

  EXPECT_THAT(answer->names, ElementsAre("a", "b"));
}

TEST_F(ListingNames, RefusesBadNamesAndSlicesTogether) {
  auto answer = Ask<name_page>(
      list_table_names{Ada(), "", std::string(256, 'x'), {std::int64_t{0}, -1}});
  world.settle();

  EXPECT_EQ(answer.code(), errc::invalid_query);
  auto details = nlohmann::json::parse(answer.fail().details);
  std::vector<std::string> fields;
  for (const auto& x : details["errors"])
    fields.push_back(x["field"]);
  EXPECT_THAT(fields, ElementsAre("catalog", "schema", "limit", "offset"));
}

TEST_F(ListingNames, GivesUpOnPagesThatGoInCircles) {
  EXPECT_CALL(workspace, ListSchemas(Page(""))).WillOnce(Return(names{{"a"}, "1"}));
  EXPECT_CALL(workspace, ListSchemas(Page("1"))).WillOnce(Return(names{{"a"}, "2"}));
  EXPECT_CALL(workspace, ListSchemas(Page("2"))).WillOnce(Return(names{{"a"}, "1"}));

  auto answer = AskSchemas(Ada());
  world.settle();

  EXPECT_EQ(answer.code(), errc::upstream_invalid_response);
}

TEST_F(ListingNames, GivesUpOnPagesWithoutEnd) {
  int calls = 0;
  EXPECT_CALL(workspace, ListSchemas(_)).WillRepeatedly([&](const auto&) {
    return names{{}, std::to_string(++calls)};
  });

  auto answer = AskSchemas(Ada());
  world.settle();

  EXPECT_EQ(answer.code(), errc::upstream_invalid_response);
  EXPECT_EQ(calls, 1000);
}

TEST_F(ListingNames, DoesNotStartWhenTheTimeIsUp) {
  auto late = Ada();
  late.time_left = 0s;

  auto answer = AskSchemas(late);
  world.settle();

  EXPECT_EQ(answer.code(), errc::catalog_unavailable);
}

using ListingTables = UnityCatalogTest;

TEST_F(ListingTables, ShowsEachAsADataSource) {
  databricks::table_page page{{Table("orders"), Table("customers")}, ""};
  EXPECT_CALL(workspace, ListTables(Field(&databricks::list_tables::with_columns, true)))
      .WillOnce(Return(page));

  auto answer = Ask<table_page>(list_tables{Ada(), "main", "default", {}});
  world.settle();

  ASSERT_EQ(answer->items.size(), 2U);
  EXPECT_EQ(answer->total, 2);
  const auto& x = answer->items[0];
  EXPECT_EQ(x.table_name, "customers");
  EXPECT_EQ(x.catalog_name, "main");
  EXPECT_EQ(x.schema_name, "default");
  EXPECT_EQ(x.owner, "owner@example.com");
  EXPECT_EQ(x.access_level, "READ");
  EXPECT_EQ(x.last_refreshed, "2024-07-14T23:33:20.123Z");
  ASSERT_EQ(x.columns.size(), 2U);
  EXPECT_EQ(x.columns[0].name, "a");
  EXPECT_EQ(x.columns[0].data_type, "bigint");
  EXPECT_FALSE(x.columns[0].nullable);
}

// -- what Databricks refuses ------------------------------------------------------

using ListingWhatIsDenied = UnityCatalogTest;

TEST_F(ListingWhatIsDenied, NamesTheGrantThatHelps) {
  EXPECT_CALL(workspace, ListTables(_))
      .WillOnce(Return(make_error(Denial("USE SCHEMA", "Schema", "main.sal`es"))));

  auto answer = Ask<table_page>(list_tables{Ada(), "main", "sal`es", {}});
  world.settle();

  EXPECT_EQ(answer.code(), errc::catalog_permission_denied);
  EXPECT_EQ(nlohmann::json::parse(answer.fail().details),
            (nlohmann::json{{"securable_type", "Schema"},
                            {"securable", "main.sal`es"},
                            {"missing_privilege", "USE SCHEMA"},
                            {"cure", "GRANT USE SCHEMA ON SCHEMA `main`.`sal``es` TO "
                                     "`ada@example.com`"},
                            {"catalog", "main"},
                            {"schema", "sal`es"}}));
}

TEST_F(ListingWhatIsDenied, KeepsANameWithADotInOnePiece) {
  EXPECT_CALL(workspace, ListTables(_))
      .WillOnce(Return(make_error(Denial("USE CATALOG", "Catalog", "my.main"))));

  auto answer = Ask<table_page>(list_tables{Ada(), "my.main", "s", {}});
  world.settle();

  EXPECT_EQ(nlohmann::json::parse(answer.fail().details)["cure"],
            "GRANT USE CATALOG ON CATALOG `my.main` TO `ada@example.com`");
}

struct Refusal {
  databricks::upstream_failure upstream;
  errc code;
};

class ListingAgainstARefusal : public UnityCatalogTest,
                               public testing::WithParamInterface<Refusal> {};

TEST_P(ListingAgainstARefusal, GivesItsCodeAtOnce) {
  EXPECT_CALL(workspace, ListTables(_)).WillOnce(Return(make_error(GetParam().upstream)));

  auto answer = Ask<name_page>(list_table_names{Ada(), "main", "nope", {}});
  world.settle();

  EXPECT_EQ(answer.code(), GetParam().code);
}

databricks::upstream_failure NotFound(std::string code) {
  auto result = Failure(failure_kind::not_found, 404);
  result.error_code = std::move(code);
  return result;
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, ListingAgainstARefusal,
    testing::Values(
        Refusal{NotFound("CATALOG_DOES_NOT_EXIST"), errc::catalog_not_found},
        Refusal{NotFound("SCHEMA_DOES_NOT_EXIST"), errc::schema_not_found},
        Refusal{NotFound("SCHEMA_NOT_FOUND"), errc::schema_not_found},
        Refusal{NotFound("NOT_FOUND"), errc::schema_not_found},
        Refusal{Failure(failure_kind::token_invalid, 401), errc::auth_invalid},
        Refusal{Failure(failure_kind::token_expired, 403), errc::auth_expired},
        Refusal{Failure(failure_kind::scope_missing, 403), errc::token_scope_missing},
        Refusal{Failure(failure_kind::permission_denied, 403),
                errc::catalog_permission_denied},
        Refusal{Failure(failure_kind::invalid_argument, 400), errc::invalid_query},
        Refusal{Failure(failure_kind::invalid_response, 200),
                errc::upstream_invalid_response},
        Refusal{Failure(failure_kind::not_configured, 0),
                errc::workspace_not_configured}));

TEST_F(ListingNames, OfAMissingCatalogIsItsOwn404) {
  EXPECT_CALL(workspace, ListSchemas(_)).WillOnce(Return(make_error(NotFound(""))));

  auto answer = AskSchemas(Ada());
  world.settle();

  EXPECT_EQ(answer.code(), errc::catalog_not_found);
  EXPECT_EQ(answer.fail().message, "Catalog main was not found.");
  EXPECT_EQ(answer.fail().details, R"({"catalog":"main"})");
}

TEST_F(ListingNames, AnswersEvenWhenItsActorDies) {
  HoldSchemas();
  auto answer = AskSchemas(Ada());
  world.settle();

  caf::anon_send_exit(actor, caf::exit_reason::kill);
  world.settle();

  EXPECT_EQ(answer.code(), errc::service_unavailable);
}

TEST_F(ListingNames, EndsWhenItsTimeIsUp) {
  HoldSchemas();
  auto answer = AskSchemas(Ada());
  world.settle();

  world.advance(29s);
  EXPECT_FALSE(answer.arrived());
  world.advance(1s);

  EXPECT_EQ(answer.code(), errc::catalog_unavailable);
}

} // namespace
} // namespace lakegate::catalog
