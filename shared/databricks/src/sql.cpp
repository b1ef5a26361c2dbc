#include "shared/databricks/src/rest_calls.hpp"
#include "shared/databricks/src/sql_json.hpp"

namespace lakegate::databricks {

namespace {

using sql_impl = sql_actor::extend<takes_http_result>;

constexpr std::string_view statements = "/api/2.0/sql/statements";
/// An inline result is at most 25 MiB; escapes make it longer.
constexpr std::size_t max_result_bytes = 64 * 1024 * 1024;

rest_request request_of(const execute_statement& cmd) {
  rest_request what;
  what.operation = "execute_statement";
  what.verb = http::method::post;
  what.target = statements;
  what.body = write_statement(cmd);
  what.max_response_bytes = max_result_bytes;
  what.fails_alone = true;
  return what;
}

rest_request request_about(std::string_view operation, const std::string& statement_id,
                           const std::string& rest) {
  rest_request what;
  what.operation = operation;
  what.max_response_bytes = max_result_bytes;
  what.fails_alone = true;
  if (auto id = join_segments({statement_id}); !id.empty())
    what.target = std::string{statements} + id + rest;
  return what;
}

rest_request request_of(const get_statement& cmd) {
  return request_about("get_statement", cmd.statement_id, "");
}

rest_request request_of(const get_result_chunk& cmd) {
  return request_about("get_result_chunk", cmd.statement_id,
                       "/result/chunks/" + std::to_string(cmd.chunk_index));
}

rest_request request_of(const cancel_statement& cmd) {
  auto what = request_about("cancel_statement", cmd.statement_id, "/cancel");
  what.verb = http::method::post;
  what.body = "{}";
  what.ignores_breaker = true; // What is not cancelled goes on running.
  return what;
}

caf::expected<cancelled_statement> read_cancelled(http::response& answer) {
  auto failure = classify(answer);
  if (failure.kind != failure_kind::none)
    return make_error(std::move(failure));
  return cancelled_statement{};
}

sql_impl::behavior_type sql(sql_impl::stateful_pointer<rest_state> self,
                            workspace_ptr where) {
  self->state.calls.emplace(std::move(where), "sql", self->ctrl());
  return {
      [self](const execute_statement& cmd) -> caf::result<statement_status> {
        return rest_call<statement_status>(self, cmd.ctx, request_of(cmd),
                                           read_statement);
      },
      [self](const get_statement& cmd) -> caf::result<statement_status> {
        return rest_call<statement_status>(self, cmd.ctx, request_of(cmd),
                                           read_statement);
      },
      [self](const get_result_chunk& cmd) -> caf::result<result_chunk> {
        return rest_call<result_chunk>(self, cmd.ctx, request_of(cmd), read_chunk);
      },
      [self](const cancel_statement& cmd) -> caf::result<cancelled_statement> {
        return rest_call<cancelled_statement>(self, cmd.ctx, request_of(cmd),
                                              read_cancelled);
      },
      [self](const http_result& result) { self->state.calls->finish(result); },
  };
}

} // namespace

sql_actor spawn_sql(caf::actor_system& system, workspace_ptr where) {
  return system.spawn(sql, std::move(where));
}

} // namespace lakegate::databricks
