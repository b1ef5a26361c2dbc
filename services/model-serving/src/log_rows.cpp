#include "services/model-serving/src/log_rows.hpp"

#include <lakegate/core/ids.hpp>
#include <lakegate/core/rules.hpp>

#include <algorithm>
#include <charconv>

namespace lakegate::model_serving {

namespace {

using cell = std::optional<std::string>;

/// An element of an array literal (PostgreSQL, "Array Input and Output Syntax"): always
/// in quotes, so that only quotes and backslashes need care.
void append_element(std::string& out, const cell& x) {
  if (out.size() > 1)
    out += ',';
  if (!x) {
    out += "NULL";
    return;
  }
  out += '"';
  for (auto c : *x) {
    if (c == '"' || c == '\\')
      out += '\\';
    out += c;
  }
  out += '"';
}

template <class Get>
postgres::parameter array_of(std::span<const log_record> rows, Get get) {
  std::string out = "{";
  for (const auto& x : rows)
    append_element(out, get(x));
  out += '}';
  return out;
}

cell time_of(std::int64_t ms) {
  return to_rfc3339(std::chrono::system_clock::time_point{std::chrono::milliseconds{ms}});
}

/// The same instant in the one form that is compared.
postgres::parameter time_of(const caf::optional<std::string>& text) {
  if (!text)
    return std::nullopt;
  return to_rfc3339(*parse_rfc3339(*text));
}

postgres::parameter text_of(const caf::optional<std::string>& x) {
  return x ? postgres::parameter{*x} : std::nullopt;
}

std::optional<std::int64_t> number_at(const postgres::rows& rows, std::size_t row,
                                      std::size_t column) {
  auto text = rows.at(row, column);
  std::int64_t result = 0;
  if (!text
      || std::from_chars(text->data(), text->data() + text->size(), result).ec
             != std::errc{})
    return std::nullopt;
  return result;
}

std::string text_at(const postgres::rows& rows, std::size_t row, std::size_t column) {
  return std::string{rows.at(row, column).value_or("")};
}

json_text json_at(const postgres::rows& rows, std::size_t row, std::size_t column) {
  auto text = rows.at(row, column);
  if (!text)
    return {};
  // A row that somebody else wrote may be JSON for PostgreSQL and not for us.
  auto parsed = json_text::parse(std::string{*text});
  auto value = std::get_if<json_text>(&parsed);
  return value ? std::move(*value) : json_text{};
}

inference_log_entry read_entry(const postgres::rows& rows, std::size_t row) {
  inference_log_entry x;
  x.id = number_at(rows, row, 1).value_or(0);
  x.request_id = text_at(rows, row, 2);
  x.endpoint_name = text_at(rows, row, 3);
  x.user_id = text_at(rows, row, 4);
  x.inputs = json_at(rows, row, 5);
  x.predictions = json_at(rows, row, 6);
  x.status = text_at(rows, row, 7);
  x.execution_time_ms = number_at(rows, row, 8).value_or(0);
  if (auto message = rows.at(row, 9))
    x.error_message = std::string{*message};
  x.created_at = text_at(rows, row, 10);
  x.completed_at = text_at(rows, row, 11);
  return x;
}

void check_time(std::string_view field, const caf::optional<std::string>& text,
                faults& found) {
  if (text && !parse_rfc3339(*text))
    found.push_back({std::string{field}, "must be an RFC 3339 time"});
}

} // namespace

std::vector<postgres::parameter> insert_parameters(std::span<const log_record> rows) {
  auto texts = [&](auto member) {
    return array_of(rows, [&](const log_record& x) { return cell{x.*member}; });
  };
  return {
      texts(&log_record::request_id),
      texts(&log_record::endpoint_name),
      texts(&log_record::user_id),
      texts(&log_record::inputs),
      texts(&log_record::predictions),
      texts(&log_record::status),
      array_of(rows,
               [](const auto& x) { return cell{std::to_string(x.execution_time_ms)}; }),
      texts(&log_record::error_message),
      array_of(rows, [](const auto& x) { return time_of(x.created_at_ms); }),
      array_of(rows, [](const auto& x) { return time_of(x.completed_at_ms); }),
  };
}

void check_log_query(const list_inference_logs& x, faults& found) {
  rules::check_limit("limit", x.limit, found);
  rules::check_offset("offset", x.offset, found);
  if (x.endpoint_name)
    rules::check_identifier("endpoint_name", *x.endpoint_name, found);
  if (x.status && *x.status != "SUCCESS" && *x.status != "ERROR"
      && *x.status != "TIMEOUT")
    found.push_back({"status", "must be SUCCESS, ERROR or TIMEOUT"});
  check_time("since", x.since, found);
  check_time("until", x.until, found);
}

std::vector<postgres::parameter> list_parameters(const list_inference_logs& x,
                                                 std::uint64_t page_bytes) {
  return {x.who.user_id,
          text_of(x.endpoint_name),
          text_of(x.status),
          time_of(x.since),
          time_of(x.until),
          std::to_string(x.limit),
          std::to_string(x.offset),
          std::to_string(page_bytes)};
}

caf::expected<inference_log_page> read_log_page(const postgres::rows& rows) {
  auto total = rows.size() > 0 ? number_at(rows, 0, 0) : std::nullopt;
  if (!total)
    return make_error(errc::data_corrupted);
  inference_log_page result;
  result.total = *total;
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (rows.at(i, 1))
      result.items.push_back(read_entry(rows, i));
  return result;
}

} // namespace lakegate::model_serving
