#include "services/catalog/src/row_renderer.hpp"

#include <lakegate/core/ids.hpp>
#include <lakegate/core/json_view.hpp>

#include <algorithm>

namespace lakegate::catalog {

namespace {

bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

/// True for a JSON number (RFC 8259, 6), which Java's text of a double is as well.
bool is_json_number(std::string_view text, bool integral) noexcept {
  auto i = text.begin();
  auto digits = [&] {
    auto first = i;
    i = std::find_if_not(i, text.end(), is_digit);
    return i - first;
  };
  auto at = [&](std::string_view set) {
    return i != text.end() && set.find(*i) != std::string_view::npos;
  };
  if (at("-"))
    ++i;
  auto leading_zero = at("0");
  if (auto n = digits(); n == 0 || (leading_zero && n > 1))
    return false;
  if (!integral && at(".")) {
    ++i;
    if (digits() == 0)
      return false;
  }
  if (!integral && at("eE")) {
    ++i;
    if (at("+-"))
      ++i;
    if (digits() == 0)
      return false;
  }
  return i == text.end();
}

void append_nested(json_writer& out, const column_type& type, json_view value);

void append_array(json_writer& out, const column_type& type, json_view value) {
  out.begin_array();
  value.each_element([&](json_view element) {
    append_nested(out, type.parts.front(), element);
    return true;
  });
  out.end_array();
}

const column_type& type_of_member(const column_type& type, std::string_view key) {
  static const column_type unknown;
  if (type.kind == type_kind::map)
    return type.parts.back();
  for (std::size_t i = 0; i < type.parts.size(); ++i)
    if (equal_ignoring_case(type.field_names[i], key))
      return type.parts[i];
  return unknown;
}

void append_object(json_writer& out, const column_type& type, json_view value) {
  out.begin_object();
  value.each_member([&](const std::string& key, json_view member) {
    out.key(key);
    append_nested(out, type_of_member(type, key), member);
    return true;
  });
  out.end_object();
}

bool is_object_type(const column_type& type) noexcept {
  return type.kind == type_kind::map || type.kind == type_kind::structure;
}

/// A value inside an ARRAY, MAP or STRUCT: its scalars are strings on the wire.
void append_nested(json_writer& out, const column_type& type, json_view value) {
  if (value.is_array() && type.kind == type_kind::array)
    append_array(out, type, value);
  else if (value.is_object() && is_object_type(type))
    append_object(out, type, value);
  else if (value.is_string() && type.kind != type_kind::variant)
    append_cell(out, type, *value.string());
  else
    out.raw(value.raw());
}

void append_json(json_writer& out, const column_type& type, std::string_view text) {
  if (!find_json_fault(text).reason.empty())
    out.value(text);
  else
    append_nested(out, type, json_view::of_validated(text));
}

void append_boolean(json_writer& out, std::string_view text) {
  if (equal_ignoring_case(text, "true") || equal_ignoring_case(text, "false"))
    out.value(equal_ignoring_case(text, "true"));
  else
    out.value(text);
}

void append_number(json_writer& out, std::string_view text, bool integral) {
  if (is_json_number(text, integral))
    out.raw(text);
  else
    out.value(text);
}

/// The session's time zone is whatever the warehouse is set to; ours is always UTC.
void append_timestamp(json_writer& out, std::string_view text) {
  if (auto time = parse_rfc3339(text))
    out.value(to_rfc3339(*time));
  else
    out.value(text);
}

} // namespace

void append_cell(json_writer& out, const column_type& type, std::string_view text) {
  switch (type.kind) {
  case type_kind::boolean:
    return append_boolean(out, text);
  case type_kind::integer:
    return append_number(out, text, true);
  case type_kind::float32:
  case type_kind::float64:
    return append_number(out, text, false);
  case type_kind::timestamp:
    return append_timestamp(out, text);
  case type_kind::array:
  case type_kind::map:
  case type_kind::structure:
  case type_kind::variant:
    return append_json(out, type, text);
  default:
    out.value(text);
  }
}

row_renderer::row_renderer(std::vector<rendered_column> columns)
    : columns_{std::move(columns)} {
  out_.begin_array();
}

bool row_renderer::add(const std::vector<std::vector<databricks::cell>>& rows) {
  for (const auto& row : rows)
    if (row.size() != columns_.size())
      return false;
  for (const auto& row : rows) {
    out_.begin_object();
    for (std::size_t i = 0; i < row.size(); ++i) {
      out_.key(columns_[i].name);
      if (row[i])
        append_cell(out_, columns_[i].type, *row[i]);
      else
        out_.value(nullptr);
    }
    out_.end_object();
  }
  rows_ += static_cast<std::int64_t>(rows.size());
  return true;
}

json_text row_renderer::finish() && {
  out_.end_array();
  return std::move(out_).text();
}

} // namespace lakegate::catalog
