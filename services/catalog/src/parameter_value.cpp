#include "services/catalog/src/parameter_value.hpp"

#include <lakegate/core/ids.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

namespace lakegate::catalog {

namespace {

using result = std::variant<typed_value, std::string>;

constexpr std::size_t max_decimal_digits = 38;

std::string must_be(std::string_view what, std::string_view type_text) {
  return "must be " + std::string{what} + ", as the column is of type "
         + std::string{type_text};
}

/// The DECIMAL that holds exactly the digits of `text`, if it is `-?digits[.digits]`.
std::optional<std::string> decimal_type_of(std::string_view text) {
  if (text.starts_with('-'))
    text.remove_prefix(1);
  auto point = std::min(text.find('.'), text.size());
  auto whole = text.substr(0, point);
  auto fraction = point < text.size() ? text.substr(point + 1) : std::string_view{};
  auto only_digits = [](std::string_view x) {
    return std::all_of(x.begin(), x.end(), [](char c) { return c >= '0' && c <= '9'; });
  };
  if (whole.empty() || !only_digits(whole) || !only_digits(fraction)
      || (point < text.size() && fraction.empty()))
    return std::nullopt;
  auto significant = whole.substr(std::min(whole.find_first_not_of('0'), whole.size()));
  auto precision = std::max<std::size_t>(significant.size() + fraction.size(), 1);
  if (precision > max_decimal_digits)
    return std::nullopt;
  return "DECIMAL(" + std::to_string(precision) + ',' + std::to_string(fraction.size())
         + ')';
}

result type_boolean(std::string_view type_text, json_view value) {
  if (!value.is_boolean())
    return must_be("true or false", type_text);
  return typed_value{"BOOLEAN", std::string{value.raw()}};
}

result type_double(std::string_view sql_type, std::string_view type_text,
                   std::string_view digits) {
  double x = 0;
  auto [end, err] = std::from_chars(digits.data(), digits.data() + digits.size(), x);
  if (err == std::errc::result_out_of_range)
    return "is out of the range of " + std::string{type_text};
  return typed_value{std::string{sql_type}, std::string{digits}};
}

result type_integer(std::string_view type_text, json_view value) {
  if (!value.is_number())
    return must_be("a number", type_text);
  if (value.integer())
    return typed_value{"BIGINT", std::string{value.raw()}};
  if (auto decimal = decimal_type_of(value.raw()))
    return typed_value{*decimal, std::string{value.raw()}};
  return type_double("DOUBLE", type_text, value.raw());
}

result type_floating(std::string_view sql_type, std::string_view type_text,
                     json_view value) {
  if (value.is_number())
    return type_double(sql_type, type_text, value.raw());
  auto text = value.string().value_or("");
  if (text == "NaN" || text == "Infinity" || text == "-Infinity")
    return typed_value{std::string{sql_type}, text};
  return must_be("a number", type_text);
}

result type_decimal(std::string_view type_text, json_view value) {
  auto text = value.is_number() ? std::string{value.raw()} : value.string().value_or("");
  if (auto decimal = decimal_type_of(text))
    return typed_value{*decimal, text};
  return must_be("a decimal number of at most 38 digits without an exponent", type_text);
}

bool is_date(const std::string& text) {
  return text.size() == 10 && parse_rfc3339(text + "T00:00:00Z");
}

result type_date(std::string_view type_text, json_view value) {
  auto text = value.string().value_or("");
  if (!is_date(text))
    return must_be("a date such as \"2026-01-31\"", type_text);
  return typed_value{"DATE", text};
}

result type_timestamp(std::string_view type_text, json_view value) {
  auto text = value.string().value_or("");
  if (is_date(text))
    return typed_value{"TIMESTAMP", text + "T00:00:00Z"};
  if (!parse_rfc3339(text))
    return must_be("a time such as \"2026-01-31T12:00:00Z\"", type_text);
  return typed_value{"TIMESTAMP", text};
}

result type_timestamp_ntz(std::string_view type_text, json_view value) {
  auto text = value.string().value_or("");
  if (!is_date(text) && !parse_rfc3339(text + 'Z'))
    return must_be("a time without a zone, such as \"2026-01-31T12:00:00\"", type_text);
  return typed_value{"TIMESTAMP_NTZ", text};
}

result type_string(std::string_view type_text, json_view value) {
  if (auto text = value.string())
    return typed_value{"STRING", std::move(*text)};
  return must_be("a string", type_text);
}

} // namespace

result type_value(const column_type& type, std::string_view type_text, json_view value) {
  switch (type.kind) {
  case type_kind::boolean:
    return type_boolean(type_text, value);
  case type_kind::integer:
    return type_integer(type_text, value);
  case type_kind::float32:
    return type_floating("FLOAT", type_text, value);
  case type_kind::float64:
    return type_floating("DOUBLE", type_text, value);
  case type_kind::decimal:
    return type_decimal(type_text, value);
  case type_kind::date:
    return type_date(type_text, value);
  case type_kind::timestamp:
    return type_timestamp(type_text, value);
  case type_kind::timestamp_ntz:
    return type_timestamp_ntz(type_text, value);
  case type_kind::string:
    return type_string(type_text, value);
  default:
    return "can only be tested with is_null, as the column is of type "
           + std::string{type_text};
  }
}

} // namespace lakegate::catalog
