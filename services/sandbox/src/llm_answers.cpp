#include "services/sandbox/src/answers.hpp"
#include "services/sandbox/src/language_models.hpp"
#include "services/sandbox/src/predictions.hpp"

#include <lakegate/core/ids.hpp>

#include <algorithm>
#include <chrono>

namespace lakegate::sandbox {

namespace {

http_response bad_request(std::string message) {
  return error_answer({400, "BAD_REQUEST", std::move(message)});
}

std::int64_t now_seconds() {
  return std::chrono::duration_cast<std::chrono::seconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

/// Text, or the text parts of a list of parts.
std::string content_of(json_view content) {
  if (content.is_string())
    return content.string().value_or("");
  std::string result;
  content.each_element([&](json_view part) {
    result += part["text"].string().value_or("");
    return true;
  });
  return result;
}

std::variant<std::vector<chat_message>, http_response> read_messages(json_view messages) {
  if (!messages.is_array() || messages.size() == 0)
    return bad_request("'messages' must be a non-empty list of messages.");
  std::vector<chat_message> result;
  bool valid = true;
  messages.each_element([&](json_view m) {
    const auto role = m["role"].string().value_or("");
    valid = role == "system" || role == "user" || role == "assistant" || role == "tool";
    result.push_back({role, content_of(m["content"])});
    return valid;
  });
  if (!valid)
    return bad_request("Each message needs a 'role' of system, user, assistant or tool.");
  return result;
}

chat_options read_options(json_view body) {
  chat_options result;
  if (const auto limit = body["max_tokens"].integer(); limit && *limit > 0)
    result.max_tokens = static_cast<std::size_t>(*limit);
  const auto stop = body["stop"];
  if (stop.is_string())
    result.stop.push_back(stop.string().value_or(""));
  stop.each_element([&](json_view word) {
    result.stop.push_back(word.string().value_or(""));
    return true;
  });
  return result;
}

void write_usage(json_writer& w, std::size_t prompt, std::size_t completion) {
  w.key("usage").begin_object().member("prompt_tokens", prompt);
  w.member("completion_tokens", completion).member("total_tokens", prompt + completion);
  w.end_object();
}

void write_head(json_writer& w, const std::string& id, std::string_view object,
                std::string_view model) {
  w.begin_object().member("id", id).member("object", object);
  w.member("created", now_seconds()).member("model", model);
}

/// `data: {chat.completion.chunk}`; the last one has a finish_reason and no content.
std::string chunk_event(const std::string& id, std::string_view model,
                        const chat_answer& answer, std::size_t index) {
  const bool is_last = index == answer.tokens.size();
  json_writer w;
  write_head(w, id, "chat.completion.chunk", model);
  w.key("choices")
      .begin_array()
      .begin_object()
      .member("index", 0)
      .key("delta")
      .begin_object();
  if (index == 0)
    w.member("role", "assistant");
  if (!is_last)
    w.member("content", answer.tokens[index]);
  w.end_object().key("finish_reason");
  if (is_last)
    w.value(answer.finish_reason);
  else
    w.value(nullptr);
  w.end_object().end_array();
  write_usage(w, answer.prompt_tokens, index);
  w.end_object();
  return "data: " + std::move(w).str() + "\n\n";
}

http_response chat_stream(std::string_view model, const chat_answer& answer,
                          std::chrono::milliseconds interval) {
  http_response result;
  const auto id = "chatcmpl_" + make_uuid();
  for (std::size_t i = 0; i <= answer.tokens.size(); ++i)
    result.events.push_back(chunk_event(id, model, answer, i));
  result.events.emplace_back("data: [DONE]\n\n");
  result.event_interval = interval;
  return result;
}

} // namespace

http_response chat_completion(const served_endpoint& by, json_view body,
                              std::chrono::milliseconds token_interval) {
  const auto messages = read_messages(body["messages"]);
  if (const auto* refused = std::get_if<http_response>(&messages))
    return *refused;
  const auto answer = answer_chat(std::get<0>(messages), read_options(body));
  if (body["stream"].boolean().value_or(false))
    return chat_stream(by.name, answer, token_interval);
  const auto choices = std::clamp<std::int64_t>(body["n"].integer().value_or(1), 1, 8);
  json_writer w;
  write_head(w, "chatcmpl_" + make_uuid(), "chat.completion", by.name);
  w.key("choices").begin_array();
  for (std::int64_t i = 0; i < choices; ++i) {
    w.begin_object().member("index", i).key("message").begin_object();
    w.member("role", "assistant").member("content", answer.text()).end_object();
    w.member("finish_reason", answer.finish_reason).end_object();
  }
  w.end_array();
  write_usage(w, answer.prompt_tokens,
              answer.tokens.size() * static_cast<std::size_t>(choices));
  w.end_object();
  return json_answer(std::move(w));
}

http_response text_completion(const served_endpoint& by, json_view body) {
  const auto prompt = body["prompt"].string();
  if (!prompt)
    return bad_request("'prompt' must be a string.");
  const auto answer = answer_chat({{"user", *prompt}}, read_options(body));
  json_writer w;
  write_head(w, "cmpl_" + make_uuid(), "text_completion", by.name);
  w.key("choices").begin_array().begin_object().member("index", 0);
  w.member("text", answer.text()).member("finish_reason", answer.finish_reason);
  w.end_object().end_array();
  write_usage(w, answer.prompt_tokens, answer.tokens.size());
  w.end_object();
  return json_answer(std::move(w));
}

http_response embeddings(const served_endpoint& by, json_view body) {
  std::vector<std::string> texts;
  const auto input = body["input"];
  if (input.is_string())
    texts.push_back(input.string().value_or(""));
  input.each_element([&](json_view text) {
    texts.push_back(text.string().value_or(""));
    return true;
  });
  if (texts.empty())
    return bad_request("'input' must be a string or a non-empty list of strings.");
  std::size_t tokens = 0;
  json_writer w;
  w.begin_object()
      .member("object", "list")
      .member("model", by.name)
      .key("data")
      .begin_array();
  for (std::size_t i = 0; i < texts.size(); ++i) {
    tokens += count_tokens(texts[i]);
    w.begin_object().member("object", "embedding").member("index", i);
    w.key("embedding").begin_array();
    for (const auto x : embed(texts[i]))
      write_double(w, x);
    w.end_array().end_object();
  }
  w.end_array();
  write_usage(w, tokens, 0);
  w.end_object();
  return json_answer(std::move(w));
}

} // namespace lakegate::sandbox
