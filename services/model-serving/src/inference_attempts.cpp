#include "services/model-serving/src/inference_state.hpp"

#include "services/model-serving/src/invocation.hpp"
#include "services/model-serving/src/model_failure.hpp"

#include <lakegate/runtime/log.hpp>
#include <lakegate/runtime/request.hpp>

#include <algorithm>
#include <utility>
#include <vector>

// The serving calls of an invocation: attempts, retries, breaker, look-ups.
namespace lakegate::model_serving {

namespace {

using databricks::failure_kind;

std::int32_t whole_seconds(caf::timespan x) {
  return static_cast<std::int32_t>(
      std::chrono::ceil<std::chrono::seconds>(std::max(x, caf::timespan{0})).count());
}

} // namespace

/// Room in the journal is reserved: the model may be called.
void inference_state::start(std::uint64_t key, log_row_reserved reserved) {
  auto c = find(key);
  c->reserved = std::move(reserved);
  if (!c->end_reason.empty())
    return end_early(key, std::string{c->end_reason});
  c->body = invocation_body(c->command.inputs);
  auto& target = target_of(*c);
  target.retries.call_made();
  attempt(key);
}

void inference_state::attempt(std::uint64_t key) {
  auto& c = *find(key);
  auto time = now();
  if (time >= c.deadline)
    return time_out(key);
  if (auto pause = target_of(c).breaker.refuse(time)) {
    auto refusal =
        failure{errc::model_unavailable,
                "The model failed repeatedly; calls are held back for a moment.",
                {},
                std::max(1, whole_seconds(*pause))};
    return fail(key, make_error(std::move(refusal)));
  }
  ++c.attempts;
  c.is_upstream = true;
  auto context = databricks::context_of(c.command.who);
  context.time_left = c.deadline - time;
  context.call_id = c.upstream_id;
  arm(c.deadline);
  runtime::request_with_own_deadline(
      self_, peers_.serving,
      databricks::invoke_endpoint{context, c.command.endpoint_name, c.body})
      .then([this, key](
                databricks::invocation_answer& x) { on_answer(key, std::move(x.body)); },
            [this, key](const caf::error& x) {
              on_failure(key, databricks::failure_in(x));
            });
}

/// One timer, for the call that ends first, instead of one each: CAF's own would wake its
/// clock twice a call.
void inference_state::arm(time_point deadline) {
  if (armed_for_ && *armed_for_ <= deadline)
    return;
  armed_for_ = deadline;
  self_->delayed_send(self_, std::max<caf::timespan>(deadline - now(), caf::timespan{0}),
                      check_deadlines{});
}

/// The workspace's actor keeps the deadline, too, and the journal does not wait for
/// anything but the disk: this is for one that does not answer.
void inference_state::on_tick() {
  armed_for_.reset();
  auto time = now();
  auto next = time_point::max();
  auto late_of = [&](const auto& calls, auto waits) {
    std::vector<std::uint64_t> late;
    for (const auto& [key, c] : calls) {
      if (!waits(c))
        continue;
      if (c.deadline <= time)
        late.push_back(key);
      else
        next = std::min(next, c.deadline);
    }
    return late;
  };
  databricks::upstream_failure silence;
  silence.kind = failure_kind::timeout;
  for (auto key : late_of(calls_, [](const call& c) { return c.is_upstream; }))
    on_failure(key, silence);
  for (auto key : late_of(closing_, [](const closing_call&) { return true; }))
    close(key, false);
  if (next != time_point::max())
    arm(std::max<time_point>(next, time + config_.deadline_tick));
}

void inference_state::retry(std::uint64_t key) {
  if (!find(key))
    return;
  peers_.counted->inference_retried();
  attempt(key);
}

void inference_state::on_answer(std::uint64_t key, json_text body) {
  auto c = find(key);
  if (!c)
    return;
  c->is_upstream = false;
  target_of(*c).breaker.succeeded();
  peers_.counted->breakers_open(targets_->open_breakers());
  conclude(key, {"SUCCESS", metrics::outcome::success, predictions_of(body), {}});
}

void inference_state::on_failure(std::uint64_t key,
                                 const databricks::upstream_failure& x) {
  auto c = find(key);
  if (!c)
    return;
  auto may_run_on = x.kind == failure_kind::timeout;
  if (may_run_on)
    stop_upstream(*c);
  c->is_upstream = false;
  if (may_be_not_ready(x)) {
    target_of(*c).breaker.abandoned(now());
    look_up(key, x);
    return;
  }
  judge(key, x);
}

/// Tells the breaker, then tries again or fails.
void inference_state::judge(std::uint64_t key, const databricks::upstream_failure& x) {
  auto& c = *find(key);
  if (is_endpoint_fault(x))
    count_failure(c);
  else if (x.http_status != 0)
    target_of(c).breaker.succeeded();
  else
    target_of(c).breaker.abandoned(now());
  if (x.kind == failure_kind::timeout && x.sent)
    return time_out(key);
  retry_or_fail(key, x);
}

void inference_state::count_failure(const call& c) {
  auto& breaker = target_of(c).breaker;
  auto was_open = breaker.is_open();
  breaker.failed(now());
  if (!was_open && breaker.is_open()) {
    peers_.counted->breaker_opened();
    log::warn("breaker_opened", {{"endpoint", c.command.endpoint_name},
                                 {"correlation_id", c.command.who.correlation_id},
                                 {"traceparent", c.command.who.traceparent}});
  }
  peers_.counted->breakers_open(targets_->open_breakers());
}

/// The failure may be that of an endpoint which is not ready: asks for its state.
void inference_state::look_up(std::uint64_t key, const databricks::upstream_failure& x) {
  auto& c = *find(key);
  auto context = databricks::context_of(c.command.who);
  context.time_left =
      std::min<caf::timespan>(c.deadline - now(), config_.look_up_timeout);
  context.call_id = 0;
  if (context.time_left <= caf::timespan{0})
    return judge(key, x);
  self_
      ->request(peers_.serving, context.time_left,
                databricks::get_serving_endpoint{context, c.command.endpoint_name})
      .then(
          [this, key, x](const databricks::serving_endpoint& found) {
            auto open = find(key);
            if (!open)
              return;
            auto is_missing = x.kind == failure_kind::not_found;
            if (found.ready == "READY" && !is_missing)
              return judge(key, x);
            fail(key, not_ready(open->command.endpoint_name));
          },
          [this, key, x](const caf::error&) {
            if (find(key))
              judge(key, x);
          });
}

void inference_state::retry_or_fail(std::uint64_t key,
                                    const databricks::upstream_failure& x) {
  auto& c = *find(key);
  auto wait = retry_wait(c, x);
  if (!wait)
    return fail(key, error_of(x, c.command.endpoint_name));
  self_->delayed_send(self_, *wait, retry_inference{key});
}

/// How long to wait before another attempt; nothing if there should be none: it would be
/// too many, too late, or useless.
std::optional<caf::timespan>
inference_state::retry_wait(call& c, const databricks::upstream_failure& x) {
  auto& target = target_of(c);
  if (!may_be_retried(x) || c.attempts >= config_.max_attempts
      || target.breaker.is_open())
    return std::nullopt;
  caf::timespan wait =
      full_jitter(config_.retry_waits, c.attempts - 1, random_fraction());
  if (x.retry_after)
    wait = std::max<caf::timespan>(wait, std::chrono::seconds{*x.retry_after});
  if (now() + wait >= c.deadline || !target.retries.take())
    return std::nullopt;
  return wait;
}

void inference_state::stop_upstream(const call& c) {
  if (c.is_upstream)
    self_->send(peers_.serving, cancel_call{c.upstream_id});
}

} // namespace lakegate::model_serving
