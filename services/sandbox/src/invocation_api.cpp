#include "services/sandbox/src/answers.hpp"
#include "services/sandbox/src/predictions.hpp"
#include "services/sandbox/src/serving_api.hpp"

#include <memory>

namespace lakegate::sandbox {

namespace {

using namespace std::chrono_literals;

http_response not_deployed(const served_endpoint& e) {
  return error_answer(
      {404, "RESOURCE_DOES_NOT_EXIST",
       "The given endpoint does not exist, please retry after checking the "
       "specified model and version deployment exists: "
           + std::string{e.name}});
}

http_response crashed() {
  json_writer w;
  w.begin_object().member("error_code", "INTERNAL_ERROR");
  w.member("message", "The model process crashed while it handled the request.");
  w.member("stack_trace",
           "Traceback (most recent call last):\n  File \"model.py\", line 7, in "
           "predict\nRuntimeError: out of order");
  w.end_object();
  auto answer = json_answer(std::move(w));
  answer.status = 500;
  return answer;
}

bool is_json(const call& c) {
  const auto type = c.request->header_value("Content-Type");
  return type.starts_with("application/json");
}

http_response unsupported_type() {
  return error_answer({415, "BAD_REQUEST",
                       "This predictor only supports the following content types: "
                       "['text/csv', 'application/json']."});
}

class invocation_routes {
public:
  explicit invocation_routes(serving_services services)
      : services_{std::move(services)} {}

  void invoke(const call_ptr& c, const reply_function& reply) const {
    const auto found = visible_endpoint(*c, c->path_value("name"), services_.rights);
    if (const auto* refused = std::get_if<http_response>(&found))
      return reply(*refused);
    const auto& endpoint = *std::get<const served_endpoint*>(found);
    if (!endpoint.is_ready())
      return reply(not_deployed(endpoint));
    if (!is_json(*c))
      return reply(unsupported_type());
    if (endpoint.kind == model_kind::sleepy && services_.is_asleep.exchange(false)) {
      const auto self = *this;
      return services_.call_later(services_.cold_start, [self, c, reply, &endpoint] {
        reply(self.answer(*c, endpoint, task_of(endpoint)));
      });
    }
    reply(answer(*c, endpoint, task_of(endpoint)));
  }

  /// `/serving-endpoints/chat/completions` and its kin: the endpoint's name is in
  /// `model`.
  http_response openai(const call& c, std::string_view task) const {
    const auto text = json_body(c);
    if (const auto* refused = std::get_if<http_response>(&text))
      return *refused;
    const auto name = json_view{std::get<json_text>(text)}["model"].string().value_or("");
    const auto found = visible_endpoint(c, name, services_.rights);
    if (const auto* refused = std::get_if<http_response>(&found))
      return *refused;
    const auto& endpoint = *std::get<const served_endpoint*>(found);
    const auto wanted = task == "llm/v1/completions" ? "llm/v1/chat" : task;
    if (endpoint.task != wanted)
      return error_answer(
          {400, "BAD_REQUEST",
           "Endpoint '" + name + "' does not serve " + std::string{task} + "."});
    return answer(c, endpoint, task);
  }

private:
  static std::string_view task_of(const served_endpoint& e) { return e.task; }

  http_response answer(const call& c, const served_endpoint& endpoint,
                       std::string_view task) const {
    const auto text = json_body(c);
    if (const auto* refused = std::get_if<http_response>(&text))
      return *refused;
    auto result = compute(endpoint, task, json_view{std::get<json_text>(text)});
    result.headers.push_back(
        {"served-model-name",
         std::string{endpoint.name} + "-" + std::string{endpoint.entity_version}});
    return result;
  }

  http_response compute(const served_endpoint& endpoint, std::string_view task,
                        json_view body) const {
    if (endpoint.kind == model_kind::broken)
      return crashed();
    if (task == "llm/v1/embeddings")
      return embeddings(endpoint, body);
    if (task == "llm/v1/completions"
        || (task == "llm/v1/chat" && body["prompt"].exists()))
      return text_completion(endpoint, body);
    if (task == "llm/v1/chat")
      return chat_completion(endpoint, body, services_.token_interval);
    return predict(endpoint.kind, body, services_.fares);
  }

  serving_services services_;
};

} // namespace

void add_invocation_routes(route_table& routes, const serving_services& services) {
  const auto api = std::make_shared<const invocation_routes>(services);
  routes.add_async("POST", "/serving-endpoints/{name}/invocations",
                   [api](const auto& c, const auto& reply) { api->invoke(c, reply); });
  const auto openai = [&](const std::string& path, std::string_view task) {
    routes.add("POST", "/serving-endpoints/" + path,
               [api, task](const call& c) { return api->openai(c, task); });
  };
  openai("chat/completions", "llm/v1/chat");
  openai("completions", "llm/v1/completions");
  openai("embeddings", "llm/v1/embeddings");
}

} // namespace lakegate::sandbox
