#pragma once

#include "services/model-serving/src/service.hpp"
#include "services/model-serving/tests/journal_fixture.hpp"

#include <lakegate/testing/mock_databricks.hpp>
#include <lakegate/testing/postgres_cluster.hpp>

#include <caf/scoped_actor.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <thread>

namespace lakegate::model_serving::test {

using lakegate::test::postgres_cluster;

/// The whole service in this process, with a real database and a mocked workspace.
class ServiceTest : public ::testing::Test {
protected:
  ServiceTest() {
    options.node.name = "model-serving";
    options.journal = place.config;
    options.workspace.host = "https://workspace.example.com";
    options.detection.event_timeout = std::chrono::seconds{10};
  }

  void UseDatabase(postgres_cluster& server) {
    database = &server;
    database_name = server.create_database();
    auto& to = options.database.connection;
    to.host = server.host();
    to.port = server.port();
    to.database = database_name;
    to.user = server.user();
    options.database.credentials =
        std::make_shared<postgres::static_password>(access_token{server.password()});
  }

  void Start() {
    dependencies mocks;
    mocks.serving = [this](auto& sys) {
      return lakegate::test::spawn_mock(sys, serving);
    };
    mocks.registry = [this](auto& sys) {
      return lakegate::test::spawn_mock(sys, models);
    };
    running = std::make_unique<service>(options, registry, mocks);
  }

  void Stop() {
    running->stop(std::chrono::seconds{10});
    running.reset();
  }

  caller Who(const std::string& user) {
    caller x;
    x.user_id = user;
    x.token = access_token{"token"};
    x.correlation_id = "corr";
    x.traceparent = "00-trace";
    x.time_left = std::chrono::seconds{10};
    return x;
  }

  invoke_model Invocation(const std::string& inputs,
                          const std::string& user = "ann@example.com") {
    invoke_model x;
    x.who = Who(user);
    x.endpoint_name = "fare";
    x.inputs = json_text::trusted(inputs);
    return x;
  }

  list_inference_logs Logs(const std::string& user = "ann@example.com") {
    list_inference_logs x;
    x.who = Who(user);
    return x;
  }

  /// Asks the service and waits for the answer.
  template <class Result, class Command>
  caf::expected<Result> Ask(Command command) {
    caf::scoped_actor self{running->system()};
    caf::expected<Result> result{caf::sec::none};
    self->request(running->actor(), std::chrono::seconds{20}, std::move(command))
        .receive([&](Result& x) { result = std::move(x); },
                 [&](caf::error& x) { result = std::move(x); });
    return result;
  }

  template <class Result, class Command>
  errc CodeOf(Command command) {
    auto result = Ask<Result>(std::move(command));
    return result ? errc::none : failure_of(result.error()).code;
  }

  std::string Sql(const std::string& text) { return database->run(database_name, text); }

  /// Waits until a query gives `expected`, at most ten seconds; what it gives then.
  std::string Eventually(const std::string& text, const std::string& expected) {
    auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{10};
    std::string now;
    do
      try {
        now = Sql(text);
      } catch (const std::runtime_error& not_yet) {
        now = not_yet.what();
      }
    while (now != expected && std::chrono::steady_clock::now() < deadline);
    return now;
  }

  ::testing::NiceMock<lakegate::test::mock_serving> serving;
  ::testing::NiceMock<lakegate::test::mock_registry> models;
  journal_directory place;
  config options;
  std::shared_ptr<prometheus::Registry> registry =
      std::make_shared<prometheus::Registry>();
  postgres_cluster* database = nullptr;
  std::string database_name;
  std::unique_ptr<service> running;
};

inline lakegate::test::reply<databricks::invocation_answer>
Predicted(const std::string& body) {
  return caf::expected<databricks::invocation_answer>{
      databricks::invocation_answer{json_text::trusted(body), "served"}};
}

} // namespace lakegate::model_serving::test
