#include "services/sandbox/src/scoring.hpp"

#include "services/sandbox/src/answers.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace lakegate::sandbox {

namespace {

constexpr std::array<std::string_view, 4> data_fields{"dataframe_split", "instances",
                                                      "inputs", "dataframe_records"};

using frame_or_refusal = std::variant<scoring_frame, http_response>;

/// A Python list of strings, as MLflow prints it.
std::string python_list(const std::vector<std::string>& items) {
  std::string result = "[";
  for (const auto& item : items)
    result += (result.size() > 1 ? ", '" : "'") + item + "'";
  return result + "]";
}

std::size_t column_at(scoring_frame& frame, const std::string& name) {
  const auto found = std::find(frame.columns.begin(), frame.columns.end(), name);
  if (found != frame.columns.end())
    return static_cast<std::size_t>(found - frame.columns.begin());
  frame.columns.push_back(name);
  return frame.columns.size() - 1;
}

void put(std::vector<json_view>& row, std::size_t column, json_view value) {
  if (row.size() <= column)
    row.resize(column + 1);
  row[column] = value;
}

void add_record(scoring_frame& frame, json_view record) {
  std::vector<json_view> row;
  if (record.is_object()) {
    record.each_member([&](const std::string& name, json_view value) {
      put(row, column_at(frame, name), value);
      return true;
    });
  } else if (record.is_array()) {
    record.each_element([&](json_view value) {
      row.push_back(value);
      return true;
    });
  } else {
    row.push_back(record);
  }
  frame.rows.push_back(std::move(row));
}

void add_records(scoring_frame& frame, json_view records) {
  records.each_element([&](json_view record) {
    add_record(frame, record);
    return true;
  });
}

frame_or_refusal read_split(json_view split) {
  scoring_frame frame;
  if (!split.is_object() || !split["data"].is_array())
    return scoring_failure("Dataframe split format requires a dictionary with 'data' and "
                           "optionally 'columns' and 'index'.");
  split["columns"].each_element([&](json_view name) {
    frame.columns.push_back(name.string().value_or(std::string{name.raw()}));
    return true;
  });
  add_records(frame, split["data"]);
  for (const auto& row : frame.rows)
    if (!frame.columns.empty() && row.size() != frame.columns.size())
      return scoring_failure(std::to_string(frame.columns.size())
                             + " columns passed, passed data "
                               "had "
                             + std::to_string(row.size()) + " columns");
  return frame;
}

/// Column oriented: `{"a":[1,2],"b":[3,4]}`, scalars for one row; or a list of rows.
frame_or_refusal read_inputs(json_view inputs) {
  scoring_frame frame;
  if (!inputs.is_object()) {
    add_records(frame, inputs);
    return frame;
  }
  inputs.each_member([&](const std::string& name, json_view values) {
    const auto column = column_at(frame, name);
    std::size_t row = 0;
    const auto add = [&](json_view value) {
      if (frame.rows.size() <= row)
        frame.rows.emplace_back();
      put(frame.rows[row++], column, value);
      return true;
    };
    if (values.is_array())
      values.each_element(add);
    else
      add(values);
    return true;
  });
  return frame;
}

std::string text_of(const scoring_frame& frame) {
  json_writer w;
  w.begin_array();
  for (const auto& row : frame.rows) {
    w.begin_array();
    for (const auto& value : row)
      w.raw(value.exists() ? value.raw() : "null");
    w.end_array();
  }
  w.end_array();
  return std::move(w).str();
}

std::string text_of(const model_signature& signature) {
  std::string result = "[";
  for (const auto& c : signature.inputs)
    result += (result.size() > 1 ? ", '" : "'") + c.name + "': " + c.type
              + (c.required ? " (required)" : " (optional)");
  return result + "]";
}

http_response enforcement_failure(const scoring_frame& frame,
                                  const model_signature& signature,
                                  const std::string& why) {
  const auto data = text_of(frame);
  return scoring_failure("Failed to predict data '" + data
                         + "'. \nError: Failed to enforce schema of data '" + data
                         + "' with schema '" + text_of(signature) + "'. Error: " + why);
}

bool fits(json_view value, const std::string& type) {
  if (type == "string" || type == "datetime" || type == "binary")
    return value.is_string();
  if (type == "boolean")
    return value.is_boolean();
  if (type == "long" || type == "integer")
    return value.integer().has_value();
  return value.is_number();
}

std::string_view numpy_name(const std::string& type) {
  if (type == "double")
    return "float64";
  if (type == "float")
    return "float32";
  if (type == "long")
    return "int64";
  return type == "integer" ? "int32" : type == "boolean" ? "bool" : "str";
}

} // namespace

