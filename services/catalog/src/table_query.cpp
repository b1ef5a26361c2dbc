#include "services/catalog/src/table_query.hpp"

#include "services/catalog/src/query_run.hpp"

#include <lakegate/runtime/network_guard.hpp>

#include <caf/stateful_actor.hpp>

namespace lakegate::catalog {

namespace {

struct table_query_state {
  static inline const char* name = "table-query";

  /// The queries that are under way hold each other and the actor: they must be let go.
  ~table_query_state() {
    auto runs = context ? context->runs : decltype(context->runs){};
    for (const auto& x : runs)
      x->abandon();
  }

  caf::result<query_result> run(query_table query) {
    taken(query.who);
    auto answer = context->self->make_response_promise<query_result>();
    auto run = std::make_shared<query_run>(*context, std::move(query), answer);
    context->runs.push_back(run);
    run->start();
    return answer;
  }

  void cancel(std::uint64_t call_id) {
    if (call_id == 0)
      return;
    auto runs = context->runs;
    for (const auto& x : runs)
      if (x->call_id() == call_id)
        x->fail({errc::catalog_unavailable, "The query was cancelled.", {}, caf::none});
  }

  std::unique_ptr<query_context> context;
};

table_query_implementation::behavior_type
table_query(table_query_implementation::stateful_pointer<table_query_state> self,
            table_query_dependencies parts) {
  runtime::set_quiet_handlers(*self, self->state.name);
  self->state.context = std::make_unique<query_context>(self, std::move(parts));
  return {
      [self](query_table& x) { return self->state.run(std::move(x)); },
      [self](const cancel_call& x) { self->state.cancel(x.call_id); },
      [self](caf::tick_atom, std::uint64_t id) { self->state.context->calls.fire(id); },
  };
}

} // namespace

table_query_actor spawn_table_query(caf::actor_system& system,
                                    table_query_dependencies parts) {
  return system.spawn(table_query, std::move(parts));
}

} // namespace lakegate::catalog
