#include "services/catalog/src/query_run.hpp"

#include "services/catalog/src/listing.hpp"
#include "services/catalog/src/query_defaults.hpp"

#include <lakegate/core/ids.hpp>
#include <lakegate/runtime/log.hpp>

#include <charconv>

namespace lakegate::catalog {

namespace {

failure timed_out() {
  return {errc::query_timeout, {}, {}, caf::none};
}

std::int64_t milliseconds_of(caf::timespan x) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(x).count();
}

std::optional<std::int64_t>
count_in(const std::vector<std::vector<databricks::cell>>& rows) {
  if (rows.size() != 1 || rows.front().size() != 1 || !rows.front().front())
    return std::nullopt;
  const auto& text = *rows.front().front();
  std::int64_t result = 0;
  auto [end, err] = std::from_chars(text.data(), text.data() + text.size(), result);
  if (err != std::errc{} || end != text.data() + text.size() || result < 0)
    return std::nullopt;
  return result;
}

} // namespace

query_run::query_run(query_context& context, query_table query, promise answer)
    : context_{context}, query_{std::move(query)}, answer_{std::move(answer)},
      started_{context.calls.now()}, deadline_{started_ + query_.who.time_left} {}

/// True the first time: whoever gets it delivers the answer.
template <class StopStatement>
bool query_run::end(errc outcome, StopStatement stop) {
  if (is_over_)
    return false;
  is_over_ = true;
  auto keep = shared_from_this();
  context_.calls.cancel_timer(timer_);
  for (const auto& statement : {page_, count_})
    if (statement)
      ((*statement).*stop)();
  auto took = context_.calls.now() - started_;
  context_.parts.counters->query_finished(outcome, took);
  log_end(outcome, took);
  std::erase(context_.runs, keep);
  return true;
}

// -- what is asked ------------------------------------------------------------------

void query_run::start() {
  if (query_.who.time_left <= caf::timespan{0})
    return fail(timed_out());
  timer_ = context_.calls.after(query_.who.time_left,
                                [self = shared_from_this()] { self->fail(timed_out()); });
  faults found;
  check_query(query_, found);
  if (!found.empty())
    return refuse(std::move(found));
  if (has_gaps(query_) && context_.parts.preferences)
    return ask_defaults();
  check(true);
}

void query_run::ask_defaults() {
  auto who = query_.who;
  who.token = access_token{};
  who.call_id = 0;
  who.time_left =
      std::min<caf::timespan>(who.time_left, context_.parts.bounds.defaults_timeout);
  auto timeout = who.time_left;
  context_.self
      ->request(
          context_.parts.preferences, timeout,
          preferences::get_preference{std::move(who), std::string{query_defaults_key}})
      .then([self = shared_from_this()](
                const preferences::preference& x) { self->take_defaults(x); },
            [self = shared_from_this()](const caf::error& err) {
              auto is_absent = failure_of(err).code == errc::preference_not_found;
              if (!is_absent)
                self->context_.parts.counters->defaults_failed();
              self->check(is_absent);
            });
}

void query_run::take_defaults(const preferences::preference& x) {
  faults found;
  filled_ = fill_gaps(query_, x.value, found);
  if (found.empty())
    check(true);
  else
    refuse(std::move(found));
}

void query_run::check(bool defaults_were_read) {
  if (is_over_)
    return;
  faults found;
  check_complete(query_, defaults_were_read, found);
  check_query(query_, found);
  if (!found.empty())
    return refuse(std::move(found));
  if (context_.parts.warehouse_id.empty())
    return fail({errc::warehouse_not_configured, {}, {}, caf::none});
  describe();
}

// -- what it is asked of ------------------------------------------------------------

void query_run::describe() {
  call_rules rules{repeatable::read, [deadline = deadline_] { return deadline; },
                   [self = shared_from_this()] { return !self->is_over_; }};
  auto ctx = databricks::context_of(query_.who);
  context_.calls.call<databricks::table_info>(
      context_.parts.workspace,
      databricks::get_table{std::move(ctx), *query_.catalog, *query_.schema,
                            *query_.table},
      std::move(rules),
      [self = shared_from_this()](databricks::table_info& x) { self->take_table(x); },
      [self = shared_from_this()](const databricks::upstream_failure& x) {
        self->fail(failure_of_call(x, self->target(), errc::query_timeout));
      });
}

