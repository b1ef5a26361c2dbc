#include "shared/databricks/src/sql_json.hpp"

#include "shared/databricks/src/classify.hpp"
#include "shared/databricks/src/message_text.hpp"
#include "shared/databricks/src/unity_catalog_json.hpp"

#include <lakegate/core/json_writer.hpp>

#include <algorithm>
#include <array>

namespace lakegate::databricks {

namespace {

constexpr std::int32_t shortest_wait = 5;
constexpr std::int32_t longest_wait = 50;
/// Below the 25 MiB at which an inline result fails instead of being cut.
constexpr std::int64_t byte_limit = 24 * 1024 * 1024;

/// 0 or 5 to 50 seconds, a second less than the caller has.
std::int32_t wait_of(const execute_statement& cmd) {
  auto left = std::chrono::duration_cast<std::chrono::seconds>(cmd.ctx.time_left).count();
  auto wait = std::min<std::int64_t>({cmd.wait_timeout_seconds, longest_wait, left - 1});
  return wait < shortest_wait ? 0 : static_cast<std::int32_t>(wait);
}

std::optional<statement_state> state_of(std::string_view name) {
  struct row {
    std::string_view name;
    statement_state state;
  };
  constexpr auto table = std::array{row{"PENDING", statement_state::pending},
                                    row{"RUNNING", statement_state::running},
                                    row{"SUCCEEDED", statement_state::succeeded},
                                    row{"FAILED", statement_state::failed},
                                    row{"CANCELED", statement_state::canceled},
                                    row{"CLOSED", statement_state::closed}};
  for (const auto& x : table)
    if (x.name == name)
      return x.state;
  return std::nullopt;
}

bool read_row(json_view row, std::vector<cell>& result) {
  auto is_valid = row.is_array();
  row.each_element([&](json_view value) {
    is_valid = value.is_null() || value.is_string();
    auto text = value.string();
    result.push_back(text ? cell{*std::move(text)} : cell{});
    return is_valid;
  });
  return is_valid;
}

/// Nothing if it is not what the API sends for inline JSON rows.
std::optional<result_chunk> read_rows(json_view object) {
  json_fields fields{object};
  result_chunk result;
  result.chunk_index =
      static_cast<std::int32_t>(fields.integer("chunk_index").value_or(0));
  if (auto next = fields.integer("next_chunk_index"))
    result.next_chunk_index = static_cast<std::int32_t>(*next);
  fields.require(!object["external_links"].exists());
  fields.each("data_array",
              [&](json_view row) { return read_row(row, result.rows.emplace_back()); });
  return fields.is_valid() ? std::optional{std::move(result)} : std::nullopt;
}

/// An error's class and SQLSTATE are in its text; `error_code` nearly always is
/// BAD_REQUEST.
void read_problem(json_fields& status, statement_status& result) {
  result.sql_state = status.text("sql_state");
  auto error = status.object("error");
  if (!error.exists())
    return;
  json_fields fields{error};
  auto message = fields.text("message");
  result.error_code = fields.text("error_code");
  result.error_class = find_error_class(message);
  result.error_message = clean_message(message);
  if (result.sql_state.empty())
    result.sql_state = find_sql_state(message);
  status.require(fields.is_valid());
}

void read_manifest(json_fields& answer, statement_status& result) {
  auto manifest = answer.object("manifest");
  answer.require(manifest.exists());
  if (!manifest.exists())
    return;
  json_fields fields{manifest};
  result.total_row_count = fields.integer("total_row_count").value_or(0);
  result.truncated = fields.flag("truncated", false);
  auto schema = fields.object("schema");
  if (schema.exists()) {
    json_fields columns{schema};
    columns.each("columns", [&](json_view element) {
      auto column = read_column(element, result.columns.size());
      if (column)
        result.columns.push_back(std::move(*column));
      return column.has_value();
    });
    fields.require(columns.is_valid());
  }
  answer.require(fields.is_valid());
}

void read_first_chunk(json_fields& answer, statement_status& result) {
  auto object = answer.object("result");
  if (!object.exists())
    return;
  auto chunk = read_rows(object);
  answer.require(chunk.has_value());
  if (!chunk || (chunk->rows.empty() && !chunk->next_chunk_index))
    return;
  auto width = result.columns.size();
  answer.require(std::all_of(chunk->rows.begin(), chunk->rows.end(),
                             [&](const auto& row) { return row.size() == width; }));
  result.first_chunk = *std::move(chunk);
}

void write_parameters(json_writer& w,
                      const std::vector<statement_parameter>& parameters) {
  w.key("parameters").begin_array();
  for (const auto& x : parameters) {
    w.begin_object().member("name", x.name).member("type", x.type);
    if (x.value)
      w.member("value", *x.value);
    w.end_object();
  }
  w.end_array();
}

} // namespace

std::string write_statement(const execute_statement& cmd) {
  json_writer w;
  w.begin_object()
      .member("warehouse_id", cmd.warehouse_id)
      .member("statement", cmd.statement)
      .member("disposition", "INLINE")
      .member("format", "JSON_ARRAY")
      .member("byte_limit", byte_limit)
      .member("wait_timeout", std::to_string(wait_of(cmd)) + "s")
      .member("on_wait_timeout", "CONTINUE");
  if (cmd.row_limit > 0)
    w.member("row_limit", cmd.row_limit);
  if (!cmd.parameters.empty())
    write_parameters(w, cmd.parameters);
  w.end_object();
  return std::move(w).str();
}

caf::expected<statement_status> read_statement(http::response& answer) {
  auto json = read_object(answer);
  if (!json)
    return json.error();
  statement_status result;
  json_fields fields{json_view{*json}};
  result.statement_id = fields.required_text("statement_id");
  json_fields status{fields.object("status")};
  auto state = state_of(status.required_text("state"));
  status.require(state.has_value());
  result.state = state.value_or(statement_state::failed);
  read_problem(status, result);
  if (result.state == statement_state::succeeded) {
    read_manifest(fields, result);
    read_first_chunk(fields, result);
  }
  if (!fields.is_valid() || !status.is_valid())
    return invalid_answer(answer, "The answer is not a statement's.");
  return result;
}

caf::expected<result_chunk> read_chunk(http::response& answer) {
  auto json = read_object(answer);
  if (!json)
    return json.error();
  auto chunk = read_rows(json_view{*json});
  if (!chunk)
    return invalid_answer(answer, "The answer is not a chunk of inline rows.");
  return *std::move(chunk);
}

} // namespace lakegate::databricks
