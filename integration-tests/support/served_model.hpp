#pragma once

#include "integration-tests/support/scenario.hpp"

/// Scenarios about one endpoint whose owner, and what the workspace knows of its model,
/// are the test's choice.
namespace lakegate::integration {

/// A classic endpoint `model` that serves version 1 of `main.default.model`.
inline databricks::serving_endpoint ClassicEndpoint() {
  databricks::serving_endpoint x;
  x.name = "model";
  x.id = "id-of-model";
  x.ready = "READY";
  x.config_update = "NOT_UPDATING";
  x.entities = {{"model-1", "main.default.model", "1", false, false}};
  return x;
}

/// An OpenAPI document whose only path takes `body`.
inline std::string OpenapiOf(const nlohmann::json& body,
                             const std::string& served_name = "model-1") {
  nlohmann::json x{{"openapi", "3.1.0"}};
  x["paths"]["/served-models/" + served_name + "/invocations"]["post"]["requestBody"]
   ["content"]["application/json"]["schema"] = body;
  return x.dump();
}

class ServedModel : public Scenario {
protected:
  void SetUp() override {
    Scenario::SetUp();
    GivenEndpoint(ClassicEndpoint());
    GivenNoOpenapi();
    GivenNoMlmodel();
  }

  void GivenEndpoint(databricks::serving_endpoint x) {
    ON_CALL(Workspace().serving, get_serving_endpoint(testing::_))
        .WillByDefault(
            testing::Return(caf::expected<databricks::serving_endpoint>{std::move(x)}));
  }
  void GivenOpenapi(const std::string& document) {
    databricks::openapi_document x{json_text::trusted(document)};
    ON_CALL(Workspace().serving, get_endpoint_openapi(testing::_))
        .WillByDefault(testing::Return(caf::expected<databricks::openapi_document>{x}));
  }
  void GivenNoOpenapi() {
    ON_CALL(Workspace().serving, get_endpoint_openapi(testing::_))
        .WillByDefault(testing::Return(test::fails<databricks::openapi_document>(
            Failing(databricks::failure_kind::not_found, 404))));
  }
  void GivenMlmodel(const std::string& yaml) {
    ON_CALL(Workspace().registry, get_mlmodel(testing::_))
        .WillByDefault(testing::Return(
            caf::expected<databricks::mlmodel_file>{databricks::mlmodel_file{yaml}}));
  }
  void GivenNoMlmodel(databricks::failure_kind why = databricks::failure_kind::not_found,
                      int http_status = 404) {
    ON_CALL(Workspace().registry, get_mlmodel(testing::_))
        .WillByDefault(testing::Return(
            test::fails<databricks::mlmodel_file>(Failing(why, http_status))));
  }

  /// The answer to the question for the schema of the endpoint `model`.
  Response WhenDetected() {
    return When(Get(path::endpoints + "/model/schema").As(user_a));
  }
};

} // namespace lakegate::integration
