#pragma once

#include <lakegate/contracts/databricks.hpp>

#include <caf/actor_system.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <gmock/gmock.h>

#include <optional>

namespace lakegate::test {

/// What a mock says: a value, an error, or (nullopt) nothing, ever.
template <class T>
using reply = std::optional<caf::expected<T>>;

/// One GoogleMock object for each Databricks interface, one method a message. Its actor
/// (see `spawn_mock`) forwards each message to it from CAF's threads; the object must
/// outlive it.
struct mock_identity {
  MOCK_METHOD(reply<databricks::workspace_user>, get_current_user,
              (const databricks::get_current_user&));
};

struct mock_catalog {
  MOCK_METHOD(reply<databricks::name_page>, list_catalogs,
              (const databricks::list_catalogs&));
  MOCK_METHOD(reply<databricks::name_page>, list_schemas,
              (const databricks::list_schemas&));
  MOCK_METHOD(reply<databricks::table_page>, list_tables,
              (const databricks::list_tables&));
  MOCK_METHOD(reply<databricks::table_info>, get_table, (const databricks::get_table&));
};

struct mock_sql {
  MOCK_METHOD(reply<databricks::statement_status>, execute_statement,
              (const databricks::execute_statement&));
  MOCK_METHOD(reply<databricks::statement_status>, get_statement,
              (const databricks::get_statement&));
  MOCK_METHOD(reply<databricks::result_chunk>, get_result_chunk,
              (const databricks::get_result_chunk&));
  MOCK_METHOD(reply<databricks::cancelled_statement>, cancel_statement,
              (const databricks::cancel_statement&));
};

struct mock_serving {
  MOCK_METHOD(reply<databricks::serving_endpoint_list>, list_serving_endpoints,
              (const databricks::list_serving_endpoints&));
  MOCK_METHOD(reply<databricks::serving_endpoint>, get_serving_endpoint,
              (const databricks::get_serving_endpoint&));
  MOCK_METHOD(reply<databricks::openapi_document>, get_endpoint_openapi,
              (const databricks::get_endpoint_openapi&));
  MOCK_METHOD(reply<databricks::invocation_answer>, invoke_endpoint,
              (const databricks::invoke_endpoint&));
  MOCK_METHOD(void, call_cancelled, (const cancel_call&));
};

struct mock_registry {
  MOCK_METHOD(reply<databricks::mlmodel_file>, get_mlmodel,
              (const databricks::get_mlmodel&));
};

databricks::identity_actor spawn_mock(caf::actor_system& system, mock_identity& mock);
databricks::catalog_actor spawn_mock(caf::actor_system& system, mock_catalog& mock);
databricks::sql_actor spawn_mock(caf::actor_system& system, mock_sql& mock);
databricks::serving_actor spawn_mock(caf::actor_system& system, mock_serving& mock);
databricks::registry_actor spawn_mock(caf::actor_system& system, mock_registry& mock);

/// The reply of a workspace that fails so.
template <class T>
reply<T> fails(databricks::upstream_failure failure) {
  return caf::expected<T>{databricks::make_error(std::move(failure))};
}

} // namespace lakegate::test
