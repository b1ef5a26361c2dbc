#include "shared/databricks/tests/actor_fixture.hpp"

namespace lakegate::test {

namespace {

using namespace databricks;
using ::testing::ElementsAre;

class CallingTheWorkspace : public WorkspaceTest {};

TEST_F(CallingTheWorkspace, SaysWhoAsksAndWhy) {
  Given(http_answer(200, R"({"userName":"ann@example.com","active":true})",
                    "X-Databricks-Org-Id: 42\r\n"));
  config_.workspace_id = "4711";

  auto user = Ask<workspace_user>(spawn_identity(system_, Workspace()),
                                  get_current_user{Context()});

  EXPECT_EQ(user.value->user_name, "ann@example.com");
  EXPECT_EQ(user.value->workspace_id, "42");
  auto request = Received();
  EXPECT_EQ(request.method, "GET");
  EXPECT_EQ(request.target, "/api/2.0/preview/scim/v2/Me");
  EXPECT_EQ(request.headers["authorization"], "Bearer canary-token");
  EXPECT_EQ(request.headers["user-agent"], "lakegate/0.1.0 os/linux");
  EXPECT_EQ(request.headers["accept"], "application/json");
  EXPECT_EQ(request.headers["traceparent"], Context().traceparent);
  EXPECT_EQ(request.headers["x-request-id"], "correlation-1");
  EXPECT_EQ(request.headers["x-databricks-workspace-id"], "4711");
}

TEST_F(CallingTheWorkspace, TellsTheMeterOfTheCallsThatItSent) {
  // Given two calls, and one that no path can carry
  Given(http_answer(200, R"({"name":"x"})"));
  auto ctx = Context();
  ctx.meter = std::make_shared<call_meter>(call_meter::clock::now());
  auto catalog = spawn_catalog(system_, Workspace());

  Ask<table_info>(catalog, get_table{ctx, "main", "a", "b"});
  Ask<table_info>(catalog, get_table{ctx, "main", "a", "c"});
  Ask<table_info>(catalog, get_table{ctx, "", "", ""});

  // Then two are counted, and no wait is left open
  auto now = ctx.meter->report();
  auto later = ctx.meter->report(call_meter::clock::now() + std::chrono::hours{1});
  EXPECT_EQ(now.attempts, static_cast<int>(server_->requests().size()));
  EXPECT_EQ(now.attempts, 2);
  EXPECT_GT(now.upstream_us, 0u);
  EXPECT_EQ(later.upstream_us, now.upstream_us);
  EXPECT_EQ(later.database_us, 0u);
}

TEST_F(CallingTheWorkspace, ListsCatalogsInPages) {
  Given(http_answer(200, R"({"catalogs":[{"name":"main"}],"next_page_token":"a b"})"));
  auto catalog = spawn_catalog(system_, Workspace());

  auto first = Ask<name_page>(catalog, list_catalogs{Context(), ""});
  Ask<name_page>(catalog, list_catalogs{Context(), first.value->next_page_token});

  EXPECT_THAT(first.value->names, ElementsAre("main"));
  EXPECT_EQ(Received(0).target, "/api/2.1/unity-catalog/catalogs?max_results=0");
  EXPECT_EQ(Received(1).target,
            "/api/2.1/unity-catalog/catalogs?max_results=0&page_token=a%20b");
}

TEST_F(CallingTheWorkspace, ListsSchemasAndTables) {
  Given("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
  auto catalog = spawn_catalog(system_, Workspace());

  Ask<name_page>(catalog, list_schemas{Context(), "a&b", ""});
  Ask<table_page>(catalog, list_tables{Context(), "main", "sales", true, ""});
  Ask<table_page>(catalog, list_tables{Context(), "main", "sales", false, "t"});

  EXPECT_EQ(Received(0).target,
            "/api/2.1/unity-catalog/schemas?catalog_name=a%26b&max_results=0");
  EXPECT_EQ(Received(1).target,
            "/api/2.1/unity-catalog/"
            "tables?catalog_name=main&schema_name=sales&max_results=0");
  EXPECT_EQ(Received(2).target,
            "/api/2.1/unity-catalog/tables?catalog_name=main&schema_name=sales"
            "&omit_columns=true&omit_properties=true&max_results=0&page_token=t");
}

TEST_F(CallingTheWorkspace, GetsATableWhoseNameIsOneSegment) {
  Given(http_answer(200, R"({"name":"x"})"));

  auto table =
      Ask<table_info>(spawn_catalog(system_, Workspace()),
                      get_table{Context(), "main", "a/../b", "50% \xf0\x9f\x9a\x95"});

  EXPECT_EQ(table.value->name, "x");
  EXPECT_EQ(Received().target,
            "/api/2.1/unity-catalog/tables/main.a%2F..%2Fb.50%25%20%F0%9F%9A%95");
}

TEST_F(CallingTheWorkspace, RunsAStatementToItsEnd) {
  Given(http_answer(200, R"({"statement_id":"s/1","status":{"state":"PENDING"}})"));
  auto sql = spawn_sql(system_, Workspace());
  execute_statement cmd;
  cmd.ctx = Context();
  cmd.warehouse_id = "w";
  cmd.statement = "SELECT 1";

  auto begun = Ask<statement_status>(sql, cmd);
  Ask<statement_status>(sql, get_statement{Context(), begun.value->statement_id});
  Ask<cancelled_statement>(sql, cancel_statement{Context(), "s-1"});

  EXPECT_EQ(begun.value->state, statement_state::pending);
  EXPECT_EQ(Received(0).method, "POST");
  EXPECT_EQ(Received(0).target, "/api/2.0/sql/statements");
  EXPECT_EQ(Received(0).headers["content-type"], "application/json");
  EXPECT_EQ(Received(1).method, "GET");
  EXPECT_EQ(Received(1).target, "/api/2.0/sql/statements/s%2F1");
  EXPECT_EQ(Received(2).method, "POST");
  EXPECT_EQ(Received(2).target, "/api/2.0/sql/statements/s-1/cancel");
}

TEST_F(CallingTheWorkspace, FetchesAChunk) {
  Given(http_answer(200, R"({"chunk_index":3,"data_array":[["a",null]]})"));

  auto chunk = Ask<result_chunk>(spawn_sql(system_, Workspace()),
                                 get_result_chunk{Context(), "s-1", 3});

  EXPECT_EQ(chunk.value->rows.at(0).at(1), cell{});
  EXPECT_EQ(Received().target, "/api/2.0/sql/statements/s-1/result/chunks/3");
}

TEST_F(CallingTheWorkspace, FindsServingEndpoints) {
  Given(http_answer(200, R"({"name":"a"})"));
  auto serving = spawn_serving(system_, Workspace());

  Ask<serving_endpoint_list>(serving, list_serving_endpoints{Context()});
  Ask<serving_endpoint>(serving, get_serving_endpoint{Context(), "a b"});

  EXPECT_EQ(Received(0).target, "/api/2.0/serving-endpoints");
  EXPECT_EQ(Received(1).target, "/api/2.0/serving-endpoints/a%20b");
}

TEST_F(CallingTheWorkspace, ReadsTheOpenApiDocumentThatComesAsText) {
  Given(http_answer(200, R"({"openapi":"3.1.0"})", "", "text/plain"));

  auto document = Ask<openapi_document>(spawn_serving(system_, Workspace()),
                                        get_endpoint_openapi{Context(), "fare"});

  EXPECT_EQ(document.value->json.str(), R"({"openapi":"3.1.0"})");
  EXPECT_EQ(Received().target, "/api/2.0/serving-endpoints/fare/openapi");
  EXPECT_EQ(Received().headers["accept"], "text/plain");
}

TEST_F(CallingTheWorkspace, InvokesAModelDigitForDigit) {
  Given(http_answer(200, R"({"predictions":[9007199254740993]})",
                    "served-model-name: fare-3\r\n"));
  const std::string inputs = R"({"inputs": [1.10, 1e400, 9007199254740993]})";

  auto answer = Ask<invocation_answer>(
      spawn_serving(system_, Workspace()),
      invoke_endpoint{Context(), "fare", json_text::trusted(inputs)});

  EXPECT_EQ(answer.value->body.str(), R"({"predictions":[9007199254740993]})");
  EXPECT_EQ(answer.value->served_model_name, "fare-3");
  EXPECT_EQ(Received().target, "/serving-endpoints/fare/invocations");
  EXPECT_EQ(Received().body, inputs);
}

TEST_F(CallingTheWorkspace, ReadsAnMlmodelFile) {
  Given(http_answer(200, "signature:\n  inputs: '[]'\n", "", "application/octet-stream"));

  auto file = Ask<mlmodel_file>(spawn_registry(system_, Workspace()),
                                get_mlmodel{Context(), "main.ml.fare", "3"});

  EXPECT_EQ(file.value->yaml, "signature:\n  inputs: '[]'\n");
  EXPECT_EQ(Received().target, "/api/2.0/fs/files/Models/main/ml/fare/3/MLmodel");
}

TEST_F(CallingTheWorkspace, TakesNoWebPageForAnMlmodelFile) {
  Given(http_answer(200, "<html>Sign in</html>", "", "application/octet-stream"));

  auto file = Ask<mlmodel_file>(spawn_registry(system_, Workspace()),
                                get_mlmodel{Context(), "main.ml.fare", "3"});

  EXPECT_EQ(file.failure.kind, failure_kind::invalid_response);
}

TEST_F(CallingTheWorkspace, NeverSendsANameThatNoPathCanCarry) {
  Given(http_answer(200, "{}"));
  auto serving = spawn_serving(system_, Workspace());
  auto registry = spawn_registry(system_, Workspace());
  auto sql = spawn_sql(system_, Workspace());
  auto catalog = spawn_catalog(system_, Workspace());

  for (std::string name : {"", ".", ".."}) {
    auto context = Context();
    EXPECT_EQ((Ask<serving_endpoint>(serving, get_serving_endpoint{context, name})
                   .failure.kind),
              failure_kind::not_found);
    EXPECT_EQ((Ask<invocation_answer>(serving, invoke_endpoint{context, name, {}})
                   .failure.kind),
              failure_kind::not_found);
    EXPECT_EQ((Ask<statement_status>(sql, get_statement{context, name}).failure.kind),
              failure_kind::not_found);
    EXPECT_EQ(
        (Ask<mlmodel_file>(registry, get_mlmodel{context, "a.b.c", name}).failure.kind),
        failure_kind::not_found);
  }
  for (std::string name : {"", "a", "a.b", "a.b.c.d", "a..c"})
    EXPECT_EQ(
        (Ask<mlmodel_file>(registry, get_mlmodel{Context(), name, "1"}).failure.kind),
        failure_kind::not_found);
  EXPECT_EQ((Ask<table_info>(catalog, get_table{Context(), "", "", ""}).failure.kind),
            failure_kind::not_found);

  EXPECT_EQ(server_->connections(), 0u);
}

TEST_F(CallingTheWorkspace, NeedsOne) {
  auto user = Ask<workspace_user>(spawn_identity(system_, Workspace()),
                                  get_current_user{Context()});

  EXPECT_EQ(user.failure.kind, failure_kind::not_configured);
  EXPECT_FALSE(user.failure.sent);
}

TEST_F(CallingTheWorkspace, ReportsARefusalWithAllItSays) {
  Given(http_answer(403, R"({"error_code":"PERMISSION_DENIED",
      "message":"User does not have USE SCHEMA on Schema 'main.x'."})"));

  auto page = Ask<name_page>(spawn_catalog(system_, Workspace()),
                             list_schemas{Context(), "main", ""});

  EXPECT_EQ(page.failure.kind, failure_kind::permission_denied);
  EXPECT_EQ(page.failure.http_status, 403);
  EXPECT_EQ(page.failure.privilege, "USE SCHEMA");
}

TEST_F(CallingTheWorkspace, TellsOfRateLimitsOnTheCancelledStatementToo) {
  Given(http_answer(429, "{}", "Retry-After: 5\r\n"));

  auto cancelled = Ask<cancelled_statement>(spawn_sql(system_, Workspace()),
                                            cancel_statement{Context(), "s"});

  EXPECT_EQ(cancelled.failure.kind, failure_kind::rate_limited);
  EXPECT_EQ(cancelled.failure.retry_after, 5);
}

} // namespace

} // namespace lakegate::test
