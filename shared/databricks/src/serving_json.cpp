#include "shared/databricks/src/serving_json.hpp"

#include "shared/databricks/src/classify.hpp"
#include "shared/databricks/src/json_fields.hpp"

#include <optional>

namespace lakegate::databricks {

namespace {

std::optional<served_entity> read_entity(json_view object) {
  json_fields fields{object};
  served_entity result;
  result.name = fields.text("name");
  result.entity_name = fields.text("entity_name");
  result.entity_version = fields.text_or_number("entity_version");
  // `served_models`, the older spelling of the same.
  if (result.entity_name.empty())
    result.entity_name = fields.text("model_name");
  if (result.entity_version.empty())
    result.entity_version = fields.text_or_number("model_version");
  result.foundation = fields.object("foundation_model").exists();
  result.external = fields.object("external_model").exists();
  return fields.is_valid() ? std::optional{std::move(result)} : std::nullopt;
}

bool read_entities(json_view config, std::string_view name,
                   std::vector<served_entity>& result) {
  if (!config.exists() || !result.empty())
    return true;
  json_fields fields{config};
  fields.each(name, [&](json_view element) {
    auto entity = read_entity(element);
    if (entity)
      result.push_back(std::move(*entity));
    return entity.has_value();
  });
  return fields.is_valid();
}

/// An endpoint that was never ready has its entities in `pending_config` only.
void read_config(json_fields& fields, serving_endpoint& result) {
  auto config = fields.object("config");
  result.config = json_text::trusted(config.exists() ? std::string{config.raw()} : "{}");
  for (auto source : {config, fields.object("pending_config")})
    for (std::string_view name : {"served_entities", "served_models"})
      fields.require(read_entities(source, name, result.entities));
}

std::optional<serving_endpoint> read_endpoint_object(json_view object) {
  json_fields fields{object};
  serving_endpoint result;
  result.name = fields.required_text("name");
  result.id = fields.text("id");
  result.creator = fields.text("creator");
  result.created_at_ms = fields.integer("creation_timestamp");
  result.updated_at_ms = fields.integer("last_updated_timestamp");
  result.task = fields.text("task");
  if (auto state = fields.object("state"); state.exists()) {
    json_fields parts{state};
    result.ready = parts.text("ready");
    result.config_update = parts.text("config_update");
    fields.require(parts.is_valid());
  }
  read_config(fields, result);
  return fields.is_valid() ? std::optional{std::move(result)} : std::nullopt;
}

} // namespace

caf::expected<serving_endpoint_list> read_endpoints(http::response& answer) {
  auto json = read_object(answer);
  if (!json)
    return json.error();
  serving_endpoint_list result;
  json_fields fields{json_view{*json}};
  fields.each("endpoints", [&](json_view element) {
    auto endpoint = read_endpoint_object(element);
    if (endpoint)
      result.items.push_back(std::move(*endpoint));
    return endpoint.has_value();
  });
  if (!fields.is_valid())
    return invalid_answer(answer, "The answer is not a list of serving endpoints.");
  return result;
}

caf::expected<serving_endpoint> read_endpoint(http::response& answer) {
  auto json = read_object(answer);
  if (!json)
    return json.error();
  auto endpoint = read_endpoint_object(json_view{*json});
  if (!endpoint)
    return invalid_answer(answer, "The answer is not a serving endpoint.");
  return *std::move(endpoint);
}

caf::expected<openapi_document> read_openapi(http::response& answer) {
  auto json = read_object(answer);
  if (!json)
    return json.error();
  return openapi_document{std::move(*json)};
}

caf::expected<invocation_answer> read_invocation(http::response& answer) {
  auto json = read_json(answer);
  if (!json)
    return json.error();
  invocation_answer result;
  result.body = std::move(*json);
  result.served_model_name = answer.find_header("served-model-name").value_or("");
  return result;
}

} // namespace lakegate::databricks
