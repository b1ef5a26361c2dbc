#pragma once

#include "services/catalog/src/unity_catalog.hpp"
#include "services/catalog/tests/mock_workspace.hpp"

#include <gmock/gmock.h>

namespace lakegate::catalog {

using names = databricks::name_page;

inline auto Page(const std::string& token) {
  return testing::Field(&databricks::list_schemas::page_token, token);
}

inline databricks::table_info Table(std::string name) {
  databricks::table_info result;
  result.catalog = "main";
  result.schema = "default";
  result.name = std::move(name);
  result.owner = "owner@example.com";
  result.columns = {{"b", "string", "STRING", true, 1},
                    {"a", "bigint", "LONG", false, 0}};
  result.updated_at_ms = 1'721'000'000'123;
  return result;
}

/// Given a Unity Catalog whose every answer the test decides.
class UnityCatalogTest : public testing::Test {
protected:
  template <class Result, class Command>
  test::answer<Result> Ask(Command command) {
    return world.ask<Result>(actor, std::move(command));
  }

  auto AskSchemas(caller who, slice part = {}) {
    return Ask<name_page>(list_schemas{std::move(who), "main", part});
  }

  /// Makes ListSchemas keep its answers for the test to give.
  void HoldSchemas() {
    EXPECT_CALL(workspace, ListSchemas(testing::_)).WillRepeatedly([this](const auto& x) {
      return held.Keep(workspace.self, x);
    });
  }

  testing::StrictMock<MockCatalog> workspace;
  prometheus::Registry registry;
  test::deterministic_system world;
  Held<databricks::list_schemas, names> held{world};
  health_ptr known = std::make_shared<health>(true);
  limits bounds;
  unity_catalog_actor actor = world.own(
      spawn_unity_catalog(world.system(), {workspace.Spawn(world), bounds,
                                           std::make_shared<metrics>(registry), known}));
};

} // namespace lakegate::catalog
