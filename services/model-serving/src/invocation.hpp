#pragma once

#include <lakegate/contracts/model_serving.hpp>
#include <lakegate/core/errors.hpp>
#include <lakegate/core/json_text.hpp>

#include <string>
#include <string_view>

/// The pure rules of an invocation.
namespace lakegate::model_serving {

/// Appends what is wrong with the command: the endpoint's name, `inputs` (a non-empty
/// object of at most 16 MiB; a chat body must not ask for a stream), `timeout_seconds`.
void check_invocation(const invoke_model& x, faults& found);

/// The body that goes upstream. `inputs` with a key of the endpoint's own protocol
/// (`is_native_key`) go as they are, byte for byte; anything else is one row of a data
/// frame: `{"dataframe_records": [inputs]}`.
json_text invocation_body(const json_text& inputs);

/// What the client gets of an endpoint's answer: an object as it is, anything else as
/// `{"predictions": …}`.
json_text predictions_of(const json_text& answer);

/// `text` cut to at most `max_bytes` bytes at a character's edge.
std::string shortened(std::string_view text, std::size_t max_bytes);

} // namespace lakegate::model_serving
