#include "services/model-serving/src/model_signature.hpp"

#include <lakegate/core/json_writer.hpp>

#include <algorithm>
#include <array>

namespace lakegate::model_serving {

namespace {

constexpr std::array<std::string_view, 7> native_keys{"dataframe_split",
                                                      "dataframe_records",
                                                      "inputs",
                                                      "instances",
                                                      "messages",
                                                      "prompt",
                                                      "input"};

constexpr std::string_view row_description =
    "One row. Many rows go as {\"dataframe_records\": [row, …]} or "
    "{\"dataframe_split\": {\"columns\": […], \"data\": [[…], …]}}.";

void write_required(json_writer& w, const std::vector<model_field>& fields) {
  w.key("required").begin_array();
  for (const auto& x : fields)
    if (x.required)
      w.value(x.name);
  w.end_array();
}

void write_members(json_writer& w, const std::vector<model_field>& fields) {
  w.member("type", "object").key("properties").begin_object();
  for (const auto& x : fields)
    w.member(x.name, x.schema);
  w.end_object();
  write_required(w, fields);
}

void write_object(json_writer& w, const std::vector<model_field>& fields) {
  w.begin_object();
  write_members(w, fields);
  w.end_object();
}

bool has_row_form(const model_signature& x) {
  return x.params.empty()
         && std::none_of(x.inputs.begin(), x.inputs.end(),
                         [](const auto& field) { return is_native_key(field.name); });
}

bool is_named(const model_signature& x) {
  return !x.inputs.front().name.empty();
}

void write_tensors(json_writer& w, const model_signature& x) {
  w.key("inputs");
  if (is_named(x))
    write_object(w, x.inputs);
  else
    w.value(x.inputs.front().schema);
}

void write_split(json_writer& w, const model_signature& x) {
  w.key("dataframe_split").begin_object().member("type", "object").key("properties");
  w.begin_object().key("columns").begin_object().member("type", "array");
  w.key("prefixItems").begin_array();
  for (std::size_t i = 0; i < x.inputs.size(); ++i)
    w.begin_object().member("const", static_cast<std::int64_t>(i)).end_object();
  w.end_array().member("minItems", static_cast<std::int64_t>(x.inputs.size()));
  w.end_object().key("data").begin_object().member("type", "array").member("minItems", 1);
  w.key("items").begin_object().member("type", "array").key("prefixItems").begin_array();
  for (const auto& field : x.inputs)
    w.value(field.schema);
  w.end_array()
      .member("minItems", static_cast<std::int64_t>(x.inputs.size()))
      .member("maxItems", static_cast<std::int64_t>(x.inputs.size()))
      .end_object()
      .end_object()
      .end_object();
  w.key("required").begin_array().value("columns").value("data").end_array().end_object();
}

void write_records(json_writer& w, const model_signature& x) {
  w.key("dataframe_records").begin_object().member("type", "array");
  w.member("minItems", 1).key("items");
  write_object(w, x.inputs);
  w.end_object();
}

/// Writes the one data member of a native body; returns its key.
std::string_view write_data(json_writer& w, const model_signature& x) {
  if (x.inputs_form == model_signature::form::tensors)
    return write_tensors(w, x), "inputs";
  if (!is_named(x))
    return write_split(w, x), "dataframe_split";
  return write_records(w, x), "dataframe_records";
}

} // namespace

bool is_native_key(std::string_view key) noexcept {
  return std::find(native_keys.begin(), native_keys.end(), key) != native_keys.end();
}

json_text inputs_schema(const model_signature& x) {
  json_writer w;
  w.begin_object().member("$schema", "https://json-schema.org/draft/2020-12/schema");
  if (x.inputs_form == model_signature::form::columns && is_named(x) && has_row_form(x)) {
    w.member("description", row_description);
    write_members(w, x.inputs);
    return std::move(w.end_object()).text();
  }
  w.member("type", "object").key("properties").begin_object();
  auto data_key = write_data(w, x);
  if (!x.params.empty()) {
    w.key("params");
    write_object(w, x.params);
  }
  w.end_object();
  w.key("required").begin_array().value(data_key).end_array();
  return std::move(w.end_object()).text();
}

} // namespace lakegate::model_serving
