// Refusals: what a client is told when Unity Catalog or the warehouse says no.

#include "integration-tests/support/table_script.hpp"

namespace lakegate::integration {

using databricks::failure_kind;
using databricks::statement_state;
using nlohmann::json;

namespace {

const json the_table{{"catalog", "main"}, {"schema", "default"}, {"table", "scripted"}};

/// The details of a denial that names all it needs to.
json Denial(const std::string& type, const std::string& name,
            const std::string& privilege, const std::string& cure) {
  json x = the_table;
  x["securable_type"] = type;
  x["securable"] = name;
  x["missing_privilege"] = privilege;
  if (!cure.empty())
    x["cure"] = cure;
  return x;
}

databricks::upstream_failure Denied(const std::string& privilege, const std::string& type,
                                    const std::string& name) {
  auto x = Failing(failure_kind::permission_denied, 403);
  x.privilege = privilege;
  x.resource_type = type;
  x.resource_name = name;
  return x;
}

databricks::upstream_failure Missing(const std::string& code,
                                     const std::string& resource_type = {}) {
  auto x = Failing(failure_kind::not_found, 404);
  x.error_code = code;
  x.resource_type = resource_type;
  return x;
}

} // namespace

class Refusals : public ScriptedTable {
protected:
  Response Query() {
    return When(Get(path::query
                    + "?catalog=main&schema=default&table=scripted&include_total=false")
                    .As(user_a));
  }

