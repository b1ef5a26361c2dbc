#pragma once

#include <lakegate/contracts/caller.hpp>
#include <lakegate/core/json_text.hpp>

#include <caf/optional.hpp>
#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

namespace lakegate::model_serving {

struct list_endpoints {
  caller who;
};

struct get_endpoint {
  caller who;
  std::string endpoint_name;
};

/// A serving endpoint as the API shows it. Optional where the workspace may not tell.
struct endpoint {
  std::string endpoint_name;
  std::string endpoint_id;
  caf::optional<std::string> model_name;
  caf::optional<std::string> model_version;
  std::string state; ///< CREATING, READY, UPDATING or FAILED.
  caf::optional<std::string> task;
  caf::optional<std::string> creator;
  caf::optional<std::string> creation_timestamp; ///< RFC 3339.
};

struct endpoint_list {
  std::vector<endpoint> items;
};

struct endpoint_details {
  endpoint summary;
  std::string workload_url; ///< The invocations URL upstream.
  caf::optional<std::string> last_updated_timestamp;
  json_text config; ///< As the workspace sent it.
};

/// Tells what the endpoint takes. `endpoint_not_found`, `model_permission_denied`;
/// whatever else goes wrong is a `detected_schema` that says so.
struct detect_schema {
  caller who;
  std::string endpoint_name;
};

struct detected_schema {
  std::string endpoint_name;
  std::string detected_type; ///< FOUNDATION_MODEL, MLFLOW_MODEL or UNKNOWN.
  std::string status;        ///< SUCCESS, FAILURE or TIMEOUT.
  json_text schema;          ///< JSON Schema of `inputs`, or null.
  json_text
      example; ///< Valid `inputs`: runnable as they are where SUCCESS, else a template.
  caf::optional<std::string> error_message;
  std::int64_t latency_ms = 0;
  std::string detected_at; ///< RFC 3339.
};

/// Runs one inference within `timeout`, retries included, and logs it exactly once.
struct invoke_model {
  caller who;
  std::string endpoint_name;
  json_text inputs; ///< A non-empty object of at most 16 MiB.
  caf::timespan timeout = std::chrono::seconds{30};
};

struct inference {
  std::string request_id;
  std::string endpoint_name;
  json_text predictions; ///< An object.
  std::int64_t execution_time_ms = 0;
  std::string completed_at;
};

/// Asks for the caller's own inferences, newest first.
struct list_inference_logs {
  caller who;
  std::int64_t limit = 50;
  std::int64_t offset = 0;
  caf::optional<std::string> endpoint_name;
  caf::optional<std::string> status; ///< SUCCESS, ERROR or TIMEOUT.
  caf::optional<std::string> since;  ///< RFC 3339, inclusive.
  caf::optional<std::string> until;  ///< RFC 3339, exclusive.
};

/// One row of the inference log.
struct inference_log_entry {
  std::int64_t id = 0;
  std::string request_id;
  std::string endpoint_name;
  std::string user_id;
  json_text inputs;
  json_text predictions; ///< null unless SUCCESS.
  std::string status;
  std::int64_t execution_time_ms = 0;
  caf::optional<std::string> error_message;
  std::string created_at;
  std::string completed_at;
};

struct inference_log_page {
  std::vector<inference_log_entry> items;
  std::int64_t total = 0;
};

/// The MODEL SERVING service. Errors: every code of section 7 of the contract.
using service_actor =
    caf::typed_actor<caf::replies_to<list_endpoints>::with<endpoint_list>,
                     caf::replies_to<get_endpoint>::with<endpoint_details>,
                     caf::replies_to<detect_schema>::with<detected_schema>,
                     caf::replies_to<invoke_model>::with<inference>,
                     caf::replies_to<list_inference_logs>::with<inference_log_page>,
                     // Stops the serving call of that call; its log row says so.
                     caf::reacts_to<cancel_call>,
                     // Components: `workspace`, `database`, `journal`.
                     caf::replies_to<get_status>::with<service_status>>;

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, list_endpoints& x) {
  return f(caf::meta::type_name("list_endpoints"), x.who);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, get_endpoint& x) {
  return f(caf::meta::type_name("get_endpoint"), x.who, x.endpoint_name);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, endpoint& x) {
  return f(caf::meta::type_name("endpoint"), x.endpoint_name, x.endpoint_id, x.model_name,
           x.model_version, x.state, x.task, x.creator, x.creation_timestamp);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, endpoint_list& x) {
  return f(caf::meta::type_name("endpoint_list"), x.items);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, endpoint_details& x) {
  return f(caf::meta::type_name("endpoint_details"), x.summary, x.workload_url,
           x.last_updated_timestamp, x.config);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, detect_schema& x) {
  return f(caf::meta::type_name("detect_schema"), x.who, x.endpoint_name);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, detected_schema& x) {
  return f(caf::meta::type_name("detected_schema"), x.endpoint_name, x.detected_type,
           x.status, x.schema, x.example, x.error_message, x.latency_ms, x.detected_at);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, invoke_model& x) {
  return f(caf::meta::type_name("invoke_model"), x.who, x.endpoint_name, x.inputs,
           x.timeout);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, inference& x) {
  return f(caf::meta::type_name("inference"), x.request_id, x.endpoint_name,
           x.predictions, x.execution_time_ms, x.completed_at);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, list_inference_logs& x) {
  return f(caf::meta::type_name("list_inference_logs"), x.who, x.limit, x.offset,
           x.endpoint_name, x.status, x.since, x.until);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, inference_log_entry& x) {
  return f(caf::meta::type_name("inference_log_entry"), x.id, x.request_id,
           x.endpoint_name, x.user_id, x.inputs, x.predictions, x.status,
           x.execution_time_ms, x.error_message, x.created_at, x.completed_at);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, inference_log_page& x) {
  return f(caf::meta::type_name("inference_log_page"), x.items, x.total);
}

} // namespace lakegate::model_serving

CAF_BEGIN_TYPE_ID_BLOCK(lakegate_model_serving, 280)
  CAF_ADD_TYPE_ID(lakegate_model_serving, (lakegate::model_serving::list_endpoints))
  CAF_ADD_TYPE_ID(lakegate_model_serving, (lakegate::model_serving::endpoint_list))
  CAF_ADD_TYPE_ID(lakegate_model_serving, (lakegate::model_serving::get_endpoint))
  CAF_ADD_TYPE_ID(lakegate_model_serving, (lakegate::model_serving::endpoint_details))
  CAF_ADD_TYPE_ID(lakegate_model_serving, (lakegate::model_serving::detect_schema))
  CAF_ADD_TYPE_ID(lakegate_model_serving, (lakegate::model_serving::detected_schema))
  CAF_ADD_TYPE_ID(lakegate_model_serving, (lakegate::model_serving::invoke_model))
  CAF_ADD_TYPE_ID(lakegate_model_serving, (lakegate::model_serving::inference))
  CAF_ADD_TYPE_ID(lakegate_model_serving, (lakegate::model_serving::list_inference_logs))
  CAF_ADD_TYPE_ID(lakegate_model_serving, (lakegate::model_serving::inference_log_page))
CAF_END_TYPE_ID_BLOCK(lakegate_model_serving)
