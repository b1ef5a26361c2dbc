#include "services/sandbox/src/execution.hpp"

#include "services/sandbox/src/accounts.hpp"
#include "services/sandbox/src/cells.hpp"
#include "services/sandbox/src/sql.hpp"
#include "services/sandbox/src/sql_errors.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace lakegate::sandbox {

namespace {

using namespace std::chrono_literals;
using postgres::answer;
using postgres::result_ptr;
using postgres::sql_failure;

/// Longer than the sessions' statement_timeout, so that PostgreSQL speaks first.
constexpr auto answer_limit = 16min;
constexpr std::string_view cursor_head = "DECLARE lakegate_rows NO SCROLL CURSOR FOR ";

/// Bytes in front of the `position`th character (from 1) of UTF-8.
std::size_t byte_position(std::string_view text, std::size_t position) {
  std::size_t characters = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool starts = (static_cast<unsigned char>(text[i]) & 0xC0) != 0x80;
    if (starts && ++characters == position)
      return i + 1;
  }
  return text.size();
}

statement_error no_such_catalog(const std::string& catalog) {
  return {
      "[NO_SUCH_CATALOG_EXCEPTION] Catalog '" + catalog
          + "' was not found. Please verify the catalog name and then retry the query or "
            "command again. SQLSTATE: 42704",
      "42704"};
}

/// One run of one statement.
class run {
public:
  run(sessions& pool, const statement_request& request, const translation& done)
      : pool_{pool}, request_{request}, done_{done}, catalog_{!done.catalog.empty()
                                                                  ? done.catalog
                                                              : request.catalog.empty()
                                                                  ? std::string{"main"}
                                                                  : to_lower(
                                                                      request.catalog)},
        schema_{request.schema.empty() ? "default" : to_lower(request.schema)} {}

  outcome go(const backend_watch& watch) {
    if (auto refused = check_catalog())
      return *refused;
    auto session = pool_.as_user(catalog_, request_.user);
    if (const auto* failure = std::get_if<sql_failure>(&session))
      return failed(*failure);
    auto& lease = std::get<session_lease>(session);
    const auto path =
        std::string{helper_schema} + ", pg_catalog, " + double_quoted(schema_);
    auto prepared = lease->run(std::string{sql::prepare_session}, {path}, answer_limit);
    if (const auto* failure = std::get_if<sql_failure>(&prepared))
      return failed(*failure);
    const auto pid = std::get<result_ptr>(prepared)->at(0, 0).value_or("");
    if (!watch.started(catalog_, std::string{pid}))
      return statement_error{"The statement was cancelled.",
                             std::string{cancelled_state}};
    if (done_.kind != statement_kind::query)
      lease.spoil();
    auto result = done_.kind == statement_kind::query ? read_rows(lease) : change(lease);
    watch.ended();
    return result;
  }

private:
  /// The catalog exists and the user may use it; idle sessions outlive a revoked CONNECT.
  std::optional<statement_error> check_catalog() {
    const auto found =
        pool_.run(std::string{maintenance_database}, std::string{sql::may_use_catalog},
                  {catalog_, std::string{owner_name}, request_.user});
    if (const auto* failure = std::get_if<sql_failure>(&found))
      return failed(*failure);
    const auto& rows = *std::get<result_ptr>(found);
    if (rows.size() == 0)
      return no_such_catalog(catalog_);
    if (rows.at(0, 0) != "t")
      return insufficient_privileges("USE CATALOG", "Catalog", catalog_);
    return std::nullopt;
  }

  statement_error failed(const sql_failure& failure, std::size_t head = 0) const {
    postgres_failure what{failure.sqlstate.empty() ? "08006" : failure.sqlstate,
                          failure.message};
    if (failure.position > head)
      what.position = byte_position(done_.sql, failure.position - head);
    if (what.sql_state == cancelled_state)
      return {"The statement was cancelled.", std::string{cancelled_state}};
    return databricks_error(what, {request_.statement, done_, catalog_, schema_,
                                   [this] { return columns_of_tables(); }});
  }

  std::vector<std::string> columns_of_tables() const {
    std::vector<std::string> result;
    for (const auto& t : done_.tables) {
      const auto found = pool_.run(catalog_, std::string{sql::column_names},
                                   {t.schema.empty() ? schema_ : t.schema, t.table});
      if (const auto* rows = std::get_if<result_ptr>(&found))
        for (std::size_t i = 0; i < (*rows)->size(); ++i)
          result.emplace_back((*rows)->at(i, 0).value_or(""));
    }
    return result;
  }

