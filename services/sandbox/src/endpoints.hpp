#pragma once

#include "services/sandbox/src/scoring.hpp"

#include <array>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <string_view>

namespace lakegate::sandbox {

/// What answers behind a serving endpoint.
enum class model_kind {
  fare,
  tickets,
  chat,
  embedding,
  legacy,
  sleepy,
  broken,
  updating
};

/// A serving endpoint of the sandbox.
struct served_endpoint {
  std::string_view name;
  model_kind kind;
  std::string_view task; ///< Empty for classic MLflow models.
  std::string_view
      entity_name; ///< Three parts in Unity Catalog, one in the old registry.
  std::string_view entity_version;
  std::string_view description;

  bool is_foundation() const { return !task.empty(); }
  bool is_ready() const { return kind != model_kind::updating; }
};

inline constexpr std::array<served_endpoint, 8> endpoint_table{{
    {"nyctaxi-fare", model_kind::fare, "", "samples.nyctaxi.fare_regression", "1",
     "Fare of a taxi trip by its distance and hour, fitted on samples.nyctaxi.trips"},
    {"ticket-classifier", model_kind::tickets, "", "main.default.ticket_classifier", "3",
     "Which team a support ticket is for"},
    {"sandbox-chat", model_kind::chat, "llm/v1/chat", "system.ai.sandbox_chat", "1",
     "Answers from the conversation alone, always the same"},
    {"sandbox-embedding", model_kind::embedding, "llm/v1/embeddings",
     "system.ai.sandbox_embedding", "1", "Hashed character trigrams"},
    {"legacy-scorer", model_kind::legacy, "", "legacy_scorer", "2",
     "Works, but nobody logged its schema"},
    {"sleepy-model", model_kind::sleepy, "", "main.default.temperature_converter", "1",
     "Scaled to zero: its first call is slow"},
    {"broken-model", model_kind::broken, "", "main.default.broken", "1", "Always fails"},
    {"updating-model", model_kind::updating, "", "main.default.updating", "2",
     "Still being deployed"},
}};

/// Null: there is none of that name.
const served_endpoint* find_endpoint(std::string_view name);
const served_endpoint* find_endpoint_of_model(std::string_view entity_name);

/// Empty inputs: no signature is known.
model_signature signature_of(model_kind kind);

/// Who may query which endpoint. Thread safe.
class endpoint_rights {
public:
  endpoint_rights() { restore(); }
  bool may_query(std::string_view user, std::string_view endpoint) const;
  void grant(std::string_view user, std::string_view endpoint);
  void revoke(std::string_view user, std::string_view endpoint);
  void restore(); ///< What everybody starts with.

private:
  mutable std::mutex lock_;
  std::map<std::string, std::set<std::string, std::less<>>, std::less<>> granted_;
};

} // namespace lakegate::sandbox
