// The serving endpoints of the reference workspace.

#include "integration-tests/support/reference_workspace.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace lakegate::integration {

namespace {

databricks::upstream_failure unknown_endpoint(const std::string& name) {
  auto x = Failing(databricks::failure_kind::not_found, 404,
                   "The endpoint with name '" + name + "' does not exist.");
  x.error_code = "RESOURCE_DOES_NOT_EXIST";
  return x;
}

/// What a real endpoint of one string column says of itself.
constexpr auto classifier_openapi =
    R"({"openapi":"3.1.0","info":{"title":"custom-classifier"},
"paths":{"/served-models/classifier/invocations":{"post":{"requestBody":{"content":
{"application/json":{"schema":{"oneOf":[
{"type":"object","properties":{"dataframe_split":{"type":"object","properties":{"columns":
{"type":"array","items":{"enum":["text"]}},"data":{"type":"array","items":{"type":"array",
"prefixItems":[{"type":"string"}]}}}}}},
{"type":"object","properties":{"dataframe_records":{"type":"array","items":{"type":"object",
"required":["text"],"properties":{"text":{"type":"string"}}}}}}]}}}}}}}})";

} // namespace

test::reply<databricks::serving_endpoint>
reference_workspace::endpoint(const std::string& name) const {
  auto found = std::find_if(endpoints_.begin(), endpoints_.end(),
                            [&](const auto& x) { return x.name == name; });
  if (found == endpoints_.end())
    return test::fails<databricks::serving_endpoint>(unknown_endpoint(name));
  return caf::expected<databricks::serving_endpoint>{*found};
}

test::reply<databricks::openapi_document>
reference_workspace::openapi(const std::string& name) const {
  if (name != "custom-classifier")
    return test::fails<databricks::openapi_document>(unknown_endpoint(name));
  databricks::openapi_document x{json_text::trusted(classifier_openapi)};
  return caf::expected<databricks::openapi_document>{x};
}

/// The classifier labels each text by its length; the chat model repeats the last
/// message.
test::reply<databricks::invocation_answer>
reference_workspace::invoke(const databricks::invoke_endpoint& x) {
  {
    std::lock_guard guard{mutex_};
    invocations_.push_back(x);
  }
  auto body = nlohmann::json::parse(x.body.str());
  databricks::invocation_answer answer;
  answer.served_model_name = x.name;
  if (x.name == "custom-classifier" && body.contains("dataframe_records")) {
    auto predictions = nlohmann::json::array();
    for (const auto& record : body["dataframe_records"])
      predictions.push_back("label-of-" + record.value("text", ""));
    answer.body = json_text::trusted(nlohmann::json{{"predictions", predictions}}.dump());
  } else if (x.name == "claude-sonnet-4" && body.contains("messages")) {
    nlohmann::json message{{"role", "assistant"},
                           {"content", body["messages"].back()["content"]}};
    nlohmann::json choice{{"index", 0}, {"message", message}, {"finish_reason", "stop"}};
    answer.body = json_text::trusted(
        nlohmann::json{{"object", "chat.completion"}, {"choices", {choice}}}.dump());
  } else {
    auto known = endpoint(x.name);
    if (!*known)
      return test::fails<databricks::invocation_answer>(unknown_endpoint(x.name));
    auto refused = Failing(databricks::failure_kind::invalid_argument, 400,
                           "Model is missing inputs ['text'].");
    refused.error_code = "BAD_REQUEST";
    return test::fails<databricks::invocation_answer>(refused);
  }
  return caf::expected<databricks::invocation_answer>{answer};
}

void reference_workspace::answer_serving() {
  using testing::_;
  ON_CALL(serving, list_serving_endpoints(_)).WillByDefault([this](const auto&) {
    databricks::serving_endpoint_list list{endpoints_};
    return test::reply<databricks::serving_endpoint_list>{
        caf::expected<databricks::serving_endpoint_list>{list}};
  });
  ON_CALL(serving, get_serving_endpoint(_)).WillByDefault([this](const auto& x) {
    return endpoint(x.name);
  });
  ON_CALL(serving, get_endpoint_openapi(_)).WillByDefault([this](const auto& x) {
    return openapi(x.name);
  });
  ON_CALL(serving, invoke_endpoint(_)).WillByDefault([this](const auto& x) {
    return invoke(x);
  });
  ON_CALL(registry, get_mlmodel(_)).WillByDefault([](const auto& x) {
    return test::fails<databricks::mlmodel_file>(unknown_endpoint(x.model_name));
  });
}

} // namespace lakegate::integration
