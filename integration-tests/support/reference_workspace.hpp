#pragma once

#include "integration-tests/support/reference_data.hpp"

#include <lakegate/testing/mock_databricks.hpp>

#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

namespace lakegate::integration {

/// What a call of the workspace fails with.
databricks::upstream_failure Failing(databricks::failure_kind kind, int http_status = 0,
                                     std::string message = {});

/// The GoogleMock actors' Databricks: five mocks whose default actions answer from the
/// reference data under the rights of the calling token, as a workspace would. A test
/// changes what it needs with `ON_CALL` or `EXPECT_CALL` on the mocks, or with the verbs.
/// Thread safe.
class reference_workspace {
public:
  reference_workspace();

  testing::NiceMock<test::mock_identity> identity;
  testing::NiceMock<test::mock_catalog> catalog;
  testing::NiceMock<test::mock_sql> sql;
  testing::NiceMock<test::mock_serving> serving;
  testing::NiceMock<test::mock_registry> registry;

  /// `what` is `catalog.schema.table` or `catalog.schema.*`.
  void Grant(const std::string& user, const std::string& what);
  void Revoke(const std::string& user, const std::string& what);
  void Add(reference_table table);

  /// Every statement that was executed since the test began, in order of arrival.
  std::vector<databricks::execute_statement> Statements() const;
  /// Every body that a model was called with.
  std::vector<databricks::invoke_endpoint> Invocations() const;

private:
  template <class T>
  using reply = test::reply<T>;

  reply<databricks::workspace_user> who_is(const access_token& token) const;
  std::string user_of(const databricks::call_context& ctx) const;
  bool may_read(const std::string& user, const reference_table& table) const;

  reply<databricks::name_page> page_of(std::set<std::string> names,
                                       const std::string& token) const;
  reply<databricks::name_page> catalogs(const databricks::list_catalogs& x) const;
  reply<databricks::name_page> schemas(const databricks::list_schemas& x) const;
  reply<databricks::table_page> tables(const databricks::list_tables& x) const;
  reply<databricks::table_info> table(const databricks::get_table& x) const;
  /// Why that catalog, schema or table can't be used by `user`; kind `none` if it can.
  databricks::upstream_failure denial(const std::string& user, const std::string& c,
                                      const std::string& s, const std::string& t) const;

  reply<databricks::statement_status> execute(const databricks::execute_statement& x);

  reply<databricks::serving_endpoint> endpoint(const std::string& name) const;
  reply<databricks::openapi_document> openapi(const std::string& name) const;
  reply<databricks::invocation_answer> invoke(const databricks::invoke_endpoint& x);

  void answer_catalog();
  void answer_sql();
  void answer_serving();

  mutable std::mutex mutex_;
  std::vector<reference_table> tables_ = ReferenceTables();
  std::vector<databricks::serving_endpoint> endpoints_ = ReferenceEndpoints();
  std::map<std::string, std::set<std::string>> grants_;
  std::vector<databricks::execute_statement> statements_;
  std::vector<databricks::invoke_endpoint> invocations_;
};

} // namespace lakegate::integration
