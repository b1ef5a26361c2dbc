// Story 3, endpoints: what the workspace says of them, and what it may leave out.

#include "integration-tests/support/served_model.hpp"

namespace lakegate::integration {

using databricks::failure_kind;
using nlohmann::json;
using testing::_;
using testing::Return;

class Endpoints : public ServedModel {
protected:
  Response WhenShown(const std::string& name = "model") {
    return When(Get(path::endpoints + "/" + Encoded(name)).As(user_a));
  }
};

TEST_F(Endpoints, TheirStateIsOneOfFour) {
  struct row {
    std::string ready;
    std::string config_update;
    std::string state;
  };
  const std::vector<row> rows{
      {"READY", "NOT_UPDATING", "READY"},       {"READY", "IN_PROGRESS", "UPDATING"},
      {"READY", "UPDATE_FAILED", "READY"},      {"NOT_READY", "IN_PROGRESS", "CREATING"},
      {"NOT_READY", "UPDATE_FAILED", "FAILED"}, {"", "", "FAILED"},
  };

  for (const auto& [ready, config_update, state] : rows) {
    auto endpoint = ClassicEndpoint();
    endpoint.ready = ready;
    endpoint.config_update = config_update;
    GivenEndpoint(endpoint);

    EXPECT_EQ(WhenShown().json()["state"], state) << ready << " " << config_update;
  }
}

TEST_F(Endpoints, WhatTheWorkspaceDoesNotTellIsNull) {
  auto endpoint = ClassicEndpoint();
  endpoint.entities.clear();
  GivenEndpoint(endpoint);
  auto bare = WhenShown();
  endpoint.entities.push_back({"e", "", "", false, true});
  GivenEndpoint(endpoint);
  auto nameless = WhenShown();

  for (const auto& response : {bare, nameless})
    EXPECT_THAT(response, HasJson(json{{"endpoint_name", "model"},
                                       {"model_name", nullptr},
                                       {"model_version", nullptr},
                                       {"task", nullptr},
                                       {"creator", nullptr},
                                       {"creation_timestamp", nullptr},
                                       {"last_updated_timestamp", nullptr}}));
}

TEST_F(Endpoints, AnyNameIsOneSegmentOfItsUrl) {
  auto endpoint = ClassicEndpoint();
  endpoint.name = "a b/c-\xC3\xA9~1";
  GivenEndpoint(endpoint);

  EXPECT_EQ(WhenShown(endpoint.name).json()["workload_url"],
            "https://reference.cloud.databricks.com/serving-endpoints/"
            "a%20b%2Fc-%C3%A9~1/invocations");
}

TEST_F(Endpoints, AFailureOfTheWorkspaceIsToldAsWhatItIs) {
  struct row {
    failure_kind kind;
    int http_status;
    errc code;
  };
  const std::vector<row> rows{
      {failure_kind::permission_denied, 403, errc::model_permission_denied},
      {failure_kind::token_expired, 401, errc::auth_expired},
      {failure_kind::rate_limited, 429, errc::rate_limited},
      {failure_kind::unavailable, 503, errc::model_unavailable},
      {failure_kind::timeout, 0, errc::model_unavailable},
      {failure_kind::invalid_response, 200, errc::upstream_invalid_response},
      {failure_kind::overloaded, 0, errc::overloaded},
  };

  for (const auto& [kind, http_status, code] : rows) {
    auto failure = Failing(kind, http_status);
    ON_CALL(Workspace().serving, list_serving_endpoints(_))
        .WillByDefault(Return(test::fails<databricks::serving_endpoint_list>(failure)));
    ON_CALL(Workspace().serving, get_serving_endpoint(_))
        .WillByDefault(Return(test::fails<databricks::serving_endpoint>(failure)));

    auto list = When(Get(path::endpoints).As(user_a));
    auto one = WhenShown();

    EXPECT_THAT(list, IsProblem(code));
    EXPECT_THAT(one, IsProblem(code));
    EXPECT_FALSE(list.json()["detail"]["technical_details"].contains("endpoint_name"));
    EXPECT_EQ(one.json()["detail"]["technical_details"]["endpoint_name"], "model");
  }
}

} // namespace lakegate::integration
