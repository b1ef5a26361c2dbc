#pragma once

#include <lakegate/core/json_text.hpp>
#include <lakegate/core/json_view.hpp>

#include <cstddef>
#include <optional>

namespace lakegate::model_serving {

/// An example that validates against `schema` (JSON Schema 2020-12: types, properties,
/// items, prefixItems, enum, const, default, bounds, anyOf and oneOf by their first
/// alternative, allOf of one). All properties are there, arrays have up to three items
/// unless the schema asks for more. Nothing if it would have more than `max_values`
/// values.
std::optional<json_text> example_of(json_view schema, std::size_t max_values = 10'000);

} // namespace lakegate::model_serving