http_response scoring_failure(std::string message) {
  json_writer w;
  w.begin_object().member("error_code", "BAD_REQUEST").member("message", message);
  w.member("stack_trace",
           "Traceback (most recent call last):\n  File "
           "\"mlflow/pyfunc/scoring_server/__init__.py\", line 436, in transformation\n"
           "    raw_predictions = model.predict(data)\n"
           "mlflow.exceptions.MlflowException: "
               + message);
  w.end_object();
  auto result = json_answer(std::move(w));
  result.status = 400;
  return result;
}

std::variant<scoring_frame, http_response> read_scoring_frame(json_view body) {
  std::vector<std::string> found;
  std::vector<std::string> received;
  body.each_member([&](const std::string& name, json_view) {
    received.push_back(name);
    if (std::find(data_fields.begin(), data_fields.end(), name) != data_fields.end())
      found.push_back(name);
    return true;
  });
  if (found.size() != 1)
    return scoring_failure(
        "The input must be a JSON dictionary with exactly one of the input "
        "fields {'dataframe_split', 'instances', 'inputs', "
        "'dataframe_records'}. Received dictionary with input fields: "
        + python_list(received)
        + ". IMPORTANT: The MLflow Model scoring protocol has changed in "
          "MLflow version 2.0.");
  const auto data = body[found.front()];
  if (found.front() == "dataframe_split")
    return read_split(data);
  if (found.front() == "inputs")
    return read_inputs(data);
  if (!data.is_array())
    return scoring_failure("Expected '" + found.front() + "' to be a list.");
  scoring_frame frame;
  add_records(frame, data);
  return frame;
}

std::variant<scoring_frame, http_response>
enforce_schema(const scoring_frame& frame, const model_signature& signature) {
  scoring_frame result;
  std::vector<std::string> missing;
  std::vector<std::size_t> source;
  const bool positional = frame.columns.empty();
  for (std::size_t i = 0; i < signature.inputs.size(); ++i) {
    const auto& column = signature.inputs[i];
    const auto at = std::find(frame.columns.begin(), frame.columns.end(), column.name);
    if (at == frame.columns.end() && !positional && column.required)
      missing.push_back(column.name);
    source.push_back(positional ? i
                                : static_cast<std::size_t>(at - frame.columns.begin()));
    result.columns.push_back(column.name);
  }
  if (!missing.empty()) {
    std::vector<std::string> extra;
    for (const auto& name : frame.columns)
      if (std::find(result.columns.begin(), result.columns.end(), name)
          == result.columns.end())
        extra.push_back(name);
    auto why = "Model is missing inputs " + python_list(missing) + ".";
    if (!extra.empty())
      why += " Note that there were extra inputs: " + python_list(extra) + ".";
    return enforcement_failure(frame, signature, why);
  }
  for (const auto& row : frame.rows) {
    std::vector<json_view> ordered;
    for (std::size_t i = 0; i < source.size(); ++i) {
      const auto& column = signature.inputs[i];
      const auto value = source[i] < row.size() ? row[source[i]] : json_view{};
      if ((column.required || !value.is_null()) && !fits(value, column.type))
        return enforcement_failure(frame, signature,
                                   "Incompatible input types for column " + column.name
                                       + ". Can not safely convert object to "
                                       + std::string{numpy_name(column.type)} + ".");
      ordered.push_back(value);
    }
    result.rows.push_back(std::move(ordered));
  }
  return result;
}

} // namespace lakegate::sandbox
