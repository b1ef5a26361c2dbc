#include "shared/databricks/src/rest_calls.hpp"

#include <lakegate/runtime/log.hpp>

#include <caf/actor_cast.hpp>
#include <caf/send.hpp>

#include <chrono>
#include <functional>
#include <utility>

namespace lakegate::databricks {

using clock = std::chrono::steady_clock;

/// Between the HTTP thread and the actor. While it is open the actor lives, so its system
/// does; closing waits for a message on its way.
struct rest_calls::gate {
  std::mutex mutex;
  caf::weak_actor_ptr self;

  void pass(http_result result) {
    // Let go of only after the lock: it may be the last, and then the state closes this.
    caf::strong_actor_ptr strong;
    std::lock_guard guard{mutex};
    strong = self.lock();
    if (strong)
      caf::anon_send(caf::actor_cast<caf::typed_actor<takes_http_result>>(strong),
                     std::move(result));
  }

  void close() {
    std::lock_guard guard{mutex};
    self.reset();
  }
};

rest_calls::rest_calls(workspace_ptr where, std::string_view api,
                       caf::strong_actor_ptr self)
    : where_{std::move(where)}, breaker_{where_->breaker_of(api)},
      gate_{std::make_shared<gate>()} {
  gate_->self = caf::weak_actor_ptr{self.get()};
}

rest_calls::~rest_calls() {
  gate_->close();
  for (const auto& [number, call] : pending_) {
    where_->client().cancel(call.http_id);
    http::response answer;
    answer.failure = http::transport_failure::cancelled;
    judge(call, answer);
    call.done(answer);
    where_->metrics().call_closed();
  }
}

std::optional<upstream_failure> rest_calls::find_obstacle(const rest_request& what) {
  upstream_failure result;
  result.sent = false;
  if (!where_->is_configured()) {
    result.kind = failure_kind::not_configured;
  } else if (what.target.empty()) {
    result.kind = failure_kind::not_found;
  } else if (auto pause = breaker_.refuse(clock::now()); pause && !what.ignores_breaker) {
    result.kind = failure_kind::held_back;
    result.message = "The workspace failed too often; calls are held back for a moment.";
    result.retry_after = static_cast<std::int32_t>(
        std::chrono::ceil<std::chrono::seconds>(*pause).count());
  }
  return result.kind == failure_kind::none ? std::nullopt : std::optional{result};
}

void rest_calls::start(const call_context& ctx, rest_request what, completion done) {
  auto number = ++last_call_;
  auto operation = what.operation;
  auto fails_alone = what.fails_alone;
  if (ctx.meter)
    ctx.meter->attempted();
  hop_timer wait{ctx.meter, hop::upstream};
  auto http_id = where_->client().send(
      where_->make_request(ctx, std::move(what)),
      [gate = gate_, number](http::response answer) {
        gate->pass({number, std::make_shared<http::response>(std::move(answer))});
      });
  pending_.emplace(number,
                   pending{operation, ctx.correlation_id, ctx.traceparent, ctx.call_id,
                           http_id, std::hash<std::string>{}(ctx.token.reveal()),
                           fails_alone, std::move(done), std::move(wait)});
  where_->metrics().call_opened();
}

void rest_calls::finish(const http_result& result) {
  auto found = pending_.find(result.call);
  if (found == pending_.end())
    return;
  auto call = std::move(found->second);
  pending_.erase(found);
  where_->metrics().call_closed();
  call.wait.end();
  judge(call, *result.answer);
  auto kind = call.done(*result.answer);
  report(call, kind, *result.answer);
}

void rest_calls::cancel(std::uint64_t call_id) {
  for (const auto& [number, call] : pending_)
    if (call_id != 0 && call.call_id == call_id)
      where_->client().cancel(call.http_id);
}

/// Tells the breaker.
void rest_calls::judge(const pending& call, const http::response& answer) {
  auto sign = sign_of(answer);
  if (sign == workspace_sign::in_doubt && call.fails_alone)
    sign = workspace_sign::none;
  breaker_.ended(sign, call.caller, clock::now());
}

void rest_calls::report(const pending& call, failure_kind kind,
                        const http::response& answer) {
  where_->metrics().call_finished(call.operation, kind, answer.took);
  auto is_their_fault =
      kind == failure_kind::unavailable || kind == failure_kind::invalid_response;
  log::event(is_their_fault ? log::level::warn : log::level::debug, "upstream_call",
             {{"operation", call.operation},
              {"outcome", outcome_of(kind)},
              {"status", answer.status},
              {"seconds", std::chrono::duration<double>{answer.took}.count()},
              {"correlation_id", call.correlation_id},
              {"traceparent", call.traceparent},
              {"upstream_request_id", answer.find_header("x-request-id").value_or("")}});
}

} // namespace lakegate::databricks
