#pragma once

#include "services/catalog/src/table_query.hpp"
#include "services/catalog/tests/mock_workspace.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace lakegate::catalog {

/// A SQL warehouse whose every answer is given by the test.
struct HeldWarehouse {
  explicit HeldWarehouse(test::deterministic_system& world)
      : executions{world}, polls{world}, chunks{world}, cancellations{world} {}

  databricks::sql_actor Spawn(test::deterministic_system& world) {
    return world.spawn([this](databricks::sql_actor::pointer self)
                           -> databricks::sql_actor::behavior_type {
      return {
          [=, this](const databricks::execute_statement& x) {
            return executions.Keep(self, x);
          },
          [=, this](const databricks::get_statement& x) { return polls.Keep(self, x); },
          [=, this](const databricks::get_result_chunk& x) {
            return chunks.Keep(self, x);
          },
          [=, this](const databricks::cancel_statement& x) {
            return cancellations.Keep(self, x);
          },
      };
    });
  }

  Held<databricks::execute_statement, databricks::statement_status> executions;
  Held<databricks::get_statement, databricks::statement_status> polls;
  Held<databricks::get_result_chunk, databricks::result_chunk> chunks;
  Held<databricks::cancel_statement, databricks::cancelled_statement> cancellations;
};

/// The preferences service: answers `query_defaults` with a value, or with an error.
struct MockPreferences {
  MOCK_METHOD(caf::result<preferences::preference>, Get,
              (const preferences::get_preference&));

  preferences::service_actor Spawn(test::deterministic_system& world) {
    using namespace preferences;
    return world.spawn([this]() -> preferences::service_actor::behavior_type {
      return {
          [](const list_preferences&) { return preference_page{}; },
          [this](const get_preference& x) { return Get(x); },
          [](const save_preference&) { return saved_preference{}; },
          [](const delete_preference&) { return deleted_preference{}; },
          [](const get_status&) { return service_status{}; },
      };
    });
  }
};

using cells = std::vector<std::vector<databricks::cell>>;

inline databricks::statement_status Status(std::string id,
                                           databricks::statement_state state) {
  databricks::statement_status result;
  result.statement_id = std::move(id);
  result.state = state;
  return result;
}

inline databricks::statement_status Pending(std::string id) {
  return Status(std::move(id), databricks::statement_state::pending);
}

inline databricks::statement_status Succeeded(std::string id, cells rows) {
  auto result = Status(std::move(id), databricks::statement_state::succeeded);
  result.first_chunk = databricks::result_chunk{std::move(rows), 0, caf::none};
  return result;
}

inline databricks::statement_status Failed(std::string error_class, std::string sql_state,
                                           std::string message = {}) {
  auto result = Status("failed", databricks::statement_state::failed);
  result.error_code = "BAD_REQUEST";
  result.error_class = std::move(error_class);
  result.sql_state = std::move(sql_state);
  result.error_message = std::move(message);
  return result;
}

/// Given a table main.default.customers (id bigint, name string) without a primary key.
class TableQueryTest : public testing::Test {
protected:
  TableQueryTest() {
    table.catalog = "main";
    table.schema = "default";
    table.name = "customers";
    table.columns = {{"id", "bigint", "LONG", false, 0},
                     {"name", "string", "STRING", true, 1}};
    ON_CALL(workspace, GetTable(testing::_)).WillByDefault([this](const auto& x) {
      described.push_back(x);
      return table;
    });
    ON_CALL(defaults, Get(testing::_)).WillByDefault([this](const auto& x) {
      return defaults_answer(x);
    });
  }

  static query_table Query(caller who = Ada()) {
    query_table result;
    result.who = std::move(who);
    result.catalog = "main";
    result.schema = "default";
    result.table = "customers";
    return result;
  }

  test::answer<query_result> Ask(query_table query) {
    auto result = world.ask<query_result>(actor, std::move(query));
    world.settle();
    return result;
  }

  /// Answers page and count, which were sent in that order.
  void AnswerBoth(cells rows, std::string total) {
    warehouse.executions.Answer(0, Succeeded("page", std::move(rows)));
    warehouse.executions.Answer(1, Succeeded("count", {{databricks::cell{total}}}));
    world.settle();
  }

  template <class Held, class Message>
  void Answer(Held& held, std::uint64_t index, Message x) {
    held.Answer(index, std::move(x));
    world.settle();
  }

  std::vector<std::string> Cancelled() const {
    std::vector<std::string> result;
    for (const auto& x : warehouse.cancellations.commands)
      result.push_back(x.statement_id);
    return result;
  }

  table_query_actor Spawn(std::string warehouse_id = "w1") {
    return world.own(spawn_table_query(
        world.system(),
        {workspace.Spawn(world), warehouse.Spawn(world), defaults.Spawn(world),
         std::move(warehouse_id), bounds, std::make_shared<metrics>(registry), known}));
  }

  databricks::table_info table;
  std::vector<databricks::get_table> described;
  std::function<caf::result<preferences::preference>(const preferences::get_preference&)>
      defaults_answer = [](const auto&) { return errc::preference_not_found; };
  testing::NiceMock<MockCatalog> workspace;
  testing::NiceMock<MockPreferences> defaults;
  prometheus::Registry registry;
  limits bounds;
  health_ptr known = std::make_shared<health>(true);
  test::deterministic_system world;
  HeldWarehouse warehouse{world};
  table_query_actor actor = Spawn();
};

} // namespace lakegate::catalog
