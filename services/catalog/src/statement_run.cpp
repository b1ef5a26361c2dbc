#include "services/catalog/src/statement_run.hpp"

#include <lakegate/runtime/log.hpp>

#include <algorithm>
#include <utility>

namespace lakegate::catalog {

namespace {

using databricks::statement_state;

bool is_unfinished(statement_state x) noexcept {
  return x == statement_state::pending || x == statement_state::running;
}

} // namespace

std::int32_t wait_timeout_within(caf::timespan left) noexcept {
  return left < std::chrono::seconds{7} ? 0 : 5;
}

call_rules statement_run::rules(repeatable kind) {
  return {kind, [deadline = scope_.deadline] { return deadline; },
          [self = shared_from_this()] { return !self->is_over_; }};
}

void statement_run::start(built_statement statement) {
  next_poll_ = context_.parts.bounds.first_poll;
  auto wait = wait_timeout_within(context_.calls.time_until(scope_.deadline));
  databricks::execute_statement command{scope_.ctx,
                                        context_.parts.warehouse_id,
                                        std::move(statement.text),
                                        std::move(statement.parameters),
                                        0,
                                        wait};
  auto how = rules(repeatable::statement);
  // Its answer is worth waiting for beyond the deadline: without the id nothing can be
  // cancelled.
  how.deadline = [late = scope_.deadline + context_.parts.bounds.cancel_timeout] {
    return late;
  };
  context_.calls.call<status>(
      context_.parts.warehouse, std::move(command), std::move(how),
      [self = shared_from_this()](status& x) { self->take(x); },
      [self = shared_from_this()](const auto& x) { self->fail_call(x); });
}

void statement_run::take(status& x) {
  id_ = x.statement_id;
  runs_upstream_ = is_unfinished(x.state);
  if (is_over_)
    return cancel_upstream();
  if (runs_upstream_)
    return poll_later();
  if (x.state != statement_state::succeeded) {
    log::warn("statement_failed", {{"correlation_id", scope_.ctx.correlation_id},
                                   {"traceparent", scope_.ctx.traceparent},
                                   {"statement_id", x.statement_id},
                                   {"error_code", x.error_code},
                                   {"error_class", x.error_class},
                                   {"sql_state", x.sql_state}});
    return fail(failure_of_statement(x, scope_.target));
  }
  context_.parts.known->warehouse_answered();
  if (x.truncated)
    return fail(result_too_large());
  if (x.first_chunk)
    return take(*x.first_chunk);
  end().finished();
}

void statement_run::poll_later() {
  poll_timer_ =
      context_.calls.after(next_poll_, [self = shared_from_this()] { self->poll(); });
  next_poll_ = std::min(next_poll_ * 2, context_.parts.bounds.longest_poll);
}

void statement_run::poll() {
  context_.calls.call<status>(
      context_.parts.warehouse, databricks::get_statement{scope_.ctx, id_},
      rules(repeatable::read),
      [self = shared_from_this()](status& x) {
        if (!self->is_over_)
          self->take(x);
      },
      [self = shared_from_this()](const auto& x) { self->fail_call(x); });
}

void statement_run::take(databricks::result_chunk& chunk) {
  if (is_over_)
    return;
  if (auto why = events_.rows(chunk.rows))
    return fail(*why);
  if (!chunk.next_chunk_index)
    return end().finished();
  if (*chunk.next_chunk_index <= chunk.chunk_index)
    return fail(broken_answer());
  read_chunk(*chunk.next_chunk_index);
}

void statement_run::read_chunk(std::int32_t index) {
  context_.calls.call<databricks::result_chunk>(
      context_.parts.warehouse, databricks::get_result_chunk{scope_.ctx, id_, index},
      rules(repeatable::read),
      [self = shared_from_this()](databricks::result_chunk& x) { self->take(x); },
      [self = shared_from_this()](const auto& x) { self->fail_call(x); });
}

void statement_run::fail_call(const databricks::upstream_failure& x) {
  fail(failure_of_statement_call(x, scope_.target));
}

void statement_run::fail(const failure& why) {
  if (is_over_)
    return;
  if (why.code == errc::catalog_unavailable)
    context_.parts.known->warehouse_failed();
  cancel_upstream();
  end().failed(why);
}

void statement_run::cancel() {
  if (is_over_)
    return;
  end();
  cancel_upstream();
}

void statement_run::abandon() {
  if (!is_over_)
    end();
}

/// Leaves without the events' handlers, which may own what owns this.
statement_events statement_run::end() {
  is_over_ = true;
  context_.calls.cancel_timer(poll_timer_);
  return std::exchange(events_, {});
}

void statement_run::cancel_upstream() {
  if (!std::exchange(runs_upstream_, false))
    return;
  context_.parts.counters->statement_cancelled();
  auto deadline = context_.calls.now() + context_.parts.bounds.cancel_timeout;
  call_rules how{repeatable::read, [deadline] { return deadline; }, [] { return true; }};
  context_.calls.call<databricks::cancelled_statement>(
      context_.parts.warehouse, databricks::cancel_statement{scope_.ctx, id_},
      std::move(how), [](databricks::cancelled_statement&) {}, [](const auto&) {});
}

} // namespace lakegate::catalog
