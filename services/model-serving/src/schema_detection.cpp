#include "services/model-serving/src/schema_detection.hpp"

#include "services/model-serving/src/detection.hpp"
#include "services/model-serving/src/model_failure.hpp"
#include "services/model-serving/src/sql.hpp"

#include <lakegate/core/ids.hpp>
#include <lakegate/core/rules.hpp>
#include <lakegate/runtime/log.hpp>

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include <algorithm>

namespace lakegate::model_serving {

namespace {

using databricks::failure_kind;
using time_point = caf::actor_clock::time_point;

/// One detection from its command to its answer.
struct detection {
  detect_schema command;
  caf::typed_response_promise<detected_schema> answer;
  time_point started;
  time_point deadline;
  databricks::serving_endpoint endpoint;
};
using detection_ptr = std::shared_ptr<detection>;

/// True for what the caller must hear as an error; anything else is a finding.
bool is_error(failure_kind kind) {
  switch (kind) {
  case failure_kind::not_found:
  case failure_kind::permission_denied:
  case failure_kind::token_invalid:
  case failure_kind::token_expired:
  case failure_kind::scope_missing:
  case failure_kind::not_configured:
    return true;
  default:
    return false;
  }
}

std::string reason_of(const databricks::upstream_failure& x) {
  switch (x.kind) {
  case failure_kind::rate_limited:
    return "the workspace is busy; try again shortly.";
  case failure_kind::invalid_response:
    return "the workspace's answer was not valid.";
  case failure_kind::permission_denied:
    return "you may not read the model's signature.";
  case failure_kind::not_found:
    return "the model's signature was not found.";
  default:
    return "the workspace did not answer; try again shortly.";
  }
}

bool is_in_unity_catalog(const databricks::served_entity& x) {
  return std::count(x.entity_name.begin(), x.entity_name.end(), '.') == 2
         && !x.entity_version.empty();
}

class schema_detection_state {
public:
  using self_pointer = schema_detection_actor::stateful_pointer<schema_detection_state>;

  void init(self_pointer self, schema_detection_config config,
            schema_detection_peers peers) {
    self_ = self;
    config_ = config;
    peers_ = std::move(peers);
  }

  caf::result<detected_schema> detect(detect_schema command);

private:
  void on_endpoint(const detection_ptr& d);
  void ask_openapi(const detection_ptr& d);
  void on_openapi(const detection_ptr& d, const json_text& document);
  void ask_registry(const detection_ptr& d);
  void fall_back(const detection_ptr& d, const std::string& why);
  void fail(const detection_ptr& d, const databricks::upstream_failure& x);
  void finish(const detection_ptr& d, detected_schema found);
  void keep_event(const detection& d, const detected_schema& found);

  databricks::call_context context_of(const detection& d, caf::timespan most) const;

