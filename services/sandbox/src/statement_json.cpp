#include "services/sandbox/src/statement_json.hpp"

#include "services/sandbox/src/answers.hpp"

#include <algorithm>

namespace lakegate::sandbox {

namespace {

/// Rows of a chunk.
struct chunk_range {
  std::size_t first = 0;
  std::size_t count = 0;
};

chunk_range range_of(const result_table& table, std::size_t index,
                     std::size_t chunk_rows) {
  const auto first = index * chunk_rows;
  return {first, std::min(chunk_rows, table.rows.size() - first)};
}

void write_columns(json_writer& w, const result_table& table) {
  w.key("schema").begin_object().member("column_count", table.columns.size());
  if (!table.columns.empty()) {
    w.key("columns").begin_array();
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      const auto& [name, type] = table.columns[i];
      w.begin_object().member("name", name).member("type_text", type.text);
      w.member("type_name", type.name).member("position", i);
      if (type.name == "DECIMAL")
        w.member("type_precision", type.precision).member("type_scale", type.scale);
      if (type.name == "INTERVAL")
        w.member("type_interval_type", type.interval);
      w.end_object();
    }
    w.end_array();
  }
  w.end_object();
}

void write_manifest(json_writer& w, const result_table& table, std::size_t chunk_rows) {
  const auto chunks = chunk_count(table, chunk_rows);
  w.key("manifest").begin_object().member("format", "JSON_ARRAY");
  write_columns(w, table);
  w.member("total_chunk_count", chunks);
  if (chunks > 0) {
    w.key("chunks").begin_array();
    for (std::size_t i = 0; i < chunks; ++i) {
      const auto [first, count] = range_of(table, i, chunk_rows);
      w.begin_object().member("chunk_index", i).member("row_offset", first);
      w.member("row_count", count).end_object();
    }
    w.end_array();
  }
  w.member("total_row_count", table.rows.size()).member("truncated", table.truncated);
  w.end_object();
}

void write_chunk(json_writer& w, const std::string& id, const result_table& table,
                 std::size_t index, std::size_t chunk_rows) {
  const auto [first, count] = range_of(table, index, chunk_rows);
  w.begin_object().member("chunk_index", index).member("row_offset", first);
  w.member("row_count", count);
  if (index + 1 < chunk_count(table, chunk_rows)) {
    w.member("next_chunk_index", index + 1);
    w.member("next_chunk_internal_link",
             "/api/2.0/sql/statements/" + id + "/result/chunks/"
                 + std::to_string(index + 1)
                 + "?row_offset=" + std::to_string(first + count));
  }
  w.key("data_array").begin_array();
  for (std::size_t r = first; r < first + count; ++r) {
    w.begin_array();
    for (const auto& cell : table.rows[r])
      w.value(cell);
    w.end_array();
  }
  w.end_array().end_object();
}

} // namespace

std::size_t chunk_count(const result_table& table, std::size_t chunk_rows) {
  return (table.rows.size() + chunk_rows - 1) / chunk_rows;
}

http_response statement_answer(const std::string& id, const statement::snapshot& now,
                               std::size_t chunk_rows) {
  json_writer w;
  w.begin_object().member("statement_id", id);
  w.key("status").begin_object().member("state", to_string(now.state));
  if (now.state == statement_state::failed) {
    w.key("error").begin_object().member("error_code", now.error.error_code);
    w.member("message", now.error.message).end_object();
    if (!now.error.sql_state.empty())
      w.member("sql_state", now.error.sql_state);
  }
  w.end_object();
  if (now.result) {
    write_manifest(w, *now.result, chunk_rows);
    w.key("result");
    if (now.result->rows.empty())
      w.begin_object().end_object();
    else
      write_chunk(w, id, *now.result, 0, chunk_rows);
  }
  w.end_object();
  return json_answer(std::move(w));
}

http_response chunk_answer(const std::string& id, const result_table& table,
                           std::size_t index, std::size_t chunk_rows) {
  json_writer w;
  write_chunk(w, id, table, index, chunk_rows);
  return json_answer(std::move(w));
}

} // namespace lakegate::sandbox
