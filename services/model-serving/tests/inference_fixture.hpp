#pragma once

#include "services/model-serving/src/inference.hpp"

#include <lakegate/testing/deterministic_system.hpp>
#include <lakegate/testing/mock_databricks.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <prometheus/registry.h>

#include <string>
#include <vector>

namespace lakegate::model_serving::test {

using lakegate::test::answer;
using lakegate::test::deterministic_system;
using lakegate::test::fails;
using lakegate::test::mock_serving;
using lakegate::test::reply;

/// Stands for the log: keeps the rows, or refuses them.
struct log_double {
  bool has_room = true;
  bool takes_whole_rows = true;
  bool holds_room_back = false; ///< Never answers a reservation.
  std::vector<log_record> rows;
  std::vector<reserve_log_row> reserved;
};

inline inference_log_actor::behavior_type DoubleOf(log_double& log) {
  return {
      [&log](const reserve_log_row& x) -> caf::result<log_row_reserved> {
        log.reserved.push_back(x);
        if (!log.has_room)
          return make_error(errc::database_unavailable);
        return log_row_reserved{};
      },
      [&log](const append_log_row& x) {
        log.rows.push_back(x.row);
        return log_row_appended{log.takes_whole_rows};
      },
      [](const list_inference_logs&) { return inference_log_page{}; },
      [](const flush_log&) { return log_flushed{}; },
      [](const journal_has_room&) {},
      [](const journal_has_written&) {},
      [](const journal_has_read&) {},
      [](const journal_has_rejected&) {},
      [](const write_log_batch&) {},
  };
}

inline databricks::upstream_failure Failure(databricks::failure_kind kind, int status,
                                            std::string message = {}) {
  databricks::upstream_failure x;
  x.kind = kind;
  x.http_status = status;
  x.message = std::move(message);
  return x;
}

inline databricks::upstream_failure Unavailable(int status = 503) {
  return Failure(databricks::failure_kind::unavailable, status);
}

inline reply<databricks::invocation_answer> Predicts(const std::string& body) {
  return caf::expected<databricks::invocation_answer>{
      databricks::invocation_answer{json_text::trusted(body), "served"}};
}

inline reply<databricks::invocation_answer> Refuses(databricks::upstream_failure x) {
  return fails<databricks::invocation_answer>(std::move(x));
}

inline reply<databricks::serving_endpoint> EndpointIs(const std::string& ready) {
  databricks::serving_endpoint x;
  x.name = "fare";
  x.ready = ready;
  return caf::expected<databricks::serving_endpoint>{x};
}

/// The inference actor between a mocked workspace and a log that keeps its rows.
class InferenceTest : public ::testing::Test {
protected:
  InferenceTest() { Start(); }

  void Start() {
    auto log_actor = world.spawn([this] { return DoubleOf(log); });
    inference_peers peers;
    peers.serving = world.own(lakegate::test::spawn_mock(world.system(), serving));
    peers.log = log_actor;
    peers.counted = std::make_shared<metrics>(registry);
    peers.wall_clock = [] {
      return std::chrono::system_clock::time_point{std::chrono::seconds{1'763'812'800}};
    };
    actor = world.own(spawn_inference(world.system(), config, peers));
    world.settle();
  }

  static invoke_model Command(const std::string& inputs = R"({"trip_distance":1.5})",
                              const std::string& user = "ann@example.com") {
    invoke_model x;
    x.who.user_id = user;
    x.who.token = access_token{"secret"};
    x.who.correlation_id = "corr";
    x.who.traceparent = "00-trace";
    x.who.call_id = 77;
    x.endpoint_name = "fare";
    x.inputs = json_text::trusted(inputs);
    return x;
  }

  answer<inference> Ask(invoke_model x = Command()) {
    auto result = world.ask<inference>(actor, std::move(x));
    world.settle();
    return result;
  }

  mock_serving serving;
  log_double log;
  prometheus::Registry registry;
  inference_config config;
  deterministic_system world;
  inference_actor actor;
};

} // namespace lakegate::model_serving::test
