#pragma once

#include <lakegate/contracts/caller.hpp>
#include <lakegate/core/errors.hpp>
#include <lakegate/core/json_text.hpp>

#include <caf/optional.hpp>
#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

/// What a process asks of a Databricks workspace, one message a REST call. The real actors
/// (`shared/databricks`) and the GoogleMock ones of the integration tests have these types.
/// They do not retry and decide nothing: retries, paging, deadlines over several calls and
/// the API's error codes are their callers' business.
namespace lakegate::databricks {

/// Part of every message: whose rights, which request, how long.
struct call_context {
  access_token token;
  std::string correlation_id;
  std::string traceparent;
  caf::timespan time_left{};
  std::uint64_t call_id = 0; ///< For `cancel_call`; 0 = can't be cancelled.
};

/// The context of a workspace call on behalf of `who`.
call_context context_of(const caller& who);

/// What went wrong upstream, apart from any API of ours.
enum class failure_kind : std::uint8_t {
  none,
  not_configured,    ///< No workspace host.
  token_invalid,     ///< 401, or the 403 that means "Invalid access token."
  token_expired,     ///< The same, where the workspace says so.
  scope_missing,     ///< 403 for a good token without an OAuth scope.
  permission_denied, ///< 403 for a missing privilege.
  not_found,         ///< 404.
  invalid_argument,  ///< 400 and other 4xx: the request was understood and refused.
  rate_limited,      ///< 429.
  unavailable,       ///< 5xx, or no connection.
  timeout,           ///< No answer within `time_left`.
  invalid_response,  ///< Answered, but not with its API: HTML, broken JSON, wrong types, too large.
  cancelled,         ///< By `cancel_call`.
  count_
};

struct upstream_failure {
  failure_kind kind = failure_kind::none;
  std::int32_t http_status = 0; ///< 0: no answer.
  std::string error_code;       ///< Databricks' own, e.g. TABLE_DOES_NOT_EXIST; may be empty.
  std::string message;          ///< Databricks' own, without stack traces, SQL text and plans.
  caf::optional<std::int32_t> retry_after; ///< Seconds, as sent, at most 60.
  std::string resource_type; ///< Of a denial: "Schema".
  std::string resource_name; ///< Of a denial: "main.sales".
  std::string privilege;     ///< Of a denial: "USE SCHEMA".
  std::string scope;         ///< Of `scope_missing`.
  bool sent = true;          ///< False: the request certainly never reached the workspace.
};

/// As an error between actors; category "databricks".
caf::error make_error(upstream_failure x);
/// The failure inside `err`; CAF's own errors are `unavailable` (peer gone) or `timeout`.
upstream_failure failure_in(const caf::error& err);

// -- identity -----------------------------------------------------------------

struct get_current_user {
  call_context ctx;
};

/// SCIM `Me`, as far as it concerns us. Missing strings are empty.
struct workspace_user {
  std::string id;
  std::string user_name;
  std::string display_name;
  bool active = false;
  std::vector<std::string> emails;
  std::string workspace_id; ///< From `X-Databricks-Org-Id`.
};

using identity_actor = caf::typed_actor<
    // GET /api/2.0/preview/scim/v2/Me
    caf::replies_to<get_current_user>::with<workspace_user>>;

// -- Unity Catalog ------------------------------------------------------------

struct list_catalogs {
  call_context ctx;
  std::string page_token; ///< Empty: the first page.
};

struct list_schemas {
  call_context ctx;
  std::string catalog;
  std::string page_token;
};

struct list_tables {
  call_context ctx;
  std::string catalog;
  std::string schema;
  bool with_columns = true;
  std::string page_token;
};

struct get_table {
  call_context ctx;
  std::string catalog;
  std::string schema;
  std::string table;
};

/// One page of names. It may be empty and still have a next page.
struct name_page {
  std::vector<std::string> names;
  std::string next_page_token; ///< Empty: the last page.
};

struct column_info {
  std::string name;
  std::string type_text; ///< "bigint", "decimal(10,2)", "array<string>".
  std::string type_name; ///< "LONG", "DECIMAL", "ARRAY"; unknown ones pass.
  bool nullable = true;
  std::int32_t position = 0;
};

struct table_info {
  std::string catalog;
  std::string schema;
  std::string name;
  std::string table_type;
  std::string owner;
  std::vector<column_info> columns;
  std::vector<std::string> primary_key; ///< Columns of the declared one, in order; may be empty.
  caf::optional<std::int64_t> row_count;
  caf::optional<std::int64_t> size_bytes;
  caf::optional<std::int64_t> updated_at_ms; ///< Epoch.
};

struct table_page {
  std::vector<table_info> tables;
  std::string next_page_token;
};

using catalog_actor = caf::typed_actor<
    // GET /api/2.1/unity-catalog/catalogs
    caf::replies_to<list_catalogs>::with<name_page>,
    // GET /api/2.1/unity-catalog/schemas
    caf::replies_to<list_schemas>::with<name_page>,
    // GET /api/2.1/unity-catalog/tables
    caf::replies_to<list_tables>::with<table_page>,
    // GET /api/2.1/unity-catalog/tables/{full_name}
    caf::replies_to<get_table>::with<table_info>>;

// -- SQL statements -----------------------------------------------------------

/// A named parameter `:name`. No value: SQL NULL.
struct statement_parameter {
  std::string name;
  std::string type; ///< "STRING", "BIGINT", "DECIMAL(10,2)" …
  caf::optional<std::string> value;
};

struct execute_statement {
  call_context ctx;
  std::string warehouse_id;
  std::string statement;
  std::vector<statement_parameter> parameters;
  std::int64_t row_limit = 0;         ///< 0: none.
  std::int32_t wait_timeout_seconds = 10; ///< 0, or 5-50.
};

struct get_statement {
  call_context ctx;
  std::string statement_id;
};

struct get_result_chunk {
  call_context ctx;
  std::string statement_id;
  std::int32_t chunk_index = 0;
};

/// Asynchronous upstream; the answer only says that it was asked for.
struct cancel_statement {
  call_context ctx;
  std::string statement_id;
};

struct cancelled_statement {};

enum class statement_state : std::uint8_t {
  pending,
  running,
  succeeded,
  failed,
  canceled,
  closed
};

using cell = caf::optional<std::string>; ///< Always text upstream; none is NULL.

struct result_chunk {
  std::vector<std::vector<cell>> rows;
  std::int32_t chunk_index = 0;
  caf::optional<std::int32_t> next_chunk_index; ///< None: the last one.
};

struct statement_status {
  std::string statement_id;
  statement_state state = statement_state::pending;
  std::string error_code;    ///< Of a failed one; nearly always BAD_REQUEST.
  std::string error_message; ///< Trimmed; as Databricks wrote it, plan dumps cut.
  std::string error_class;   ///< In brackets in the message: TABLE_OR_VIEW_NOT_FOUND.
  std::string sql_state;     ///< 42P01; from the field or the message.
  std::vector<column_info> columns; ///< Empty until succeeded.
  std::int64_t total_row_count = 0;
  bool truncated = false;
  caf::optional<result_chunk> first_chunk; ///< None until succeeded, and of an empty result.
};

using sql_actor = caf::typed_actor<
    // POST /api/2.0/sql/statements
    caf::replies_to<execute_statement>::with<statement_status>,
    // GET /api/2.0/sql/statements/{id}
    caf::replies_to<get_statement>::with<statement_status>,
    // GET /api/2.0/sql/statements/{id}/result/chunks/{n}
    caf::replies_to<get_result_chunk>::with<result_chunk>,
    // POST /api/2.0/sql/statements/{id}/cancel
    caf::replies_to<cancel_statement>::with<cancelled_statement>>;

// -- Model Serving ------------------------------------------------------------

struct list_serving_endpoints {
  call_context ctx;
};

struct get_serving_endpoint {
  call_context ctx;
  std::string name;
};

struct served_entity {
  std::string name;
  std::string entity_name;
  std::string entity_version;
  bool foundation = false; ///< Has a foundation_model.
  bool external = false;   ///< Has an external_model.
};

struct serving_endpoint {
  std::string name;
  std::string id;
  std::string creator;
  caf::optional<std::int64_t> created_at_ms;
  caf::optional<std::int64_t> updated_at_ms;
  std::string ready;         ///< READY or NOT_READY.
  std::string config_update; ///< NOT_UPDATING, IN_PROGRESS, UPDATE_FAILED, UPDATE_CANCELED.
  std::string task;          ///< "llm/v1/chat" …; empty for classic models.
  std::vector<served_entity> entities;
  json_text config; ///< The object as sent.
};

struct serving_endpoint_list {
  std::vector<serving_endpoint> items;
};

/// The endpoint's own OpenAPI document.
struct get_endpoint_openapi {
  call_context ctx;
  std::string name;
};

struct openapi_document {
  json_text json;
};

struct invoke_endpoint {
  call_context ctx;
  std::string name;
  json_text body; ///< As the endpoint wants it: `dataframe_split`, `messages` …
};

struct invocation_answer {
  json_text body; ///< As sent: any JSON value.
  std::string served_model_name;
};

using serving_actor = caf::typed_actor<
    // GET /api/2.0/serving-endpoints
    caf::replies_to<list_serving_endpoints>::with<serving_endpoint_list>,
    // GET /api/2.0/serving-endpoints/{name}
    caf::replies_to<get_serving_endpoint>::with<serving_endpoint>,
    // GET /api/2.0/serving-endpoints/{name}/openapi
    caf::replies_to<get_endpoint_openapi>::with<openapi_document>,
    // POST /serving-endpoints/{name}/invocations
    caf::replies_to<invoke_endpoint>::with<invocation_answer>,
    // Stops the HTTP call of that call id, if it still runs.
    caf::reacts_to<cancel_call>>;

// -- registry -----------------------------------------------------------------

/// The `MLmodel` file of a model version in Unity Catalog.
struct get_mlmodel {
  call_context ctx;
  std::string model_name; ///< catalog.schema.model
  std::string version;
};

struct mlmodel_file {
  std::string yaml;
};

using registry_actor = caf::typed_actor<
    // GET /api/2.0/fs/files/Models/{catalog}/{schema}/{model}/{version}/MLmodel
    caf::replies_to<get_mlmodel>::with<mlmodel_file>>;

// -- serialization (tests and message dumps; these never cross a process) --------

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, call_context& x) {
  return f(caf::meta::type_name("call_context"), x.token, x.correlation_id, x.traceparent,
           x.time_left, x.call_id);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, upstream_failure& x) {
  return f(caf::meta::type_name("upstream_failure"), x.kind, x.http_status, x.error_code,
           x.message, x.retry_after, x.resource_type, x.resource_name, x.privilege,
           x.scope, x.sent);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, get_current_user& x) {
  return f(caf::meta::type_name("get_current_user"), x.ctx);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, workspace_user& x) {
  return f(caf::meta::type_name("workspace_user"), x.id, x.user_name, x.display_name,
           x.active, x.emails, x.workspace_id);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, list_catalogs& x) {
  return f(caf::meta::type_name("list_catalogs"), x.ctx, x.page_token);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, list_schemas& x) {
  return f(caf::meta::type_name("list_schemas"), x.ctx, x.catalog, x.page_token);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, list_tables& x) {
  return f(caf::meta::type_name("list_tables"), x.ctx, x.catalog, x.schema,
           x.with_columns, x.page_token);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, get_table& x) {
  return f(caf::meta::type_name("get_table"), x.ctx, x.catalog, x.schema, x.table);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, name_page& x) {
  return f(caf::meta::type_name("name_page"), x.names, x.next_page_token);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, column_info& x) {
  return f(caf::meta::type_name("column_info"), x.name, x.type_text, x.type_name,
           x.nullable, x.position);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, table_info& x) {
  return f(caf::meta::type_name("table_info"), x.catalog, x.schema, x.name, x.table_type,
           x.owner, x.columns, x.primary_key, x.row_count, x.size_bytes, x.updated_at_ms);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, table_page& x) {
  return f(caf::meta::type_name("table_page"), x.tables, x.next_page_token);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, statement_parameter& x) {
  return f(caf::meta::type_name("statement_parameter"), x.name, x.type, x.value);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, execute_statement& x) {
  return f(caf::meta::type_name("execute_statement"), x.ctx, x.warehouse_id, x.statement,
           x.parameters, x.row_limit, x.wait_timeout_seconds);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, get_statement& x) {
  return f(caf::meta::type_name("get_statement"), x.ctx, x.statement_id);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, get_result_chunk& x) {
  return f(caf::meta::type_name("get_result_chunk"), x.ctx, x.statement_id,
           x.chunk_index);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, cancel_statement& x) {
  return f(caf::meta::type_name("cancel_statement"), x.ctx, x.statement_id);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, cancelled_statement&) {
  return f(caf::meta::type_name("cancelled_statement"));
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, result_chunk& x) {
  return f(caf::meta::type_name("result_chunk"), x.rows, x.chunk_index,
           x.next_chunk_index);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, statement_status& x) {
  return f(caf::meta::type_name("statement_status"), x.statement_id, x.state,
           x.error_code, x.error_message, x.error_class, x.sql_state, x.columns,
           x.total_row_count, x.truncated, x.first_chunk);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, list_serving_endpoints& x) {
  return f(caf::meta::type_name("list_serving_endpoints"), x.ctx);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, get_serving_endpoint& x) {
  return f(caf::meta::type_name("get_serving_endpoint"), x.ctx, x.name);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, served_entity& x) {
  return f(caf::meta::type_name("served_entity"), x.name, x.entity_name,
           x.entity_version, x.foundation, x.external);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, serving_endpoint& x) {
  return f(caf::meta::type_name("serving_endpoint"), x.name, x.id, x.creator,
           x.created_at_ms, x.updated_at_ms, x.ready, x.config_update, x.task,
           x.entities, x.config);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, serving_endpoint_list& x) {
  return f(caf::meta::type_name("serving_endpoint_list"), x.items);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, get_endpoint_openapi& x) {
  return f(caf::meta::type_name("get_endpoint_openapi"), x.ctx, x.name);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, openapi_document& x) {
  return f(caf::meta::type_name("openapi_document"), x.json);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, invoke_endpoint& x) {
  return f(caf::meta::type_name("invoke_endpoint"), x.ctx, x.name, x.body);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, invocation_answer& x) {
  return f(caf::meta::type_name("invocation_answer"), x.body, x.served_model_name);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, get_mlmodel& x) {
  return f(caf::meta::type_name("get_mlmodel"), x.ctx, x.model_name, x.version);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, mlmodel_file& x) {
  return f(caf::meta::type_name("mlmodel_file"), x.yaml);
}

} // namespace lakegate::databricks

