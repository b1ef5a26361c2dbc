#pragma once

#include <nlohmann/json.hpp>

#include <string>

namespace lakegate::model_serving::test {

/// What breaks `schema` (the part of JSON Schema 2020-12 that we write, read, or are
/// sent) in `value`; empty: nothing. Shares no code with what it checks.
inline std::string SchemaFault(const nlohmann::json& schema, const nlohmann::json& value,
                               const std::string& where = "$") {
  using nlohmann::json;
  if (schema.is_boolean())
    return schema.get<bool>() ? "" : where + ": nothing is allowed here";
  auto is = [&](const std::string& type) {
    return (type == "object" && value.is_object())
           || (type == "array" && value.is_array())
           || (type == "string" && value.is_string())
           || (type == "integer" && value.is_number_integer())
           || (type == "number" && value.is_number())
           || (type == "boolean" && value.is_boolean())
           || (type == "null" && value.is_null());
  };
  if (schema.contains("type")) {
    auto types =
        schema["type"].is_array() ? schema["type"] : json::array({schema["type"]});
    auto any = false;
    for (const auto& x : types)
      any = any || is(x.get<std::string>());
    if (!any)
      return where + ": is no " + types.dump();
  }
  if (schema.contains("const") && schema["const"] != value)
    return where + ": is not " + schema["const"].dump();
  if (schema.contains("enum")) {
    auto any = false;
    for (const auto& x : schema["enum"])
      any = any || x == value;
    if (!any)
      return where + ": is none of " + schema["enum"].dump();
  }
  if (value.is_number()) {
    auto x = value.get<double>();
    if ((schema.contains("minimum") && x < schema["minimum"].get<double>())
        || (schema.contains("maximum") && x > schema["maximum"].get<double>())
        || (schema.contains("exclusiveMinimum")
            && x <= schema["exclusiveMinimum"].get<double>())
        || (schema.contains("exclusiveMaximum")
            && x >= schema["exclusiveMaximum"].get<double>()))
      return where + ": is out of bounds";
  }
  if (value.is_string()) {
    auto n = value.get<std::string>().size();
    if ((schema.contains("minLength") && n < schema["minLength"].get<std::size_t>())
        || (schema.contains("maxLength") && n > schema["maxLength"].get<std::size_t>()))
      return where + ": is too short or too long";
  }
  if (value.is_object()) {
    for (const auto& name : schema.value("required", json::array()))
      if (!value.contains(name.get<std::string>()))
        return where + ": lacks " + name.dump();
    for (const auto& [name, member] : value.items()) {
      auto rule = json(true);
      if (schema.contains("properties") && schema["properties"].contains(name))
        rule = schema["properties"][name];
      else if (schema.contains("additionalProperties"))
        rule = schema["additionalProperties"];
      if (auto fault = SchemaFault(rule, member, where + "." + name); !fault.empty())
        return fault;
    }
  }
  if (value.is_array()) {
    if ((schema.contains("minItems")
         && value.size() < schema["minItems"].get<std::size_t>())
        || (schema.contains("maxItems")
            && value.size() > schema["maxItems"].get<std::size_t>()))
      return where + ": has " + std::to_string(value.size()) + " items";
    auto tuple = schema.value("prefixItems", json::array());
    for (std::size_t i = 0; i < value.size(); ++i) {
      auto rule = i < tuple.size() ? tuple[i] : schema.value("items", json(true));
      auto fault = SchemaFault(rule, value[i], where + "[" + std::to_string(i) + "]");
      if (!fault.empty())
        return fault;
    }
  }
  for (const auto* key : {"anyOf", "oneOf"}) {
    if (!schema.contains(key))
      continue;
    auto matches = 0;
    for (const auto& x : schema[key])
      matches += SchemaFault(x, value, where).empty() ? 1 : 0;
    if (matches == 0 || (key == std::string{"oneOf"} && matches > 1))
      return where + ": fits " + std::to_string(matches) + " of " + key;
  }
  return "";
}

} // namespace lakegate::model_serving::test
