#include "services/model-serving/src/openapi.hpp"

#include <lakegate/core/json_view.hpp>
#include <lakegate/core/json_writer.hpp>

#include <algorithm>
#include <string>
#include <vector>

namespace lakegate::model_serving {

namespace {

json_text text_of(json_view x) {
  return json_text::trusted(x.is_object() ? std::string{x.raw()} : "{}");
}

/// The body's schema at the path of `served_name`, else at the first path that has one.
json_view find_body(json_view paths, std::string_view served_name) {
  json_view result;
  auto wanted = "/served-models/" + std::string{served_name} + "/";
  paths.each_member([&](const std::string& path, json_view item) {
    auto body = item["post"]["requestBody"]["content"]["application/json"]["schema"];
    auto is_wanted = path.starts_with(wanted);
    if (body.is_object() && (is_wanted || !result.exists()))
      result = body;
    return !(is_wanted && body.is_object());
  });
  return result;
}

/// The schemas that a body may have: itself, or its alternatives.
std::vector<json_view> alternatives_of(json_view body) {
  std::vector<json_view> result;
  for (auto key : {"oneOf", "anyOf"})
    body[key].each_element([&](json_view x) {
      result.push_back(x);
      return true;
    });
  if (result.empty())
    result.push_back(body);
  return result;
}

json_view member_of(const std::vector<json_view>& alternatives, std::string_view key) {
  for (auto x : alternatives)
    if (auto found = x["properties"][key]; found.is_object())
      return found;
  return {};
}

std::vector<model_field> read_fields(json_view object) {
  std::vector<std::string> required;
  object["required"].each_element([&](json_view x) {
    required.push_back(x.string().value_or(""));
    return true;
  });
  std::vector<model_field> result;
  object["properties"].each_member([&](const std::string& name, json_view schema) {
    auto is_required =
        std::find(required.begin(), required.end(), name) != required.end();
    result.push_back({name, text_of(schema), is_required});
    return true;
  });
  return result;
}

/// Columns of `dataframe_split`: their names from the enum, their types from the row.
std::vector<model_field> read_split(json_view split) {
  auto names = split["properties"]["columns"]["items"]["enum"];
  auto row = split["properties"]["data"]["items"];
  auto types = row["prefixItems"].is_array() ? row["prefixItems"] : row["items"];
  std::vector<model_field> result;
  names.each_element([&](json_view name) {
    auto type = types.is_array() ? types[result.size()] : types;
    result.push_back({name.string().value_or(std::string{name.raw()}), text_of(type)});
    return true;
  });
  return result;
}

json_view params_of(const std::vector<json_view>& alternatives) {
  auto params = member_of(alternatives, "params");
  return params["properties"].size() > 0 ? params : json_view{};
}

} // namespace

std::optional<openapi_input> read_openapi(const json_text& document,
                                          std::string_view served_name) {
  auto body = find_body(json_view{document}["paths"], served_name);
  if (!body.exists())
    return std::nullopt;
  auto alternatives = alternatives_of(body);
  model_signature signature;
  signature.inputs = read_fields(member_of(alternatives, "dataframe_records")["items"]);
  if (signature.inputs.empty())
    signature.inputs = read_split(member_of(alternatives, "dataframe_split"));
  if (!signature.inputs.empty()) {
    signature.params = read_fields(params_of(alternatives));
    return signature;
  }
  auto native = std::find_if(alternatives.begin(), alternatives.end(), [](json_view x) {
    return x["properties"].size() > 0 && !x["properties"]["dataframe_split"].exists()
           && !x["properties"]["dataframe_records"].exists();
  });
  if (native == alternatives.end())
    return std::nullopt;
  return text_of(*native);
}

} // namespace lakegate::model_serving
