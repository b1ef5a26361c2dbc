#pragma once

#include <lakegate/contracts/databricks/unity_catalog.hpp>

namespace lakegate::databricks {

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
  std::int64_t row_limit = 0;             ///< 0: none.
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
  caf::optional<result_chunk>
      first_chunk; ///< None until succeeded, and of an empty result.
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

} // namespace lakegate::databricks
