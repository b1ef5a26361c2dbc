#pragma once

#include <lakegate/contracts/databricks.hpp>
#include <lakegate/core/json_text.hpp>

#include <string_view>

namespace lakegate::model_serving {

/// JSON Schema of `inputs` and `inputs` that run as they are.
struct input_description {
  json_text schema;
  json_text example;
};

/// The bodies that Databricks' unified interface takes (docs: "Foundation model REST API
/// reference"), and those of agents.
enum class task_kind { chat, completions, embeddings, responses, other };

/// By the endpoint's `task`; an external or foundation entity without a task that we know
/// is taken for chat, or for embeddings if its name says so.
task_kind kind_of(const databricks::serving_endpoint& x);

/// True if what `kind_of` says is all there is to know: no signature need be looked up.
bool is_foundation(const databricks::serving_endpoint& x);

/// `kind` must not be `other`.
input_description describe(task_kind kind);

} // namespace lakegate::model_serving
