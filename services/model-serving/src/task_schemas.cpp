#include "services/model-serving/src/task_schemas.hpp"

#include <algorithm>
#include <array>

namespace lakegate::model_serving {

namespace {

struct known_task {
  std::string_view name;
  task_kind kind;
  bool is_foundation;
};

constexpr std::array known_tasks{
    known_task{"llm/v1/chat", task_kind::chat, true},
    known_task{"llm/v1/completions", task_kind::completions, true},
    known_task{"llm/v1/embeddings", task_kind::embeddings, true},
    known_task{"agent/v1/chat", task_kind::chat, false},
    known_task{"agent/v2/chat", task_kind::chat, false},
    known_task{"agent/v1/responses", task_kind::responses, false},
    known_task{"agent/v2/responses", task_kind::responses, false},
};

constexpr std::string_view chat_schema = R"({
"$schema":"https://json-schema.org/draft/2020-12/schema",
"type":"object",
"properties":{
"messages":{"type":"array","minItems":1,"items":{"type":"object","properties":{
"role":{"type":"string","enum":["system","user","assistant","tool"]},
"content":{"type":["string","array","null"]}},
"required":["role"]}},
"max_tokens":{"type":"integer","minimum":1},
"temperature":{"type":"number","minimum":0,"maximum":2},
"top_p":{"type":"number","minimum":0,"maximum":1},
"n":{"type":"integer","minimum":1},
"stop":{"anyOf":[{"type":"string"},{"type":"array","items":{"type":"string"}}]},
"tools":{"type":"array","items":{"type":"object"}}},
"required":["messages"]})";

constexpr std::string_view chat_example =
    R"({"messages":[{"role":"user","content":"Say hello in one short sentence."}],)"
    R"("max_tokens":64})";

constexpr std::string_view completions_schema = R"({
"$schema":"https://json-schema.org/draft/2020-12/schema",
"type":"object",
"properties":{
"prompt":{"anyOf":[{"type":"string"},
{"type":"array","minItems":1,"items":{"type":"string"}}]},
"max_tokens":{"type":"integer","minimum":1},
"temperature":{"type":"number","minimum":0,"maximum":2},
"top_p":{"type":"number","minimum":0,"maximum":1},
"n":{"type":"integer","minimum":1},
"stop":{"anyOf":[{"type":"string"},{"type":"array","items":{"type":"string"}}]}},
"required":["prompt"]})";

constexpr std::string_view completions_example =
    R"({"prompt":"A lake house is","max_tokens":64})";

constexpr std::string_view embeddings_schema = R"({
"$schema":"https://json-schema.org/draft/2020-12/schema",
"type":"object",
"properties":{
"input":{"anyOf":[{"type":"string"},
{"type":"array","minItems":1,"items":{"type":"string"}}]},
"instruction":{"type":"string"}},
"required":["input"]})";

constexpr std::string_view embeddings_example =
    R"({"input":["A lake house is a data platform.","A boat is not."]})";

constexpr std::string_view responses_schema = R"({
"$schema":"https://json-schema.org/draft/2020-12/schema",
"type":"object",
"properties":{
"input":{"type":"array","minItems":1,"items":{"type":"object","properties":{
"role":{"type":"string"},"content":{"type":["string","array"]}}}}},
"required":["input"]})";

constexpr std::string_view responses_example =
    R"({"input":[{"role":"user","content":"Say hello in one short sentence."}]})";

const known_task* find_task(std::string_view name) {
  auto found = std::find_if(known_tasks.begin(), known_tasks.end(),
                            [&](const auto& x) { return x.name == name; });
  return found == known_tasks.end() ? nullptr : &*found;
}

const databricks::served_entity* served_model(const databricks::serving_endpoint& x) {
  auto found = std::find_if(x.entities.begin(), x.entities.end(),
                            [](const auto& e) { return e.foundation || e.external; });
  return found == x.entities.end() ? nullptr : &*found;
}

bool sounds_like_embeddings(std::string_view name) {
  for (auto word : {"embed", "gte-", "bge-"})
    if (name.find(word) != std::string_view::npos)
      return true;
  return false;
}

input_description description(std::string_view schema, std::string_view example) {
  return {json_text::trusted(std::string{schema}),
          json_text::trusted(std::string{example})};
}

} // namespace

task_kind kind_of(const databricks::serving_endpoint& x) {
  if (auto task = find_task(x.task))
    return task->kind;
  auto model = served_model(x);
  if (!model)
    return task_kind::other;
  return sounds_like_embeddings(model->entity_name) || sounds_like_embeddings(x.name)
             ? task_kind::embeddings
             : task_kind::chat;
}

bool is_foundation(const databricks::serving_endpoint& x) {
  auto task = find_task(x.task);
  return (task && task->is_foundation) || served_model(x);
}

input_description describe(task_kind kind) {
  switch (kind) {
  case task_kind::completions:
    return description(completions_schema, completions_example);
  case task_kind::embeddings:
    return description(embeddings_schema, embeddings_example);
  case task_kind::responses:
    return description(responses_schema, responses_example);
  case task_kind::chat:
  case task_kind::other:
    break;
  }
  return description(chat_schema, chat_example);
}

} // namespace lakegate::model_serving
