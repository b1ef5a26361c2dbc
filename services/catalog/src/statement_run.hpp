#pragma once

#include "services/catalog/src/catalog_errors.hpp"
#include "services/catalog/src/query_context.hpp"
#include "services/catalog/src/statement_builder.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace lakegate::catalog {

/// What a statement reports. Exactly one of `finished` and `failed` is called, once,
/// unless the statement is cancelled first; nothing is called afterwards.
struct statement_events {
  /// One chunk of rows, in order; false if they are of no use: then it fails with that.
  std::function<caf::optional<failure>(
      const std::vector<std::vector<databricks::cell>>& rows)>
      rows;
  std::function<void()> finished;
  std::function<void(const failure&)> failed;
};

/// Under whose rights a statement runs, on what, and until when.
struct statement_scope {
  databricks::call_context ctx;
  call_target target;
  caf::actor_clock::time_point deadline;
};

/// One statement from its sending to its last chunk. A part of the TABLE QUERY actor:
/// used on its thread only.
class statement_run : public std::enable_shared_from_this<statement_run> {
public:
  statement_run(query_context& context, statement_scope scope, statement_events events)
      : context_{context}, scope_{std::move(scope)}, events_{std::move(events)} {}

  void start(built_statement statement);

  /// Stops it, upstream as well: at once if it has an id, else as soon as it gets one.
  void cancel();

  /// Its actor ends: nothing is called any more, and nothing is sent.
  void abandon();

  const std::string& id() const noexcept { return id_; }

private:
  using status = databricks::statement_status;

  call_rules rules(repeatable kind);
  void take(status& x);
  void poll_later();
  void poll();
  void take(databricks::result_chunk& chunk);
  void read_chunk(std::int32_t index);
  void fail_call(const databricks::upstream_failure& x);
  void fail(const failure& why);
  void cancel_upstream();
  statement_events end();

  query_context& context_;
  statement_scope scope_;
  statement_events events_;
  std::string id_;
  bool is_over_ = false;
  bool runs_upstream_ = false;
  std::uint64_t poll_timer_ = 0;
  std::chrono::milliseconds next_poll_{0};
};

/// How long the first call may wait for the result, in whole seconds: well within `left`,
/// a value that Databricks takes (0, or 5 to 50), and no longer than needed, since a call
/// that waits holds a connection that listings need, too.
std::int32_t wait_timeout_within(caf::timespan left) noexcept;

} // namespace lakegate::catalog
