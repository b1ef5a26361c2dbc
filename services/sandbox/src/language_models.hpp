#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lakegate::sandbox {

struct chat_message {
  std::string role;
  std::string content;
};

/// What a chat request asks for beyond its messages.
struct chat_options {
  std::optional<std::size_t> max_tokens;
  std::vector<std::string> stop;
};

struct chat_answer {
  std::vector<std::string> tokens;    ///< Joined they are the answer.
  std::string finish_reason = "stop"; ///< `length` when max_tokens cut it.
  std::size_t prompt_tokens = 0;

  std::string text() const;
};

/// Answers deterministically from the conversation alone: quotes the last user message
/// back, counts its words and says which turn it is. A token is a word.
chat_answer answer_chat(const std::vector<chat_message>& conversation,
                        const chat_options& options);

inline constexpr std::size_t embedding_size = 64;

/// A unit vector of hashed character trigrams: equal texts are equal, similar ones near.
std::vector<double> embed(std::string_view text);

/// Words of a text, as usage counts them.
std::size_t count_tokens(std::string_view text);

} // namespace lakegate::sandbox
