#pragma once

#include "integration-tests/support/scenario.hpp"

#include <future>
#include <memory>
#include <string>
#include <vector>

namespace lakegate::integration {

/// What Unity Catalog says of a table and the warehouse of its statements, dictated by
/// the test: for types, rows and failures that the reference workspace has not. It speaks
/// for every table. Thread safe.
///
/// Each list of answers is used in order, its last one for all further calls; an answer
/// of `std::nullopt` never comes.
class TableScript {
public:
  template <class T>
  using answers = std::vector<test::reply<T>>;

  /// Until told otherwise: one column `id bigint`, no rows, a count of 0.
  explicit TableScript(reference_workspace& workspace);
  ~TableScript();

  void Columns(std::vector<databricks::column_info> columns,
               std::vector<std::string> primary_key = {});
  void Tables(answers<databricks::table_info> x); ///< In place of `Columns`.
  void Pages(answers<databricks::statement_status> x);
  void Counts(answers<databricks::statement_status> x);
  void Polls(answers<databricks::statement_status> x);
  void Chunks(answers<databricks::result_chunk> x);
  void Cancels(answers<databricks::cancelled_statement> x);

  /// The answer to that call, in the words of `TakeCalls`, comes no sooner than `until`.
  void HoldBack(std::string call, std::shared_future<void> until);

  /// What was asked since the last time, in order of arrival: `table`, `page`, `count`,
  /// `poll ID`, `chunk ID N`, `cancel ID`.
  std::vector<std::string> TakeCalls();
  /// The last statement that reads rows.
  databricks::execute_statement LastPage() const;

private:
  struct state;
  std::shared_ptr<state> state_;
};

/// The text of its parameters, in order: `p1=5:BIGINT`.
std::vector<std::string> ParametersOf(const databricks::execute_statement& x);

/// Statements as the warehouse answers them; their id is `s-1` unless named.
databricks::statement_status Unfinished(databricks::statement_state state);
databricks::statement_status
Succeeded(std::vector<std::vector<databricks::cell>> rows,
          caf::optional<std::int32_t> next_chunk_index = caf::none);
databricks::statement_status Failed(std::string error_code, std::string error_class,
                                    std::string sql_state, std::string message = {});

/// An answer for a script.
template <class T>
test::reply<T> Answer(T x) {
  return caf::expected<T>{std::move(x)};
}

/// Scenarios about a scripted table; without a database, which only the preferences and
/// the log need.
class ScriptedTable : public Scenario {
protected:
  world_options Options() const override { return {.database = false}; }

  void SetUp() override {
    Scenario::SetUp();
    script_ = std::make_unique<TableScript>(Workspace());
  }

  TableScript& Script() { return *script_; }

private:
  std::unique_ptr<TableScript> script_;
};

} // namespace lakegate::integration
