#include "services/model-serving/src/inference_state.hpp"

#include "services/model-serving/src/invocation.hpp"
#include "services/model-serving/src/model_failure.hpp"

#include <lakegate/core/ids.hpp>
#include <lakegate/runtime/request.hpp>

#include <algorithm>
#include <utility>

// Admission and conclusion of an invocation; what is between them is in
// inference_attempts.cpp.
namespace lakegate::model_serving {

namespace {

constexpr std::uint64_t error_message_room = 2048;

std::int64_t to_ms(std::chrono::system_clock::time_point t) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(t.time_since_epoch())
      .count();
}

std::string rfc3339_of(std::int64_t ms) {
  return to_rfc3339(std::chrono::system_clock::time_point{std::chrono::milliseconds{ms}});
}

} // namespace

inference_actor spawn_inference(caf::actor_system& system, inference_config config,
                                inference_peers peers) {
  auto behavior = [config,
                   peers = std::move(peers)](inference_state::self_pointer self) mutable {
    self->state.init(self, config, std::move(peers));
    return inference_actor::behavior_type{
        [self](invoke_model& x) -> caf::result<inference> {
          auto answer = self->make_response_promise<inference>();
          self->state.invoke(std::move(x), answer);
          return answer;
        },
        [self](const cancel_call& x) { self->state.cancel(x.call_id); },
        [self](const stop_inferences&) -> caf::result<inferences_stopped> {
          auto answer = self->make_response_promise<inferences_stopped>();
          self->state.stop(answer);
          return answer;
        },
        [self](const retry_inference& x) { self->state.retry(x.key); },
        [self](const check_deadlines&) { self->state.on_tick(); },
    };
  };
  return system.spawn(std::move(behavior));
}

void inference_state::init(self_pointer self, inference_config config,
                           inference_peers peers) {
  self_ = self;
  config_ = config;
  peers_ = std::move(peers);
  targets_.emplace(config_.breaker);
}

void inference_state::invoke(invoke_model command, promise answer) {
  taken(command.who);
  if (is_overloaded(command)) {
    peers_.counted->inference_finished(metrics::outcome::overloaded, {});
    answer.deliver(make_error(errc::overloaded));
    return;
  }
  faults found;
  check_invocation(command, found);
  if (!found.empty()) {
    peers_.counted->inference_finished(metrics::outcome::invalid, {});
    answer.deliver(make_error(errc::invalid_input, found));
    return;
  }
  admit(std::move(command), std::move(answer));
}

bool inference_state::is_overloaded(const invoke_model& x) const {
  return in_flight_ >= config_.max_in_flight
         || (in_flight_ > 0
             && in_flight_bytes_ + x.inputs.size() > config_.max_in_flight_bytes);
}

void inference_state::admit(invoke_model command, promise answer) {
  auto key = next_key_++;
  call c;
  c.command = std::move(command);
  c.answer = std::move(answer);
  c.created = peers_.wall_clock();
  c.request_id = make_time_ordered_uuid(c.created);
  c.upstream_id = make_call_id();
  c.started = now();
  c.deadline = deadline_of(c.command, c.started);
  auto bytes = frame_bound(c.command.endpoint_name.size() + c.command.who.user_id.size()
                           + c.command.inputs.size() + error_message_room)
               + config_.predictions_room;
  ++in_flight_;
  c.input_bytes = c.command.inputs.size();
  in_flight_bytes_ += c.input_bytes;
  peers_.counted->inferences_in_flight(in_flight_);
  calls_.emplace(key, std::move(c));
  if (peers_.try_reserve)
    if (auto room = peers_.try_reserve(bytes))
      return start(key, std::move(*room));
  self_->request(peers_.log, config_.append_timeout, reserve_log_row{bytes})
      .then([this, key](log_row_reserved& x) { start(key, std::move(x)); },
            [this, key](const caf::error&) {
              auto refused = calls_.extract(key);
              peers_.counted->inference_finished(metrics::outcome::unlogged, {});
              leave(refused.mapped().input_bytes);
              refused.mapped().answer.deliver(make_error(errc::database_unavailable));
            });
}

/// The caller's `timeout`, or what its own patience leaves for it.
inference_state::time_point inference_state::deadline_of(const invoke_model& x,
                                                         time_point now) const {
  auto budget = x.timeout;
  if (x.who.time_left > caf::timespan{0})
    budget =
        std::min(budget, std::max<caf::timespan>(x.who.time_left - config_.reply_margin,
                                                 x.who.time_left / 2));
  return now + budget;
}

