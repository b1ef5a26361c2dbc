#include "services/sandbox/src/column_type.hpp"

#include "services/sandbox/src/sql_lexer.hpp"

#include <lakegate/core/json_writer.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>
#include <vector>

namespace lakegate::sandbox {

namespace {

using pair_of_texts = std::pair<std::string_view, std::string_view>;

/// PostgreSQL's name and Databricks' type text.
constexpr std::array<pair_of_texts, 12> scalar_types{{
    {"bigint", "BIGINT"},
    {"integer", "INT"},
    {"smallint", "SMALLINT"},
    {"real", "FLOAT"},
    {"double precision", "DOUBLE"},
    {"boolean", "BOOLEAN"},
    {"date", "DATE"},
    {"bytea", "BINARY"},
    {"timestamp with time zone", "TIMESTAMP"},
    {"timestamp without time zone", "TIMESTAMP_NTZ"},
    {"json", "VARIANT"},
    {"jsonb", "VARIANT"},
}};

/// Type texts whose ColumnTypeName is another word.
constexpr std::array<pair_of_texts, 5> type_names{{
    {"BIGINT", "LONG"},
    {"SMALLINT", "SHORT"},
    {"TINYINT", "BYTE"},
    {"VOID", "NULL"},
    {"VARCHAR", "STRING"},
}};

/// Type texts that Spark's JSON spells otherwise.
constexpr std::array<pair_of_texts, 4> spark_names{{
    {"BIGINT", "long"},
    {"INT", "integer"},
    {"SMALLINT", "short"},
    {"TINYINT", "byte"},
}};

template <std::size_t N>
std::string_view look_up(const std::array<pair_of_texts, N>& table,
                         std::string_view key) {
  for (const auto& [from, to] : table)
    if (from == key)
      return to;
  return {};
}

/// The name inside `lakegate_sandbox."MAP<STRING, INT>"`; nothing for PostgreSQL's own
/// types.
std::string domain_name(std::string_view formatted) {
  const auto open = formatted.find('"');
  const auto close = formatted.rfind('"');
  if (open == std::string_view::npos || close == open)
    return {};
  return std::string{formatted.substr(open + 1, close - open - 1)};
}

int number_after(std::string_view text, char mark) {
  int result = 0;
  const auto at = text.find(mark);
  if (at != std::string_view::npos)
    std::from_chars(text.data() + at + 1, text.data() + text.size(), result);
  return result;
}

column_type named(std::string text) {
  column_type result;
  const auto head = std::string_view{text}.substr(0, text.find_first_of("<( "));
  const auto other = look_up(type_names, head);
  result.name = other.empty() ? std::string{head} : std::string{other};
  if (result.name == "DECIMAL") {
    result.precision = number_after(text, '(');
    result.scale = number_after(text, ',');
  }
  if (result.name == "INTERVAL")
    result.interval = text.substr(std::min(text.size(), head.size() + 1));
  result.text = std::move(text);
  return result;
}

std::string type_text_of(std::string_view formatted) {
  if (auto domain = domain_name(formatted); !domain.empty())
    return domain;
  if (formatted.ends_with("[]"))
    return "ARRAY<" + type_text_of(formatted.substr(0, formatted.size() - 2)) + ">";
  if (const auto known = look_up(scalar_types, formatted); !known.empty())
    return std::string{known};
  if (formatted == "numeric")
    return "DECIMAL(38,18)";
  const auto open = formatted.find('(');
  const auto arguments = open == std::string_view::npos ? "" : formatted.substr(open);
  if (formatted.starts_with("numeric("))
    return "DECIMAL" + std::string{arguments};
  if (formatted.starts_with("character("))
    return "CHAR" + std::string{arguments};
  if (formatted.starts_with("character varying("))
    return "VARCHAR" + std::string{arguments};
  if (formatted.starts_with("interval"))
    return formatted.find("month") == std::string_view::npos ? "INTERVAL DAY TO SECOND"
                                                             : "INTERVAL YEAR TO MONTH";
  return "STRING";
}

/// Cuts at the commas that are in no brackets.
std::vector<std::string_view> arguments_of(std::string_view text) {
  std::vector<std::string_view> result;
  int depth = 0;
  std::size_t start = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    if (i == text.size() || (text[i] == ',' && depth == 0)) {
      while (start < i && text[start] == ' ')
        ++start;
      result.push_back(text.substr(start, i - start));
      start = i + 1;
    } else if (text[i] == '<' || text[i] == '(') {
      ++depth;
    } else if (text[i] == '>' || text[i] == ')') {
      --depth;
    }
  }
  return result;
}

void write_struct_fields(json_writer& out, const std::vector<std::string_view>& fields) {
  out.key("fields").begin_array();
  for (const auto field : fields) {
    const auto colon = field.find(':');
    auto type = field.substr(std::min(field.size(), colon + 1));
    while (type.starts_with(' '))
      type.remove_prefix(1);
    out.begin_object().member("name", field.substr(0, colon)).key("type");
    out.raw(spark_type_json(type));
    out.member("nullable", true).key("metadata").begin_object().end_object().end_object();
  }
  out.end_array();
}

} // namespace

column_type column_type_of(std::string_view formatted) {
  return named(type_text_of(formatted));
}

std::string catalog_type_text(const column_type& type) {
  auto result = to_lower(type.text);
  if (type.name == "INTERVAL")
    return result;
  result.erase(std::remove(result.begin(), result.end(), ' '), result.end());
  return result;
}

std::string spark_type_json(std::string_view type_text) {
  json_writer out;
  const auto open = type_text.find('<');
  if (open == std::string_view::npos) {
    const auto special = look_up(spark_names, type_text);
    out.value(special.empty() ? to_lower(type_text) : std::string{special});
    return std::move(out).str();
  }
  const auto kind = type_text.substr(0, open);
  const auto inner =
      arguments_of(type_text.substr(open + 1, type_text.size() - open - 2));
  out.begin_object().member("type", to_lower(kind));
  if (kind == "ARRAY") {
    out.key("elementType").raw(spark_type_json(inner[0])).member("containsNull", true);
  } else if (kind == "MAP" && inner.size() == 2) {
    out.key("keyType").raw(spark_type_json(inner[0]));
    out.key("valueType").raw(spark_type_json(inner[1])).member("valueContainsNull", true);
  } else {
    write_struct_fields(out, inner);
  }
  out.end_object();
  return std::move(out).str();
}

} // namespace lakegate::sandbox
