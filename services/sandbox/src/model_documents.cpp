#include "services/sandbox/src/model_documents.hpp"

#include "services/sandbox/src/unity_json.hpp"

#include <lakegate/core/json_writer.hpp>

namespace lakegate::sandbox {

namespace {

void write_type(json_writer& w, const std::string& mlflow_type) {
  if (mlflow_type == "double" || mlflow_type == "float")
    w.member("type", "number").member("format", mlflow_type);
  else if (mlflow_type == "long" || mlflow_type == "integer")
    w.member("type", "integer")
        .member("format", mlflow_type == "long" ? "int64" : "int32");
  else
    w.member("type", mlflow_type == "boolean" ? "boolean" : "string");
}

void write_names(json_writer& w, std::string_view key,
                 const std::vector<model_column>& columns) {
  w.key(key).begin_array();
  for (const auto& c : columns)
    w.value(c.name);
  w.end_array();
}

void write_split_schema(json_writer& w, const std::vector<model_column>& columns) {
  std::string required;
  for (const auto& c : columns)
    required += (required.empty() ? "" : ", ") + c.name;
  w.begin_object().member("type", "object").key("properties").begin_object();
  w.key("dataframe_split").begin_object().member("type", "object");
  w.key("required").begin_array().value("columns").value("data").end_array();
  w.key("properties").begin_object();
  w.key("columns").begin_object().member("type", "array");
  w.member("description", "required fields: " + required);
  w.key("items").begin_object().member("type", "string");
  write_names(w, "enum", columns);
  w.end_object().end_object();
  w.key("data").begin_object().member("type", "array");
  w.key("items").begin_object().member("type", "array").key("prefixItems").begin_array();
  for (const auto& c : columns) {
    w.begin_object();
    write_type(w, c.type);
    w.end_object();
  }
  w.end_array().end_object().end_object().end_object().end_object();
  w.end_object().end_object();
}

void write_records_schema(json_writer& w, const std::vector<model_column>& columns) {
  w.begin_object().member("type", "object").key("properties").begin_object();
  w.key("dataframe_records").begin_object().member("type", "array");
  w.key("items").begin_object().member("type", "object");
  write_names(w, "required", columns);
  w.key("properties").begin_object();
  for (const auto& c : columns) {
    w.key(c.name).begin_object();
    write_type(w, c.type);
    w.end_object();
  }
  w.end_object().end_object().end_object().end_object().end_object();
}

constexpr std::string_view chat_schema =
    R"({"type":"object","required":["messages"],"properties":{)"
    R"("messages":{"type":"array","items":{"type":"object","required":["role","content"],)"
    R"("properties":{"role":{"type":"string","enum":["system","user","assistant"]},)"
    R"("content":{"type":"string"}}}},"max_tokens":{"type":"integer","format":"int32"},)"
    R"("temperature":{"type":"number","format":"double"},"n":{"type":"integer"},)"
    R"("stop":{"type":"array","items":{"type":"string"}},"stream":{"type":"boolean"}}})";

constexpr std::string_view embedding_schema =
    R"({"type":"object","required":["input"],"properties":{"input":{"oneOf":[{"type":"string"},)"
    R"({"type":"array","items":{"type":"string"}}]}}})";

void write_request_schema(json_writer& w, const served_endpoint& of) {
  if (of.kind == model_kind::chat || of.kind == model_kind::embedding) {
    w.raw(of.kind == model_kind::chat ? chat_schema : embedding_schema);
    return;
  }
  const auto columns = signature_of(of.kind).inputs;
  w.begin_object().key("oneOf").begin_array();
  write_split_schema(w, columns);
  write_records_schema(w, columns);
  w.end_array().end_object();
}

void write_response_schema(json_writer& w, const served_endpoint& of) {
  w.key("200").begin_object().member("description", "Successful operation");
  w.key("content").begin_object().key("application/json").begin_object().key("schema");
  w.begin_object().member("type", "object");
  if (!of.is_foundation()) {
    w.key("properties").begin_object().key("predictions").begin_object();
    w.member("type", "array").key("items").begin_object();
    const auto outputs = signature_of(of.kind).outputs;
    if (outputs.size() == 1) {
      write_type(w, outputs.front().type);
    } else {
      w.member("type", "object").key("properties").begin_object();
      for (const auto& c : outputs) {
        w.key(c.name).begin_object();
        write_type(w, c.type);
        w.end_object();
      }
      w.end_object();
    }
    w.end_object().end_object().end_object();
  }
  w.end_object().end_object().end_object().end_object();
}

bool is_known(const served_endpoint& of) {
  return of.is_foundation() || !signature_of(of.kind).inputs.empty();
}

/// A signature's side, as MLflow writes it: JSON in YAML's single quotes.
std::string signature_text(const std::vector<model_column>& columns) {
  json_writer w;
  w.begin_array();
  for (const auto& c : columns)
    w.begin_object()
        .member("type", c.type)
        .member("name", c.name)
        .member("required", c.required)
        .end_object();
  w.end_array();
  return "'" + std::move(w).str() + "'";
}

} // namespace

std::optional<std::string> openapi_document(const served_endpoint& of,
                                            std::string_view origin) {
  if (!is_known(of))
    return std::nullopt;
  const auto path = "/served-models/" + std::string{of.name} + "-"
                    + std::string{of.entity_version} + "/invocations";
  json_writer w;
  w.begin_object().member("openapi", "3.1.0");
  w.key("info").begin_object().member("title", of.name);
  w.member("version", of.entity_version).end_object();
  w.key("servers").begin_array().begin_object();
  w.member("url", std::string{origin} + "/serving-endpoints/" + std::string{of.name});
  w.end_object().end_array();
  w.key("paths").begin_object().key(path).begin_object().key("post").begin_object();
  w.key("requestBody").begin_object().key("content").begin_object();
  w.key("application/json").begin_object().key("schema");
  write_request_schema(w, of);
  w.end_object().end_object().end_object();
  w.key("responses").begin_object();
  write_response_schema(w, of);
  w.end_object().end_object().end_object().end_object().end_object();
  return std::move(w).str();
}

std::optional<std::string> mlmodel_file(const served_endpoint& of) {
  const auto signature = signature_of(of.kind);
  if (signature.inputs.empty())
    return std::nullopt;
  return "artifact_path: model\n"
         "flavors:\n"
         "  python_function:\n"
         "    env:\n"
         "      virtualenv: python_env.yaml\n"
         "    loader_module: mlflow.sklearn\n"
         "    model_path: model.pkl\n"
         "    python_version: 3.11.0\n"
         "mlflow_version: 2.20.0\n"
         "model_uuid: "
         + stable_id(of.entity_name)
         + "\nsignature:\n"
           "  inputs: "
         + signature_text(signature.inputs)
         + "\n  outputs: " + signature_text(signature.outputs)
         + "\n  params: null\n"
           "utc_time_created: '2025-01-01 00:00:00.000000'\n";
}

} // namespace lakegate::sandbox
