#pragma once

#include <lakegate/contracts/databricks/common.hpp>

namespace lakegate::databricks {

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
  std::string ready; ///< READY or NOT_READY.
  std::string
      config_update; ///< NOT_UPDATING, IN_PROGRESS, UPDATE_FAILED, UPDATE_CANCELED.
  std::string task;  ///< "llm/v1/chat" …; empty for classic models.
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
  return f(caf::meta::type_name("served_entity"), x.name, x.entity_name, x.entity_version,
           x.foundation, x.external);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, serving_endpoint& x) {
  return f(caf::meta::type_name("serving_endpoint"), x.name, x.id, x.creator,
           x.created_at_ms, x.updated_at_ms, x.ready, x.config_update, x.task, x.entities,
           x.config);
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

} // namespace lakegate::databricks
