#include <lakegate/testing/mock_databricks.hpp>

namespace lakegate::test {

namespace {

/// The handler of one message: asks the mock and delivers what it says, or keeps silent.
template <class Result, class Self, class Mock, class Command>
auto handler_of(Self* self, Mock& mock, reply<Result> (Mock::*method)(const Command&)) {
  return [self, &mock, method](const Command& command) -> caf::result<Result> {
    auto promise = self->template make_response_promise<Result>();
    if (auto answer = (mock.*method)(command)) {
      if (*answer)
        promise.deliver(std::move(**answer));
      else
        promise.deliver(answer->error());
    }
    return promise;
  };
}

} // namespace

databricks::identity_actor spawn_mock(caf::actor_system& system, mock_identity& mock) {
  using actor = databricks::identity_actor;
  return system.spawn([&mock](actor::pointer self) -> actor::behavior_type {
    return {handler_of<databricks::workspace_user>(self, mock,
                                                   &mock_identity::get_current_user)};
  });
}

databricks::catalog_actor spawn_mock(caf::actor_system& system, mock_catalog& mock) {
  using actor = databricks::catalog_actor;
  return system.spawn([&mock](actor::pointer self) -> actor::behavior_type {
    return {
        handler_of<databricks::name_page>(self, mock, &mock_catalog::list_catalogs),
        handler_of<databricks::name_page>(self, mock, &mock_catalog::list_schemas),
        handler_of<databricks::table_page>(self, mock, &mock_catalog::list_tables),
        handler_of<databricks::table_info>(self, mock, &mock_catalog::get_table),
    };
  });
}

databricks::sql_actor spawn_mock(caf::actor_system& system, mock_sql& mock) {
  using actor = databricks::sql_actor;
  return system.spawn([&mock](actor::pointer self) -> actor::behavior_type {
    return {
        handler_of<databricks::statement_status>(self, mock,
                                                 &mock_sql::execute_statement),
        handler_of<databricks::statement_status>(self, mock, &mock_sql::get_statement),
        handler_of<databricks::result_chunk>(self, mock, &mock_sql::get_result_chunk),
        handler_of<databricks::cancelled_statement>(self, mock,
                                                    &mock_sql::cancel_statement),
    };
  });
}

databricks::serving_actor spawn_mock(caf::actor_system& system, mock_serving& mock) {
  using actor = databricks::serving_actor;
  return system.spawn([&mock](actor::pointer self) -> actor::behavior_type {
    return {
        handler_of<databricks::serving_endpoint_list>(
            self, mock, &mock_serving::list_serving_endpoints),
        handler_of<databricks::serving_endpoint>(self, mock,
                                                 &mock_serving::get_serving_endpoint),
        handler_of<databricks::openapi_document>(self, mock,
                                                 &mock_serving::get_endpoint_openapi),
        handler_of<databricks::invocation_answer>(self, mock,
                                                  &mock_serving::invoke_endpoint),
        [&mock](const cancel_call& x) { mock.call_cancelled(x); },
    };
  });
}

databricks::registry_actor spawn_mock(caf::actor_system& system, mock_registry& mock) {
  using actor = databricks::registry_actor;
  return system.spawn([&mock](actor::pointer self) -> actor::behavior_type {
    return {
        handler_of<databricks::mlmodel_file>(self, mock, &mock_registry::get_mlmodel)};
  });
}

} // namespace lakegate::test