  self_pointer self_ = nullptr;
  schema_detection_config config_;
  schema_detection_peers peers_;
};

caf::result<detected_schema> schema_detection_state::detect(detect_schema command) {
  taken(command.who);
  faults found;
  rules::check_identifier("endpoint_name", command.endpoint_name, found);
  if (!found.empty())
    return make_error(errc::invalid_request, found);
  auto d = std::make_shared<detection>();
  d->answer = self_->make_response_promise<detected_schema>();
  d->started = self_->clock().now();
  caf::timespan budget = config_.budget;
  if (command.who.time_left > caf::timespan{0})
    budget = std::min(budget, command.who.time_left * 9 / 10);
  d->deadline = d->started + budget;
  d->command = std::move(command);
  auto context = context_of(*d, config_.budget);
  self_
      ->request(peers_.serving, context.time_left,
                databricks::get_serving_endpoint{context, d->command.endpoint_name})
      .then(
          [this, d](databricks::serving_endpoint& x) {
            d->endpoint = std::move(x);
            on_endpoint(d);
          },
          [this, d](const caf::error& why) { fail(d, databricks::failure_in(why)); });
  return d->answer;
}

void schema_detection_state::on_endpoint(const detection_ptr& d) {
  if (is_foundation(d->endpoint))
    finish(d, detected_task(kind_of(d->endpoint), true));
  else
    ask_openapi(d);
}

void schema_detection_state::ask_openapi(const detection_ptr& d) {
  auto context = context_of(*d, config_.openapi_budget);
  self_
      ->request(peers_.serving, context.time_left,
                databricks::get_endpoint_openapi{context, d->command.endpoint_name})
      .then([this, d](const databricks::openapi_document& x) { on_openapi(d, x.json); },
            [this, d](const caf::error&) { ask_registry(d); });
}

void schema_detection_state::on_openapi(const detection_ptr& d,
                                        const json_text& document) {
  const auto& entities = d->endpoint.entities;
  auto input = read_openapi(document, entities.empty() ? "" : entities.front().name);
  if (!input)
    ask_registry(d);
  else if (auto signature = std::get_if<model_signature>(&*input))
    finish(d, detected_signature(*signature));
  else
    finish(d, detected_body(std::get<json_text>(*input)));
}

void schema_detection_state::ask_registry(const detection_ptr& d) {
  const auto& entities = d->endpoint.entities;
  if (entities.empty() || !is_in_unity_catalog(entities.front()))
    return fall_back(d, "it has no OpenAPI document, and its model is not one of Unity "
                        "Catalog.");
  auto context = context_of(*d, config_.budget);
  if (context.time_left <= caf::timespan{0})
    return finish(d, detection_timed_out());
  self_
      ->request(peers_.registry, context.time_left,
                databricks::get_mlmodel{context, entities.front().entity_name,
                                        entities.front().entity_version})
      .then(
          [this, d](const databricks::mlmodel_file& x) {
            auto read = read_mlmodel(x.yaml);
            if (auto signature = std::get_if<model_signature>(&read))
              finish(d, detected_signature(*signature));
            else
              fall_back(d, std::get<std::string>(read));
          },
          [this, d](const caf::error& why) {
            auto x = databricks::failure_in(why);
            if (x.kind == failure_kind::timeout)
              finish(d, detection_timed_out());
            else
              fall_back(d, reason_of(x));
          });
}

/// Agents say by their task what they take, even without a signature.
void schema_detection_state::fall_back(const detection_ptr& d, const std::string& why) {
  auto kind = kind_of(d->endpoint);
  finish(d, kind == task_kind::other ? undetected(why) : detected_task(kind, false));
}

void schema_detection_state::fail(const detection_ptr& d,
                                  const databricks::upstream_failure& x) {
  if (is_error(x.kind))
    d->answer.deliver(error_of(x, d->command.endpoint_name));
  else if (x.kind == failure_kind::timeout)
    finish(d, detection_timed_out());
  else
    finish(d, undetected(reason_of(x)));
}

void schema_detection_state::finish(const detection_ptr& d, detected_schema found) {
  auto took = self_->clock().now() - d->started;
  found.endpoint_name = d->command.endpoint_name;
  found.latency_ms = std::chrono::duration_cast<std::chrono::milliseconds>(took).count();
  found.detected_at = to_rfc3339(peers_.wall_clock());
  peers_.counted->schema_detected(found.status, took);
  keep_event(*d, found);
  d->answer.deliver(std::move(found));
}

void schema_detection_state::keep_event(const detection& d,
                                        const detected_schema& found) {
  if (!peers_.database)
    return;
  postgres::parameter message;
  if (found.error_message)
    message = *found.error_message;
  self_
      ->request(peers_.database, config_.event_timeout,
                postgres::query{&sql::insert_detection_event,
                                {d.command.who.user_id, found.endpoint_name,
                                 found.detected_type, found.status,
                                 std::to_string(found.latency_ms), message,
                                 d.command.who.correlation_id, found.detected_at},
                                config_.event_timeout,
                                d.command.who.correlation_id,
                                d.command.who.traceparent})
      .then([](const postgres::rows_ptr&) {},
            [this, correlation = d.command.who.correlation_id,
             trace = d.command.who.traceparent](const caf::error& why) {
              peers_.counted->detection_event_lost();
              log::warn("detection_event_lost",
                        {{"reason", to_string(failure_of(why).code)},
                         {"correlation_id", correlation},
                         {"traceparent", trace}});
            });
}

databricks::call_context schema_detection_state::context_of(const detection& d,
                                                            caf::timespan most) const {
  auto result = databricks::context_of(d.command.who);
  result.time_left = std::min<caf::timespan>(d.deadline - self_->clock().now(), most);
  return result;
}

} // namespace

schema_detection_actor spawn_schema_detection(caf::actor_system& system,
                                              schema_detection_config config,
                                              schema_detection_peers peers) {
  return system.spawn([=](schema_detection_state::self_pointer self) {
    self->state.init(self, config, peers);
    return schema_detection_actor::behavior_type{
        [self](detect_schema& x) { return self->state.detect(std::move(x)); },
    };
  });
}

} // namespace lakegate::model_serving