  /// A query ends with that problem, exactly those details, and that message if it is one
  /// of its own.
  void ExpectRefusal(errc code, const json& details, const std::string& message = {}) {
    auto response = Query();

    EXPECT_THAT(response, IsProblem(code));
    auto detail = response.json()["detail"];
    EXPECT_EQ(detail["technical_details"], details) << testing::PrintToString(response);
    if (!message.empty()) {
      EXPECT_EQ(detail["message"], message);
    }
  }
};

TEST_F(Refusals, OfAStatementAreToldByItsClassOrItsSqlState) {
  struct row {
    databricks::statement_status status;
    errc code;
    json details;
    std::string message;
  };
  const json none = json::object();
  auto of_class = [](const std::string& name, const std::string& state) {
    json x = json::object();
    if (!name.empty())
      x["error_class"] = name;
    if (!state.empty())
      x["sql_state"] = state;
    return x;
  };
  const std::string no_table = "Table main.default.scripted was not found.";
  const std::string no_schema = "Schema main.default was not found.";
  const std::string no_catalog = "Catalog main was not found.";
  const std::string no_column =
      "The warehouse does not know a column that Unity Catalog lists.";
  const std::string bad_value =
      "A value of the query does not fit the column it is compared with.";
  const std::string select_denied =
      "[INSUFFICIENT_PERMISSIONS] Insufficient privileges:\nUser does not have SELECT on "
      "Table 'main.default.scripted'. SQLSTATE: 42501";
  const auto select_missing =
      Denial("Table", "main.default.scripted", "SELECT",
             "GRANT SELECT ON TABLE `main`.`default`.`scripted` TO `" + user_a + "`");
  for (const auto& [status, code, details, message] : std::vector<row>{
           {Failed("BAD_REQUEST", "TABLE_OR_VIEW_NOT_FOUND", "42P01"),
            errc::table_not_found, the_table, no_table},
           {Failed("BAD_REQUEST", "", "42P01"), errc::table_not_found, the_table,
            no_table},
           {Failed("BAD_REQUEST", "SCHEMA_NOT_FOUND", "42704"), errc::schema_not_found,
            the_table, no_schema},
           {Failed("BAD_REQUEST", "", "42704"), errc::schema_not_found, the_table,
            no_schema},
           {Failed("BAD_REQUEST", "CATALOG_NOT_FOUND", "42704"), errc::catalog_not_found,
            the_table, no_catalog},
           {Failed("BAD_REQUEST", "NO_SUCH_CATALOG_EXCEPTION", "42704"),
            errc::catalog_not_found, the_table, no_catalog},
           {Failed("BAD_REQUEST", "INSUFFICIENT_PERMISSIONS", "42501", select_denied),
            errc::catalog_permission_denied, select_missing,
            "You lack SELECT on Table main.default.scripted. Ask an owner to grant it."},
           {Failed("BAD_REQUEST", "", "42501", "no privilege is named"),
            errc::catalog_permission_denied,
            the_table,
            {}},
           {Failed("BAD_REQUEST", "", "",
                   "PERMISSION_DENIED: User does not have USE SCHEMA on Schema "
                   "'main.default'."),
            errc::catalog_permission_denied,
            Denial("Schema", "main.default", "USE SCHEMA",
                   "GRANT USE SCHEMA ON SCHEMA `main`.`default` TO `" + user_a + "`"),
            {}},
           {Failed("BAD_REQUEST", "PARSE_SYNTAX_ERROR", "42601"),
            errc::internal_error,
            none,
            {}},
           {Failed("BAD_REQUEST", "", "42601"), errc::internal_error, none, {}},
           {Failed("BAD_REQUEST", "UNRESOLVED_COLUMN.WITH_SUGGESTION", "42703"),
            errc::invalid_query, of_class("UNRESOLVED_COLUMN.WITH_SUGGESTION", "42703"),
            no_column},
           {Failed("BAD_REQUEST", "", "42703"), errc::invalid_query,
            of_class("", "42703"), no_column},
           {Failed("BAD_REQUEST", "CAST_INVALID_INPUT", "22018"), errc::invalid_query,
            of_class("CAST_INVALID_INPUT", "22018"), bad_value},
           {Failed("BAD_REQUEST", "DATATYPE_MISMATCH.X", "42K09"), errc::invalid_query,
            of_class("DATATYPE_MISMATCH.X", "42K09"), "The warehouse refused the query."},
           {Failed("DEADLINE_EXCEEDED", "", ""), errc::query_timeout, none, {}},
           {Failed("TEMPORARILY_UNAVAILABLE", "NO_CLUSTER", ""),
            errc::catalog_unavailable,
            of_class("NO_CLUSTER", ""),
            {}},
           {Unfinished(statement_state::canceled), errc::catalog_unavailable, none, {}},
           {Unfinished(statement_state::closed), errc::catalog_unavailable, none, {}},
       }) {
    Script().Pages({Answer(status)});

    ExpectRefusal(code, details, message);
  }
}

TEST_F(Refusals, OfTheStatementsApiAreAboutTheWarehouse) {
  struct row {
    databricks::upstream_failure failure;
    errc code;
    json details;
  };
  const json none = json::object();
  auto saying = [](databricks::upstream_failure x, const std::string& message) {
    x.message = message;
    return x;
  };
  auto scope = Failing(failure_kind::scope_missing, 403);
  scope.scope = "sql";
  const auto refused = Failing(failure_kind::invalid_argument, 400);
  const auto denied = Failing(failure_kind::permission_denied, 403);
  for (const auto& [failure, code, details] : std::vector<row>{
           {Failing(failure_kind::not_found, 404), errc::warehouse_not_configured, none},
           {saying(refused, "reference-warehouse is not a valid endpoint id."),
            errc::warehouse_not_configured, none},
           {saying(refused, "Cannot parse a-secret-value."), errc::invalid_query, none},
           {saying(denied, "User does not have CAN USE on Warehouse 'reference'."),
            errc::catalog_permission_denied,
            Denial("Warehouse", "reference", "CAN USE", "")},
           {saying(denied, "No."), errc::catalog_permission_denied, the_table},
           {Failing(failure_kind::token_invalid, 401), errc::auth_invalid, none},
           {Failing(failure_kind::token_expired, 401), errc::auth_expired, none},
           {scope, errc::token_scope_missing, {{"required_scope", "sql"}}},
           {Failing(failure_kind::not_configured), errc::workspace_not_configured, none},
           {Failing(failure_kind::invalid_response, 200), errc::upstream_invalid_response,
            none},
           {Failing(failure_kind::overloaded), errc::overloaded, none},
           {Failing(failure_kind::cancelled), errc::catalog_unavailable, none},
       }) {
    Script().Pages({test::fails<databricks::statement_status>(failure)});

    ExpectRefusal(code, details);
  }
}

TEST_F(Refusals, OfATableNameThePartThatIsMissing) {
  struct row {
    databricks::upstream_failure failure;
    errc code;
    std::string message;
  };
  for (const auto& [failure, code, message] : std::vector<row>{
           {Missing("CATALOG_DOES_NOT_EXIST"), errc::catalog_not_found,
            "Catalog main was not found."},
           {Missing("SCHEMA_DOES_NOT_EXIST"), errc::schema_not_found,
            "Schema main.default was not found."},
           {Missing("TABLE_DOES_NOT_EXIST"), errc::table_not_found,
            "Table main.default.scripted was not found."},
           {Missing("", "catalog"), errc::catalog_not_found,
            "Catalog main was not found."},
           {Missing("NOT_FOUND", "Schema"), errc::schema_not_found,
            "Schema main.default was not found."},
           {Missing("", ""), errc::table_not_found,
            "Table main.default.scripted was not found."},
       }) {
    Script().Tables({test::fails<databricks::table_info>(failure)});

    ExpectRefusal(code, the_table, message);
  }
}

TEST_F(Refusals, OfATableNameTheGrantThatHelpsWhereThereIsOne) {
  struct row {
    std::string privilege, type, name, cure;
  };
  const auto to_a = " TO `" + user_a + "`";
  for (const auto& [privilege, type, name, cure] : std::vector<row>{
           {"USE CATALOG", "Catalog", "main", "GRANT USE CATALOG ON CATALOG `main`"},
           {"use schema", "SCHEMA", "main.default",
            "GRANT USE SCHEMA ON SCHEMA `main`.`default`"},
           {"USE_SCHEMA", "Schema", "other.s`1",
            "GRANT USE_SCHEMA ON SCHEMA `other`.`s``1`"},
           {"SELECT", "View", "other.views.one.two",
            "GRANT SELECT ON VIEW `other`.`views`.`one.two`"},
           {"SELECT", "Table", "just_a_table", ""},
           {"SELECT", "Table", "a.b", ""},
           {"CAN USE", "Warehouse", "w-1", ""},
           {"SELECT; DROP", "Table", "a.b.c", ""},
           {"SELECT1", "Table", "a.b.c", ""},
           {"{}", "Table", "a.b.c", ""},
       }) {
    Script().Tables({test::fails<databricks::table_info>(Denied(privilege, type, name))});

    ExpectRefusal(errc::catalog_permission_denied,
                  Denial(type, name, privilege, cure.empty() ? "" : cure + to_a),
                  "You lack " + privilege + " on " + type + ' ' + name
                      + ". Ask an owner to grant it.");
  }
}

TEST_F(Refusals, InWordsAloneAreReadFromTheSentence) {
  auto said = Failing(failure_kind::permission_denied, 403,
                      "User does not have USE CATALOG on Catalog 'main'.");
  auto unsaid = Failing(failure_kind::permission_denied, 403, "Forbidden.");

  Script().Tables({test::fails<databricks::table_info>(said)});
  ExpectRefusal(errc::catalog_permission_denied,
                Denial("Catalog", "main", "USE CATALOG",
                       "GRANT USE CATALOG ON CATALOG `main` TO `" + user_a + "`"));
  Script().Tables({test::fails<databricks::table_info>(unsaid)});
  ExpectRefusal(errc::catalog_permission_denied, the_table);
}

TEST_F(Refusals, OfAListNameNoMoreThanWasAsked) {
  auto fail_with = [this](const databricks::upstream_failure& x) {
    auto& catalog = Workspace().catalog;
    using testing::_;
    using testing::Return;
    ON_CALL(catalog, list_catalogs(_))
        .WillByDefault(Return(test::fails<databricks::name_page>(x)));
    ON_CALL(catalog, list_schemas(_))
        .WillByDefault(Return(test::fails<databricks::name_page>(x)));
  };
  const auto schemas = path::schemas + "?catalog=main";

  fail_with(Missing("TABLE_DOES_NOT_EXIST"));
  EXPECT_THAT(When(Get(path::catalogs).As(user_a)), IsProblem(errc::catalog_unavailable));
  auto missing = When(Get(schemas).As(user_a));
  EXPECT_THAT(missing, IsProblem(errc::catalog_not_found));
  EXPECT_EQ(missing.json()["detail"]["technical_details"], json({{"catalog", "main"}}));

  fail_with(Denied("USE SCHEMA", "Schema", "main.default"));
  auto denied = When(Get(schemas).As(user_a));
  EXPECT_EQ(denied.json()["detail"]["technical_details"]["cure"],
            "GRANT USE SCHEMA ON SCHEMA `main`.`default` TO `" + user_a + "`")
      << "of what the list does not name";
  fail_with(Failing(failure_kind::permission_denied, 403));
  auto without_a_word = When(Get(path::catalogs).As(user_a));
  EXPECT_THAT(without_a_word, IsProblem(errc::catalog_permission_denied));
  EXPECT_EQ(without_a_word.json()["detail"]["technical_details"], json::object());
}

} // namespace lakegate::integration
