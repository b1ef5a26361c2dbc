#include "services/model-serving/src/invocation.hpp"

#include "services/model-serving/src/model_signature.hpp"

#include <lakegate/core/json_view.hpp>
#include <lakegate/core/json_writer.hpp>
#include <lakegate/core/rules.hpp>

namespace lakegate::model_serving {

namespace {

bool is_native(json_view inputs) {
  auto result = false;
  inputs.each_member([&](const std::string& key, json_view) {
    result = is_native_key(key);
    return !result;
  });
  return result;
}

bool is_empty_object(json_view x) {
  return x.raw().find_first_not_of(" \t\r\n", 1) == x.raw().size() - 1;
}

void check_inputs(const json_text& inputs, faults& found) {
  if (inputs.size() > rules::max_inputs_bytes) {
    found.push_back({"inputs", "must be at most 16777216 bytes (16 MiB)"});
    return;
  }
  auto view = json_view{inputs};
  if (!view.is_object())
    found.push_back({"inputs", "must be an object"});
  else if (is_empty_object(view))
    found.push_back({"inputs", "must not be empty"});
  else if (is_native(view) && view["stream"].boolean().value_or(false))
    found.push_back(
        {"inputs.stream", "must be false or absent: the answer comes as a whole"});
}

} // namespace

void check_invocation(const invoke_model& x, faults& found) {
  rules::check_identifier("endpoint_name", x.endpoint_name, found);
  check_inputs(x.inputs, found);
  if (x.timeout < std::chrono::seconds{1}
      || x.timeout > std::chrono::seconds{rules::max_timeout_seconds})
    found.push_back(
        {"timeout_seconds",
         "must be between 1 and " + std::to_string(rules::max_timeout_seconds)});
}

json_text invocation_body(const json_text& inputs) {
  if (is_native(json_view{inputs}))
    return inputs;
  json_writer w;
  w.begin_object().key("dataframe_records").begin_array().value(inputs);
  return std::move(w.end_array().end_object()).text();
}

json_text predictions_of(const json_text& answer) {
  if (answer.is_object())
    return answer;
  json_writer w;
  return std::move(w.begin_object().member("predictions", answer).end_object()).text();
}

std::string shortened(std::string_view text, std::size_t max_bytes) {
  if (text.size() <= max_bytes)
    return std::string{text};
  auto end = max_bytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80)
    --end;
  return std::string{text.substr(0, end)};
}

} // namespace lakegate::model_serving