  /// A cursor, so that a result beyond its limits is never read whole.
  outcome read_rows(session_lease& session) {
    auto begun = session->run("BEGIN", {}, answer_limit);
    if (const auto* failure = std::get_if<sql_failure>(&begun))
      return failed(*failure);
    auto declared = session->run(std::string{cursor_head} + done_.sql, done_.parameters,
                                 answer_limit);
    if (const auto* failure = std::get_if<sql_failure>(&declared)) {
      session->run("ROLLBACK", {}, answer_limit);
      return failed(*failure, cursor_head.size());
    }
    result_table table;
    for (;;) {
      auto fetched = session->run("FETCH 2000 FROM lakegate_rows", {}, answer_limit);
      if (const auto* failure = std::get_if<sql_failure>(&fetched)) {
        session->run("ROLLBACK", {}, answer_limit);
        return failed(*failure);
      }
      const auto& rows = *std::get<result_ptr>(fetched);
      if (table.columns.empty())
        table.columns = columns_of(rows);
      if (auto over = take_rows(table, rows);
          over || table.truncated || rows.size() == 0) {
        session->run("ROLLBACK", {}, answer_limit);
        if (over)
          return *over;
        return table;
      }
    }
  }

  std::optional<statement_error> take_rows(result_table& table,
                                           const postgres::rows& rows) const {
    const auto byte_limit = request_.byte_limit.value_or(inline_limit);
    for (std::size_t r = 0; r < rows.size(); ++r) {
      if (request_.row_limit
          && std::cmp_greater_equal(table.rows.size(), *request_.row_limit)) {
        table.truncated = true;
        return std::nullopt;
      }
      auto& row = table.rows.emplace_back();
      for (std::size_t c = 0; c < table.columns.size(); ++c) {
        const auto value = rows.at(r, c);
        row.push_back(value ? std::optional{cell_text(table.columns[c].type, *value)}
                            : std::nullopt);
        table.bytes += static_cast<std::int64_t>(row.back() ? row.back()->size() + 3 : 5);
      }
      if (table.bytes <= std::min(byte_limit, inline_limit))
        continue;
      table.rows.pop_back();
      table.truncated = true;
      return request_.byte_limit ? std::nullopt : std::optional{inline_limit_exceeded()};
    }
    return std::nullopt;
  }

  /// Types by the column that a value is taken from, since only that knows its domain.
  std::vector<result_column> columns_of(const postgres::result_set& rows) const {
    std::string types = "{", modifiers = "{", tables = "{", positions = "{";
    for (std::size_t c = 0; c < rows.column_count(); ++c) {
      const auto* comma = c == 0 ? "" : ",";
      types += comma + std::to_string(rows.column_type(c));
      modifiers += comma + std::to_string(rows.column_modifier(c));
      tables += comma + std::to_string(rows.column_table(c));
      positions += comma + std::to_string(rows.column_table_position(c));
    }
    const auto found =
        pool_.run(catalog_, std::string{sql::format_types},
                  {types + "}", modifiers + "}", tables + "}", positions + "}"});
    const auto* names = std::get_if<result_ptr>(&found);
    std::vector<result_column> result;
    for (std::size_t c = 0; c < rows.column_count(); ++c) {
      const auto type = names ? (*names)->at(c, 0).value_or("text") : "text";
      result.push_back({std::string{rows.column_name(c)}, column_type_of(type)});
    }
    return result;
  }

  /// Anything but a query; DML answers with its counts.
  outcome change(session_lease& session) {
    auto answered = session->run(done_.sql, done_.parameters, answer_limit);
    if (const auto* failure = std::get_if<sql_failure>(&answered))
      return failed(*failure);
    const auto& rows = *std::get<result_ptr>(answered);
    result_table table;
    if (rows.column_count() > 0) {
      table.columns = columns_of(rows);
      if (auto over = take_rows(table, rows))
        return *over;
      return table;
    }
    if (done_.kind == statement_kind::command)
      return table;
    const auto count = std::to_string(rows.affected());
    table.columns.push_back({"num_affected_rows", column_type_of("bigint")});
    table.rows.push_back({count});
    if (done_.kind == statement_kind::insert) {
      table.columns.push_back({"num_inserted_rows", column_type_of("bigint")});
      table.rows.front().emplace_back(count);
    }
    return table;
  }

  sessions& pool_;
  const statement_request& request_;
  const translation& done_;
  std::string catalog_;
  std::string schema_;
};

} // namespace

statement_error inline_limit_exceeded() {
  return {"Inline byte limit exceeded. Statements executed with disposition=INLINE can "
          "have a "
          "result size of at most 26214400 bytes. Please execute the statement with "
          "disposition=EXTERNAL_LINKS if you want to download the full result.",
          ""};
}

outcome execute(sessions& pool, const statement_request& request,
                const backend_watch& watch) {
  auto done = translate(request.statement, request.parameters);
  if (auto* error = std::get_if<statement_error>(&done))
    return std::move(*error);
  return run{pool, request, std::get<translation>(done)}.go(watch);
}

} // namespace lakegate::sandbox
