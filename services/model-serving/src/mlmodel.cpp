#include "services/model-serving/src/mlmodel.hpp"

#include <lakegate/core/json_view.hpp>
#include <lakegate/core/json_writer.hpp>

#include <yaml-cpp/yaml.h>

#include <array>
#include <optional>

namespace lakegate::model_serving {

namespace {

struct scalar_type {
  std::string_view name;
  std::string_view schema;
};

// MLflow's DataType, as its scoring server takes the values in JSON.
constexpr std::array scalar_types{
    scalar_type{"boolean", R"({"type":"boolean"})"},
    scalar_type{"integer", R"({"type":"integer","format":"int32"})"},
    scalar_type{"long", R"({"type":"integer","format":"int64"})"},
    scalar_type{"float", R"({"type":"number","format":"float"})"},
    scalar_type{"double", R"({"type":"number","format":"double"})"},
    scalar_type{"string", R"({"type":"string"})"},
    scalar_type{"binary", R"({"type":"string","contentEncoding":"base64"})"},
    scalar_type{"datetime", R"({"type":"string","format":"date-time"})"},
    scalar_type{"sparkml_vector", R"({"type":"array","items":{"type":"number"}})"},
};

bool is_required(json_view x) {
  if (auto required = x["required"].boolean())
    return *required;
  return !x["optional"].boolean().value_or(false);
}

void write_type(json_writer& w, json_view type);

void write_object_type(json_writer& w, json_view type) {
  w.begin_object().member("type", "object").key("properties").begin_object();
  std::vector<std::string> required;
  type["properties"].each_member([&](const std::string& name, json_view property) {
    w.key(name);
    write_type(w, property);
    if (is_required(property))
      required.push_back(name);
    return true;
  });
  w.end_object().key("required").begin_array();
  for (const auto& name : required)
    w.value(name);
  w.end_array().end_object();
}

/// `type` is `{"type": "array", "items": …}` and the like. Unknown types take anything.
void write_type(json_writer& w, json_view type) {
  auto name = type["type"].string().value_or("");
  if (name == "array") {
    w.begin_object().member("type", "array").key("items");
    write_type(w, type["items"]);
    w.end_object();
    return;
  }
  if (name == "map") {
    w.begin_object().member("type", "object").key("additionalProperties");
    write_type(w, type["values"]);
    w.end_object();
    return;
  }
  if (name == "object")
    return write_object_type(w, type);
  for (const auto& x : scalar_types)
    if (x.name == name) {
      w.raw(x.schema);
      return;
    }
  w.begin_object().end_object();
}

/// JSON Schema of a NumPy dtype's name (`float64`, `int32`, `bool`, `str`, `object`).
std::string_view schema_of_dtype(std::string_view dtype) {
  if (dtype.starts_with("float"))
    return R"({"type":"number"})";
  if (dtype.starts_with("int") || dtype.starts_with("uint"))
    return R"({"type":"integer"})";
  if (dtype.starts_with("bool"))
    return R"({"type":"boolean"})";
  if (dtype.starts_with("str") || dtype.starts_with("<U") || dtype == "object")
    return R"({"type":"string"})";
  return "{}";
}

/// An array for each dimension; -1 is any length.
json_text schema_of_tensor(json_view spec) {
  json_writer w;
  auto depth = 0;
  spec["shape"].each_element([&](json_view dimension) {
    auto n = dimension.integer().value_or(-1);
    w.begin_object().member("type", "array");
    if (n >= 0)
      w.member("minItems", n).member("maxItems", n);
    w.key("items");
    ++depth;
    return true;
  });
  w.raw(schema_of_dtype(spec["dtype"].string().value_or("")));
  for (; depth > 0; --depth)
    w.end_object();
  return std::move(w).text();
}

model_field read_input(json_view x) {
  model_field result;
  result.name = x["name"].string().value_or("");
  result.required = is_required(x);
  if (x["type"].string() == "tensor") {
    result.schema = schema_of_tensor(x["tensor-spec"]);
    return result;
  }
  json_writer w;
  write_type(w, x);
  result.schema = std::move(w).text();
  return result;
}

/// A parameter: its type (`dtype` in old files), a list of it if it has a shape, and its
/// default.
model_field read_param(json_view x) {
  auto name = x["type"].string();
  if (!name)
    name = x["dtype"].string();
  std::string_view type = "{}";
  for (const auto& known : scalar_types)
    if (name == known.name)
      type = known.schema;
  json_writer w;
  w.begin_object();
  if (x["shape"].is_array())
    w.member("type", "array").key("items").raw(type);
  else
    json_view::of_validated(type).each_member([&](const std::string& key, json_view y) {
      w.key(key).raw(y.raw());
      return true;
    });
  if (x["default"].exists() && !x["default"].is_null())
    w.key("default").raw(x["default"].raw());
  w.end_object();
  return {x["name"].string().value_or(""), std::move(w).text(), false};
}

/// The JSON text behind a YAML scalar; nothing if there is none.
std::variant<json_text, json_fault> json_of(const YAML::Node& node) {
  if (!node.IsDefined() || !node.IsScalar())
    return json_fault{0, "is missing"};
  return json_text::parse(node.Scalar());
}

std::variant<model_signature, std::string> read_signature(const YAML::Node& signature) {
  auto inputs = json_of(signature["inputs"]);
  if (auto fault = std::get_if<json_fault>(&inputs))
    return "The signature's inputs can't be read: " + fault->reason + ".";
  model_signature result;
  auto list = json_view{std::get<json_text>(inputs)};
  list.each_element([&](json_view x) {
    if (x["type"].string() == "tensor")
      result.inputs_form = model_signature::form::tensors;
    result.inputs.push_back(read_input(x));
    return true;
  });
  auto params = json_of(signature["params"]);
  if (auto text = std::get_if<json_text>(&params))
    json_view{*text}.each_element([&](json_view x) {
      result.params.push_back(read_param(x));
      return true;
    });
  if (result.inputs.empty())
    return "The signature has no inputs.";
  return result;
}

} // namespace

std::variant<model_signature, std::string> read_mlmodel(const std::string& yaml) {
  try {
    auto file = YAML::Load(yaml);
    if (!file.IsMap() || !file["signature"].IsDefined() || !file["signature"].IsMap())
      return "The model was logged without a signature.";
    return read_signature(file["signature"]);
  } catch (const YAML::Exception&) {
    return "The model's MLmodel file is not valid YAML.";
  }
}

} // namespace lakegate::model_serving
