#include "services/sandbox/src/language_models.hpp"

#include "services/sandbox/src/fnv1a.hpp"
#include "services/sandbox/src/sql_lexer.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace lakegate::sandbox {

namespace {

/// Cuts in front of each blank, so that joining gives the text again.
std::vector<std::string> tokens_of(std::string_view text) {
  std::vector<std::string> result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (result.empty() || text[i] == ' ')
      result.emplace_back();
    result.back() += text[i];
  }
  return result;
}

void cut_at_stop_words(std::string& text, const std::vector<std::string>& stop) {
  for (const auto& word : stop)
    if (!word.empty())
      text.resize(std::min(text.find(word), text.size()));
}

} // namespace

std::string chat_answer::text() const {
  std::string result;
  for (const auto& t : tokens)
    result += t;
  return result;
}

std::size_t count_tokens(std::string_view text) {
  std::size_t result = 0;
  bool in_word = false;
  for (const auto c : text) {
    const bool blank = static_cast<unsigned char>(c) <= ' ';
    result += !blank && !in_word ? 1 : 0;
    in_word = !blank;
  }
  return result;
}

chat_answer answer_chat(const std::vector<chat_message>& conversation,
                        const chat_options& options) {
  chat_answer result;
  std::size_t turns = 0;
  std::string_view last;
  std::string_view system;
  for (const auto& m : conversation) {
    result.prompt_tokens += count_tokens(m.content);
    if (m.role == "user") {
      ++turns;
      last = m.content;
    } else if (m.role == "system") {
      system = m.content;
    }
  }
  auto text = "You said: \"" + std::string{last} + "\". That is message "
              + std::to_string(turns) + " of this conversation and has "
              + std::to_string(count_tokens(last)) + " words.";
  if (!system.empty())
    text += " I was told: \"" + std::string{system} + "\".";
  cut_at_stop_words(text, options.stop);
  result.tokens = tokens_of(text);
  if (options.max_tokens && result.tokens.size() > *options.max_tokens) {
    result.tokens.resize(*options.max_tokens);
    result.finish_reason = "length";
  }
  return result;
}

std::vector<double> embed(std::string_view text) {
  std::vector<double> result(embedding_size, 0.0);
  const auto padded = "  " + to_lower(text) + " ";
  for (std::size_t i = 0; i + 3 <= padded.size(); ++i) {
    const auto hash = fnv1a(std::string_view{padded}.substr(i, 3));
    result[hash % embedding_size] += (hash >> 32 & 1) != 0 ? 1.0 : -1.0;
  }
  double length = 0;
  for (const auto x : result)
    length += x * x;
  length = std::sqrt(length);
  if (length == 0) {
    result[0] = 1;
    return result;
  }
  for (auto& x : result)
    x /= length;
  return result;
}

} // namespace lakegate::sandbox
