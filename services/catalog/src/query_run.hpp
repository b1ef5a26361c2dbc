#pragma once

#include "services/catalog/src/query_plan.hpp"
#include "services/catalog/src/row_renderer.hpp"
#include "services/catalog/src/statement_run.hpp"

#include <caf/typed_response_promise.hpp>

#include <memory>
#include <optional>
#include <set>
#include <string>

namespace lakegate::catalog {

/// One query from command to answer, which it delivers exactly once. A part of the TABLE
/// QUERY actor, which keeps it in `query_context::runs` until it is over.
class query_run : public std::enable_shared_from_this<query_run> {
public:
  using promise = caf::typed_response_promise<query_result>;

  query_run(query_context& context, query_table query, promise answer);

  /// Starts the work and the clock.
  void start();

  /// Ends it with `why` and cancels what runs for it.
  void fail(const failure& why);

  /// Its actor ends: answers `service_unavailable`, so that nobody waits in vain.
  void abandon();

  std::uint64_t call_id() const noexcept { return query_.who.call_id; }

private:
  void ask_defaults();
  void take_defaults(const preferences::preference& x);
  void check(bool defaults_were_read);
  void describe();
  void take_table(databricks::table_info& table);
  void execute();
  std::shared_ptr<statement_run> run(built_statement statement, statement_events events);
  statement_events page_events();
  statement_events count_events();
  void finish_if_done();
  void refuse(faults found);
  template <class StopStatement>
  bool end(errc outcome, StopStatement stop);
  void log_end(errc outcome, caf::timespan took) const;
  call_target target() const;

  query_context& context_;
  query_table query_;
  promise answer_;
  caf::actor_clock::time_point started_;
  caf::actor_clock::time_point deadline_;
  std::uint64_t timer_ = 0;
  bool is_over_ = false;

  std::set<std::string> filled_; ///< Members that `query_defaults` gave.
  query_plan plan_;
  query_result result_;
  std::optional<row_renderer> rows_;
  std::optional<std::int64_t> total_;
  std::shared_ptr<statement_run> page_;
  std::shared_ptr<statement_run> count_; ///< Null: no total is wanted.
  bool page_is_done_ = false;
};

} // namespace lakegate::catalog
