#pragma once

#include "gateway/src/dispatch.hpp"
#include "gateway/src/readiness.hpp"
#include "gateway/tests/support/fake_service.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace lakegate::gateway::test {

/// Keeps the answer.
class recording_sink : public response_sink {
public:
  explicit recording_sink(std::vector<http_response>& to) : to_{to} {}
  void send(http_response answer) override { to_.push_back(std::move(answer)); }

private:
  std::vector<http_response>& to_;
};

inline std::string header_of(const http_response& answer, std::string_view name) {
  for (const auto& x : answer.headers)
    if (equal_ignoring_case(x.name, name))
      return x.value;
  return {};
}

inline nlohmann::json body_of(const http_response& answer) {
  return nlohmann::json::parse(answer.body);
}

inline std::string code_of(const http_response& answer) {
  return body_of(answer)["detail"]["error_code"];
}

/// The `field: reason` of each fault of a 400.
inline std::vector<std::string> faults_of(const http_response& answer) {
  std::vector<std::string> result;
  auto body = body_of(answer);
  for (const auto& x : body["detail"]["technical_details"]["errors"])
    result.push_back(x["field"].get<std::string>() + ": "
                     + x["reason"].get<std::string>());
  return result;
}

/// A request as a client would write it, with a good token and what HTTP demands.
inline http_request request_of(http_method method, std::string target,
                               std::string body = {}) {
  http_request result;
  result.method = method;
  result.target = std::move(target);
  result.headers = {{"Host", "localhost"}, {"X-Forwarded-Access-Token", "token-a"}};
  if (!body.empty())
    result.headers.push_back({"Content-Type", "application/json"});
  result.body = std::move(body);
  return result;
}

inline http_request get(std::string target) {
  return request_of(http_method::get, std::move(target));
}

inline http_request without_token(http_request request) {
  std::erase_if(request.headers,
                [](const auto& x) { return x.name == "X-Forwarded-Access-Token"; });
  return request;
}

/// The whole API without sockets and actors: fakes of the services and the workspace.
class api {
public:
  explicit api(dispatch_config config = {}, identity_config identities = {})
      : config_{std::move(config)}, identity_config_{identities} {}

  /// Answers as the API would; nothing while a service holds its answer.
  std::optional<http_response> try_send(http_request request) {
    auto before = answers.size();
    last = dispatch_().dispatch(std::move(request),
                                std::make_unique<recording_sink>(answers));
    if (answers.size() == before)
      return std::nullopt;
    return answers.back();
  }

  http_response send(http_request request) {
    auto answer = try_send(std::move(request));
    EXPECT_TRUE(answer.has_value()) << "no answer";
    return answer.value_or(http_response{});
  }

  fake_service<preferences::service_actor> preferences;
  fake_service<catalog::service_actor> catalog;
  fake_service<model_serving::service_actor> model_serving;
  /// What the workspace says of each token.
  std::function<caf::expected<databricks::workspace_user>(const std::string& token)>
      workspace = [](const std::string& token) {
        databricks::workspace_user result;
        result.id = "1";
        result.user_name = token == "token-a" ? "ada@example.com" : "bob@example.com";
        result.display_name = "Ada";
        result.active = true;
        result.emails = {"ada@example.com"};
        return result;
      };
  int workspace_calls = 0;
  std::string workspace_url = "https://dbc-1234.cloud.example.com";
  std::shared_ptr<prometheus::Registry> registry =
      std::make_shared<prometheus::Registry>();
  std::vector<http_response> answers;
  std::weak_ptr<abandonable> last;
  std::shared_ptr<dispatcher> dispatch;

private:
  dispatcher& dispatch_() {
    if (!dispatch) {
      auto ask = [this](databricks::get_current_user what, auto then) {
        ++workspace_calls;
        then(workspace(what.ctx.token.reveal()));
      };
      dispatch = std::make_shared<dispatcher>(
          config_,
          directory{preferences_port_, catalog_port_, model_serving_port_, *ready_,
                    registry, workspace_url},
          std::make_shared<identity>(identity_config_, ask, metrics_), metrics_);
    }
    return *dispatch;
  }

  dispatch_config config_;
  identity_config identity_config_;
  gateway_metrics metrics_{*registry};
  port_to<preferences::service_actor, fake_service<preferences::service_actor>>
      preferences_port_{preferences};
  port_to<catalog::service_actor, fake_service<catalog::service_actor>> catalog_port_{
      catalog};
  port_to<model_serving::service_actor, fake_service<model_serving::service_actor>>
      model_serving_port_{model_serving};
  std::shared_ptr<readiness> ready_ =
      std::make_shared<readiness>(preferences_port_, catalog_port_, model_serving_port_);
};

} // namespace lakegate::gateway::test