void inference_state::cancel(std::uint64_t call_id) {
  auto found = std::find_if(calls_.begin(), calls_.end(), [&](const auto& x) {
    return call_id != 0 && x.second.command.who.call_id == call_id;
  });
  if (found != calls_.end())
    end_early(found->first, "The client went away; the call was stopped.");
}

void inference_state::stop(stop_promise answer) {
  stops_.push_back(std::move(answer));
  std::vector<std::uint64_t> keys;
  for (const auto& x : calls_)
    keys.push_back(x.first);
  for (auto key : keys)
    end_early(key, "The service was stopped before the model answered.");
  settle_stops();
}

void inference_state::settle_stops() {
  if (in_flight_ == 0)
    for (auto& x : std::exchange(stops_, {}))
      x.deliver(inferences_stopped{});
}

/// A call without room yet is ended when it has some, so that its row fits.
void inference_state::end_early(std::uint64_t key, const std::string& reason) {
  auto& c = *find(key);
  c.end_reason = reason;
  if (!c.reserved)
    return;
  if (c.is_upstream)
    target_of(c).breaker.abandoned(now());
  stop_upstream(c);
  conclude(key, {"ERROR", metrics::outcome::cancelled, std::nullopt,
                 make_error(failure{errc::model_unavailable, reason, {}, caf::none})});
}

void inference_state::fail(std::uint64_t key, caf::error fault) {
  conclude(key, {"ERROR", metrics::outcome::error, std::nullopt, std::move(fault)});
}

void inference_state::time_out(std::uint64_t key) {
  databricks::upstream_failure late;
  late.kind = databricks::failure_kind::timeout;
  conclude(key, {"TIMEOUT", metrics::outcome::timeout, std::nullopt,
                 error_of(late, find(key)->command.endpoint_name)});
}

log_record inference_state::row_of(call& c, const outcome& how) const {
  auto took = std::chrono::duration_cast<std::chrono::milliseconds>(now() - c.started);
  log_record row;
  row.request_id = c.request_id;
  row.endpoint_name = c.command.endpoint_name;
  row.user_id = c.command.who.user_id;
  row.inputs = std::move(c.command.inputs).str();
  row.status = how.status;
  row.execution_time_ms = std::max<std::int64_t>(took.count(), 1);
  row.created_at_ms = to_ms(c.created);
  row.completed_at_ms = row.created_at_ms + row.execution_time_ms;
  if (how.predictions)
    row.predictions = how.predictions->str();
  else
    row.error_message = log_message_of(how.fault);
  return row;
}

/// Logs the call, then answers. From here on nothing else can happen to it. A failure is
/// told as it is, logged or not; a prediction only when it is in the log.
void inference_state::conclude(std::uint64_t key, outcome how) {
  auto c = std::move(calls_.extract(key).mapped());
  peers_.counted->inference_finished(how.counted, now() - c.started);
  auto row = row_of(c, how);
  inference result;
  if (how.predictions)
    result = {row.request_id, row.endpoint_name, std::move(*how.predictions),
              row.execution_time_ms, rfc3339_of(row.completed_at_ms)};
  auto refusal = how.fault ? how.fault : make_error(errc::database_unavailable);
  auto deadline = now() + config_.append_timeout;
  closing_.emplace(key, closing_call{c.answer, std::move(result), std::move(refusal),
                                     !how.fault, c.input_bytes, deadline});
  arm(deadline);
  runtime::request_with_own_deadline(
      self_, peers_.log, append_log_row{std::move(row), std::move(c.reserved->room)})
      .then([this, key](const log_row_appended& x) { close(key, x.is_whole); },
            [this, key](const caf::error&) { close(key, false); });
}

void inference_state::close(std::uint64_t key, bool is_logged) {
  auto found = closing_.extract(key);
  if (found.empty())
    return;
  auto& c = found.mapped();
  leave(c.input_bytes);
  if (c.has_succeeded && is_logged)
    c.answer.deliver(std::move(c.result));
  else
    c.answer.deliver(std::move(c.refusal));
}

void inference_state::leave(std::uint64_t input_bytes) {
  --in_flight_;
  in_flight_bytes_ -= input_bytes;
  peers_.counted->inferences_in_flight(in_flight_);
  settle_stops();
}

inference_state::call* inference_state::find(std::uint64_t key) {
  auto found = calls_.find(key);
  return found == calls_.end() ? nullptr : &found->second;
}

call_target& inference_state::target_of(const call& c) {
  return targets_->at(c.command.who.user_id, c.command.endpoint_name, now());
}

inference_state::time_point inference_state::now() const {
  return self_->clock().now();
}

} // namespace lakegate::model_serving
