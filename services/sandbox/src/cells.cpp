#include "services/sandbox/src/cells.hpp"

#include <lakegate/core/json_view.hpp>
#include <lakegate/core/json_writer.hpp>

#include <charconv>

namespace lakegate::sandbox {

namespace {

/// `2024-01-31 10:00:00.5+05:30` as `2024-01-31T10:00:00.500+05:30`; an offset of zero is
/// `Z`.
std::string timestamp(std::string_view text, bool with_zone) {
  constexpr std::size_t seconds_end = 19;
  if (text.size() < seconds_end || text[10] != ' ')
    return std::string{text};
  auto result = std::string{text.substr(0, 10)} + 'T' + std::string{text.substr(11, 8)};
  auto rest = text.substr(seconds_end);
  std::string fraction;
  if (rest.starts_with('.')) {
    auto end = rest.find_first_not_of("0123456789", 1);
    if (end == std::string_view::npos)
      end = rest.size();
    fraction = std::string{rest.substr(1, end - 1)};
    rest = rest.substr(end);
  }
  fraction.resize(3, '0');
  result += '.' + fraction;
  if (!with_zone)
    return result;
  if (rest == "+00")
    return result + "Z";
  result += rest;
  return rest.size() == 3 ? result + ":00" : result;
}

/// SQL standard `1 2:03:04.5` as Spark's `1 02:03:04.500000000`; `1-2` stays.
std::string day_time_interval(std::string_view text) {
  const auto negative = text.starts_with('-');
  if (negative)
    text.remove_prefix(1);
  std::string days = "0";
  if (const auto blank = text.find(' '); blank != std::string_view::npos) {
    days = std::string{text.substr(0, blank)};
    text = text.substr(blank + 1);
  } else if (text.find(':') == std::string_view::npos) {
    days = text == "0" ? "0" : std::string{text};
    text = "0:00:00";
  }
  auto clock = std::string{text};
  if (clock.find(':') == 1)
    clock.insert(0, "0");
  if (clock.find('.') == std::string::npos)
    clock += '.';
  clock.resize(clock.find('.') + 10, '0');
  return (negative ? "-" : "") + days + ' ' + clock;
}

void write_with_text_scalars(json_writer& out, json_view value) {
  if (value.is_object()) {
    out.begin_object();
    value.each_member([&](const std::string& key, json_view member) {
      out.key(key);
      write_with_text_scalars(out, member);
      return true;
    });
    out.end_object();
  } else if (value.is_array()) {
    out.begin_array();
    value.each_element([&](json_view element) {
      write_with_text_scalars(out, element);
      return true;
    });
    out.end_array();
  } else if (value.is_null()) {
    out.value(nullptr);
  } else if (value.is_string()) {
    out.value(value.string().value_or(""));
  } else {
    out.value(value.raw());
  }
}

/// Reads `{…}` of PostgreSQL, one dimension of elements that may be arrays again.
class array_reader {
public:
  array_reader(const column_type& element, std::string_view text, json_writer& out)
      : element_{element}, text_{text}, out_{out} {}

  void read() {
    out_.begin_array();
    ++at_;
    while (at_ < text_.size() && text_[at_] != '}') {
      if (text_[at_] == ',')
        ++at_;
      else
        read_element();
    }
    ++at_;
    out_.end_array();
  }

private:
  void read_element() {
    if (text_[at_] == '{')
      return read();
    if (text_[at_] == '"')
      return out_.value(cell_text(element_, read_quoted())), void();
    const auto end = std::min(text_.find_first_of(",}", at_), text_.size());
    const auto bare = text_.substr(at_, end - at_);
    at_ = end;
    if (bare == "NULL")
      out_.value(nullptr);
    else
      out_.value(cell_text(element_, bare));
  }

  std::string read_quoted() {
    std::string result;
    for (++at_; at_ < text_.size() && text_[at_] != '"'; ++at_) {
      if (text_[at_] == '\\')
        ++at_;
      result += text_[at_];
    }
    ++at_;
    return result;
  }

  const column_type& element_;
  std::string_view text_;
  json_writer& out_;
  std::size_t at_ = 0;
};

/// The type of the elements of `ARRAY<…>`, as far as cells differ by it.
column_type element_of(const column_type& array) {
  column_type element;
  element.text = array.text.substr(6, array.text.size() - 7);
  element.name = element.text.substr(0, element.text.find_first_of("<( "));
  return element;
}

} // namespace

std::string java_double(std::string_view text) {
  if (text == "NaN" || text == "Infinity" || text == "-Infinity")
    return std::string{text};
  const auto negative = text.starts_with('-');
  if (negative)
    text.remove_prefix(1);
  const auto e = text.find('e');
  int exponent = 0;
  if (e != std::string_view::npos)
    std::from_chars(text.data() + e + (text[e + 1] == '+' ? 2 : 1),
                    text.data() + text.size(), exponent);
  auto mantissa = std::string{text.substr(0, e)};
  const auto dot = mantissa.find('.');
  auto point =
      static_cast<int>(dot == std::string::npos ? mantissa.size() : dot) + exponent;
  if (dot != std::string::npos)
    mantissa.erase(dot, 1);
  const auto first = mantissa.find_first_not_of('0');
  if (first == std::string::npos)
    return negative ? "-0.0" : "0.0";
  mantissa.erase(0, first);
  point -= static_cast<int>(first);
  while (mantissa.size() > 1 && mantissa.back() == '0')
    mantissa.pop_back();
  std::string result = negative ? "-" : "";
  const auto digits = static_cast<int>(mantissa.size());
  if (point > 7 || point < -2) {
    result += mantissa.substr(0, 1) + '.' + (digits > 1 ? mantissa.substr(1) : "0");
    return result + 'E' + std::to_string(point - 1);
  }
  if (point <= 0)
    return result + "0." + std::string(static_cast<std::size_t>(-point), '0') + mantissa;
  if (digits <= point)
    return result + mantissa + std::string(static_cast<std::size_t>(point - digits), '0')
           + ".0";
  return result + mantissa.substr(0, static_cast<std::size_t>(point)) + '.'
         + mantissa.substr(static_cast<std::size_t>(point));
}

std::string array_json(const column_type& element, std::string_view postgres_array) {
  json_writer out;
  array_reader{element, postgres_array, out}.read();
  return std::move(out).str();
}

std::string cell_text(const column_type& type, std::string_view text) {
  if (type.name == "BOOLEAN")
    return text == "t" ? "true" : "false";
  if (type.name == "DOUBLE" || type.name == "FLOAT")
    return java_double(text);
  if (type.name == "TIMESTAMP" || type.name == "TIMESTAMP_NTZ")
    return timestamp(text, type.name == "TIMESTAMP");
  if (type.name == "BINARY" && text.starts_with("\\x"))
    return std::string{text.substr(2)};
  if (type.name == "INTERVAL" && type.interval == "DAY TO SECOND")
    return day_time_interval(text);
  if (type.name == "ARRAY" && text.starts_with('{'))
    return array_json(element_of(type), text);
  if (type.name == "MAP" || type.name == "STRUCT" || type.name == "ARRAY") {
    json_writer out;
    write_with_text_scalars(out, json_view::of_validated(text));
    return std::move(out).str();
  }
  return std::string{text};
}

} // namespace lakegate::sandbox
