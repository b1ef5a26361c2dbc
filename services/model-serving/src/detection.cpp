#include "services/model-serving/src/detection.hpp"

#include "services/model-serving/src/schema_example.hpp"

namespace lakegate::model_serving {

namespace {

constexpr auto row_template = R"({"dataframe_records":[{"column_name":"value"}]})";

detected_schema described(std::string type, json_text schema) {
  detected_schema result;
  result.detected_type = std::move(type);
  result.status = "SUCCESS";
  result.schema = std::move(schema);
  if (auto example = example_of(json_view{result.schema})) {
    result.example = std::move(*example);
    return result;
  }
  result.status = "FAILURE";
  result.example = json_text::trusted(row_template);
  result.error_message =
      "The model takes more values than an example can show; build the "
      "inputs from the schema.";
  return result;
}

} // namespace

detected_schema detected_task(task_kind kind, bool is_foundation) {
  auto what = describe(kind);
  detected_schema result;
  result.detected_type = is_foundation ? "FOUNDATION_MODEL" : "MLFLOW_MODEL";
  result.status = "SUCCESS";
  result.schema = std::move(what.schema);
  result.example = std::move(what.example);
  return result;
}

detected_schema detected_signature(const model_signature& x) {
  return described("MLFLOW_MODEL", inputs_schema(x));
}

detected_schema detected_body(const json_text& schema) {
  return described("MLFLOW_MODEL", schema);
}

detected_schema undetected(const std::string& why) {
  detected_schema result;
  result.detected_type = "UNKNOWN";
  result.status = "FAILURE";
  result.example = json_text::trusted(row_template);
  result.error_message =
      "The inputs of this endpoint could not be found out: " + why
      + " Ask its owner for the columns and fill them into the template; log the model "
        "with a signature to have them shown here.";
  return result;
}

detected_schema detection_timed_out() {
  auto result = undetected("the workspace did not answer in time.");
  result.status = "TIMEOUT";
  result.error_message = "The workspace did not answer in time. Try again; the template "
                         "shows the form of a row.";
  return result;
}

} // namespace lakegate::model_serving
