#pragma once

#include "services/sandbox/src/endpoints.hpp"
#include "services/sandbox/src/fare_model.hpp"
#include "services/sandbox/src/http.hpp"

#include <lakegate/core/json_view.hpp>

namespace lakegate::sandbox {

/// Scores an MLflow body with a classic model: `{"predictions":[…]}`, or its refusal.
http_response predict(model_kind kind, json_view body, const fare_model& fares);

/// How a chat request wants its answer.
http_response chat_completion(const served_endpoint& by, json_view body,
                              std::chrono::milliseconds token_interval);
http_response text_completion(const served_endpoint& by, json_view body);
http_response embeddings(const served_endpoint& by, json_view body);

} // namespace lakegate::sandbox