void query_run::take_table(databricks::table_info& table) {
  if (is_over_)
    return;
  if (table.columns.empty())
    return fail({errc::invalid_query, "The table has no columns.", {}, caf::none});
  faults found;
  plan_ = plan_query(query_, table, found);
  blame_defaults(filled_, found);
  if (!found.empty())
    return refuse(std::move(found));
  result_.source = to_data_source(std::move(table));
  result_.source.catalog_name = *query_.catalog;
  result_.source.schema_name = *query_.schema;
  result_.source.table_name = *query_.table;
  execute();
}

// -- what runs for it ---------------------------------------------------------------

void query_run::execute() {
  std::vector<rendered_column> columns;
  for (const auto& x : plan_.columns)
    columns.push_back({x.name, x.type});
  rows_.emplace(std::move(columns));
  result_.executed_at = to_rfc3339(std::chrono::system_clock::now());
  auto page = build_page(plan_);
  result_.sql_statement = page.text;
  page_ = run(std::move(page), page_events());
  if (query_.include_total || plan_.offset > max_sql_offset)
    count_ = run(build_count(plan_), count_events());
}

std::shared_ptr<statement_run> query_run::run(built_statement statement,
                                              statement_events events) {
  auto ctx = databricks::context_of(query_.who);
  auto result = std::make_shared<statement_run>(
      context_, statement_scope{std::move(ctx), target(), deadline_}, std::move(events));
  result->start(std::move(statement));
  return result;
}

statement_events query_run::page_events() {
  auto self = shared_from_this();
  return {[self](const auto& rows) -> caf::optional<failure> {
            if (!self->rows_->add(rows))
              return broken_answer();
            if (self->rows_->bytes() > self->context_.parts.bounds.max_result_bytes)
              return result_too_large();
            return caf::none;
          },
          [self] {
            self->page_is_done_ = true;
            self->finish_if_done();
          },
          [self](const failure& why) { self->fail(why); }};
}

statement_events query_run::count_events() {
  auto self = shared_from_this();
  return {[self](const auto& rows) -> caf::optional<failure> {
            self->total_ = count_in(rows);
            if (!self->total_)
              return broken_answer();
            return caf::none;
          },
          [self] {
            if (self->total_)
              self->finish_if_done();
            else
              self->fail(broken_answer());
          },
          [self](const failure& why) { self->fail(why); }};
}

// -- the answer -----------------------------------------------------------------------

void query_run::finish_if_done() {
  if (!page_is_done_ || (count_ && !total_) || is_over_)
    return;
  if (plan_.offset > max_sql_offset && *total_ > plan_.offset)
    return refuse({{"offset", "must be at most " + std::to_string(max_sql_offset)
                                  + " in a table as large as this"}});
  result_.query_id = page_->id();
  result_.row_count = rows_->rows();
  result_.rows = std::move(*rows_).finish();
  if (query_.include_total)
    result_.total_row_count = *total_;
  result_.execution_time_ms = milliseconds_of(context_.calls.now() - started_);
  result_.order_by = plan_.order_by;
  context_.parts.counters->query_returned(result_.row_count, result_.rows.size());
  if (end(errc::none, &statement_run::cancel))
    answer_.deliver(std::move(result_));
}

void query_run::refuse(faults found) {
  auto err = make_error(errc::invalid_query, found);
  fail(failure_of(err));
}

void query_run::fail(const failure& why) {
  if (end(why.code, &statement_run::cancel))
    answer_.deliver(make_error(why));
}

void query_run::abandon() {
  if (end(errc::service_unavailable, &statement_run::abandon))
    answer_.deliver(make_error(errc::service_unavailable));
}

void query_run::log_end(errc outcome, caf::timespan took) const {
  auto severity = spec_of(outcome).status >= 500 ? log::level::warn : log::level::info;
  log::event(severity, "query_finished",
             {{"correlation_id", query_.who.correlation_id},
              {"traceparent", query_.who.traceparent},
              {"outcome", spec_of(outcome).name},
              {"statement_id", page_ ? page_->id() : std::string{}},
              {"rows", result_.row_count},
              {"took_ms", milliseconds_of(took)}});
}

call_target query_run::target() const {
  return {query_.catalog.value_or(""), query_.schema.value_or(""),
          query_.table.value_or(""), query_.who.user_id};
}

} // namespace lakegate::catalog
