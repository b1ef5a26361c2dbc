#include "services/model-serving/src/schema_example.hpp"

#include <lakegate/core/json_writer.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

namespace lakegate::model_serving {

namespace {

constexpr std::int64_t usual_items = 3;

/// Writes one example value; `index` makes the items of an array differ.
class example_writer {
public:
  explicit example_writer(std::size_t max_values) : left_{max_values} {}

  void write(json_view schema, std::int64_t index = 0);
  bool is_complete() const noexcept { return left_ > 0; }
  json_text text() && { return std::move(out_).text(); }

private:
  bool write_given(json_view schema, std::int64_t index);
  void write_typed(json_view schema, const std::string& type, std::int64_t index);
  void write_object(json_view schema);
  void write_array(json_view schema);
  void write_integer(json_view schema, std::int64_t index);
  void write_number(json_view schema, std::int64_t index);
  void write_string(json_view schema, std::int64_t index);

  json_writer out_;
  std::size_t left_;
};

std::string type_of(json_view schema) {
  auto type = schema["type"];
  if (auto name = type.string())
    return *name;
  std::string result;
  type.each_element([&](json_view x) {
    result = x.string().value_or("");
    return result == "null";
  });
  if (!result.empty())
    return result;
  if (schema["properties"].exists())
    return "object";
  if (schema["items"].exists() || schema["prefixItems"].exists())
    return "array";
  return "";
}

void example_writer::write(json_view schema, std::int64_t index) {
  if (left_ <= 1) {
    left_ = 0;
    out_.value(nullptr);
    return;
  }
  --left_;
  if (write_given(schema, index))
    return;
  auto type = type_of(schema);
  if (type.empty())
    for (auto key : {"anyOf", "oneOf", "allOf"})
      if (auto first = schema[key][std::size_t{0}]; first.exists())
        return write(first, index);
  write_typed(schema, type, index);
}

/// A value that the schema itself names.
bool example_writer::write_given(json_view schema, std::int64_t index) {
  auto values = schema["enum"];
  auto chosen = values.size() > 0
                    ? values[static_cast<std::size_t>(index) % values.size()]
                    : json_view{};
  for (auto given : {schema["const"], chosen, schema["default"], schema["example"],
                     schema["examples"][std::size_t{0}]})
    if (given.exists() && !given.is_null()) {
      out_.raw(given.raw());
      return true;
    }
  return false;
}

void example_writer::write_typed(json_view schema, const std::string& type,
                                 std::int64_t index) {
  if (type == "object")
    write_object(schema);
  else if (type == "array")
    write_array(schema);
  else if (type == "integer")
    write_integer(schema, index);
  else if (type == "number")
    write_number(schema, index);
  else if (type == "boolean")
    out_.value(index % 2 == 0);
  else if (type == "null")
    out_.value(nullptr);
  else
    write_string(schema, index);
}

void example_writer::write_object(json_view schema) {
  out_.begin_object();
  auto properties = schema["properties"];
  properties.each_member([&](const std::string& name, json_view property) {
    out_.key(name);
    write(property);
    return true;
  });
  schema["required"].each_element([&](json_view x) {
    auto name = x.string();
    if (name && !properties[*name].exists()) {
      out_.key(*name);
      write(schema["additionalProperties"]);
    }
    return true;
  });
  if (properties.size() == 0 && schema["required"].size() == 0
      && schema["additionalProperties"].is_object()) {
    out_.key("key");
    write(schema["additionalProperties"]);
  }
  out_.end_object();
}

void example_writer::write_array(json_view schema) {
  auto items = schema["items"];
  // Before 2020-12 a tuple was an array under `items`.
  auto tuple = items.is_array() ? items : schema["prefixItems"];
  auto item_type = type_of(items);
  auto count = item_type == "object" || item_type == "array" ? 1 : usual_items;
  if (tuple.exists())
    count = static_cast<std::int64_t>(tuple.size());
  if (auto most = schema["maxItems"].integer())
    count = std::min(count, *most);
  if (auto least = schema["minItems"].integer())
    count = std::max(count, *least);
  out_.begin_array();
  for (std::int64_t i = 0; i < count && left_ > 0; ++i) {
    auto place = static_cast<std::size_t>(i);
    if (place < tuple.size())
      write(tuple[place]);
    else
      write(items.is_array() ? schema["additionalItems"] : items, i);
  }
  out_.end_array();
}

void example_writer::write_integer(json_view schema, std::int64_t index) {
  auto least = schema["minimum"].number();
  if (auto beyond = schema["exclusiveMinimum"].number())
    least = std::max(least.value_or(*beyond), std::floor(*beyond) + 1);
  auto most = schema["maximum"].number();
  if (auto below = schema["exclusiveMaximum"].number())
    most = std::min(most.value_or(*below), std::ceil(*below) - 1);
  auto value = static_cast<double>(1 + index);
  if (least && value < *least)
    value = std::ceil(*least);
  if (most && value > *most)
    value = std::floor(*most);
  out_.value(static_cast<std::int64_t>(value));
}

void example_writer::write_number(json_view schema, std::int64_t index) {
  auto least = schema["minimum"].number();
  auto most = schema["maximum"].number();
  auto is_inside = [&](double x) {
    auto beyond = schema["exclusiveMinimum"].number();
    auto below = schema["exclusiveMaximum"].number();
    return (!least || x >= *least) && (!most || x <= *most) && (!beyond || x > *beyond)
           && (!below || x < *below);
  };
  auto low = least ? least : schema["exclusiveMinimum"].number();
  auto high = most ? most : schema["exclusiveMaximum"].number();
  auto wide = std::array{1.5 + static_cast<double>(index),
                         low && high ? (*low + *high) / 2 : 0.0,
                         low.value_or(0) + 1,
                         high.value_or(0) - 1,
                         low.value_or(0),
                         high.value_or(0)};
  auto found = std::find_if(wide.begin(), wide.end(), is_inside);
  out_.value(found == wide.end() ? wide.front() : *found);
}

void example_writer::write_string(json_view schema, std::int64_t index) {
  auto format = schema["format"].string().value_or("");
  if (format == "date-time")
    return void(out_.value("2025-01-31T12:00:00Z"));
  if (format == "date")
    return void(out_.value("2025-01-31"));
  if (format == "byte" || schema["contentEncoding"].string() == "base64")
    return void(out_.value("dGV4dA=="));
  std::string text = index == 0 ? "text" : "text " + std::to_string(index + 1);
  if (auto least = schema["minLength"].integer();
      least && *least > static_cast<std::int64_t>(text.size()))
    text.resize(static_cast<std::size_t>(std::min<std::int64_t>(*least, 10'000)), 'x');
  if (auto most = schema["maxLength"].integer();
      most && *most >= 0 && *most < static_cast<std::int64_t>(text.size()))
    text.resize(static_cast<std::size_t>(*most));
  out_.value(text);
}

} // namespace

std::optional<json_text> example_of(json_view schema, std::size_t max_values) {
  example_writer w{max_values};
  w.write(schema);
  if (!w.is_complete())
    return std::nullopt;
  return std::move(w).text();
}

} // namespace lakegate::model_serving