CAF_BEGIN_TYPE_ID_BLOCK(lakegate_databricks, 310)
  CAF_ADD_TYPE_ID(lakegate_databricks, (lakegate::databricks::upstream_failure))
  CAF_ADD_TYPE_ID(lakegate_databricks, (lakegate::databricks::get_current_user))
  CAF_ADD_TYPE_ID(lakegate_databricks, (lakegate::databricks::workspace_user))
  CAF_ADD_TYPE_ID(lakegate_databricks, (lakegate::databricks::list_catalogs))
  CAF_ADD_TYPE_ID(lakegate_databricks, (lakegate::databricks::list_schemas))
  CAF_ADD_TYPE_ID(lakegate_databricks, (lakegate::databricks::list_tables))
  CAF_ADD_TYPE_ID(lakegate_databricks, (lakegate::databricks::get_table))
  CAF_ADD_TYPE_ID(lakegate_databricks, (lakegate::databricks::name_page))
  CAF_ADD_TYPE_ID(lakegate_databricks, (lakegate::databricks::table_info))
  CAF_ADD_TYPE_ID(lakegate_databricks, (lakegate::databricks::table_page))
  CAF_ADD_TYPE_ID(lakegate_databricks, (lakegate::databricks::execute_statement))
  CAF_ADD_TYPE_ID(lakegate_databricks, (lakegate::databricks::get_statement))
  CAF_ADD_TYPE_ID(lakegate_databricks, (lakegate::databricks::get_result_chunk))
  CAF_ADD_TYPE_ID(lakegate_databricks, (lakegate::databricks::cancel_statement))
  CAF_ADD_TYPE_ID(lakegate_databricks, (lakegate::databricks::cancelled_statement))
  CAF_ADD_TYPE_ID(lakegate_databricks, (lakegate::databricks::statement_status))
  CAF_ADD_TYPE_ID(lakegate_databricks, (lakegate::databricks::result_chunk))
  CAF_ADD_TYPE_ID(lakegate_databricks, (lakegate::databricks::list_serving_endpoints))
  CAF_ADD_TYPE_ID(lakegate_databricks, (lakegate::databricks::serving_endpoint_list))
  CAF_ADD_TYPE_ID(lakegate_databricks, (lakegate::databricks::get_serving_endpoint))
  CAF_ADD_TYPE_ID(lakegate_databricks, (lakegate::databricks::serving_endpoint))
  CAF_ADD_TYPE_ID(lakegate_databricks, (lakegate::databricks::get_endpoint_openapi))
  CAF_ADD_TYPE_ID(lakegate_databricks, (lakegate::databricks::openapi_document))
  CAF_ADD_TYPE_ID(lakegate_databricks, (lakegate::databricks::invoke_endpoint))
  CAF_ADD_TYPE_ID(lakegate_databricks, (lakegate::databricks::invocation_answer))
  CAF_ADD_TYPE_ID(lakegate_databricks, (lakegate::databricks::get_mlmodel))
  CAF_ADD_TYPE_ID(lakegate_databricks, (lakegate::databricks::mlmodel_file))
CAF_END_TYPE_ID_BLOCK(lakegate_databricks)
