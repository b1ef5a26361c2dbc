#pragma once

#include "services/model-serving/src/inference_log.hpp"
#include "services/model-serving/src/metrics.hpp"

#include <lakegate/contracts/databricks.hpp>
#include <lakegate/contracts/model_serving.hpp>
#include <lakegate/core/circuit_breaker.hpp>
#include <lakegate/core/retry.hpp>

#include <caf/actor_system.hpp>
#include <caf/typed_actor.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>

namespace lakegate::model_serving {

struct inference_config {
  std::size_t max_in_flight = 256;                          ///< Beyond: `overloaded`.
  std::uint64_t max_in_flight_bytes = 256ull * 1024 * 1024; ///< Of their inputs together.
  int max_attempts = 3;
  backoff retry_waits;
  breaker_config breaker;
  /// What is left to the caller for the way back, when it waits no longer than `timeout`.
  std::chrono::milliseconds reply_margin{100};
  std::chrono::milliseconds look_up_timeout{5'000};
  std::chrono::milliseconds append_timeout{5'000};
  std::chrono::milliseconds deadline_tick{10}; ///< Least time between two looks at them.
  std::uint64_t predictions_room =
      16 * 1024; ///< Reserved in the journal; more if there is.
};

/// Whom the actor asks, and what it knows the time of day by.
struct inference_peers {
  databricks::serving_actor serving;
  inference_log_actor log;
  std::shared_ptr<metrics> counted;
  /// Room in the journal for that many bytes if it is there, thread safe; saves asking
  /// the log. Empty: the log is asked.
  std::function<std::optional<log_row_reserved>(std::uint64_t bytes)> try_reserve;
  std::function<std::chrono::system_clock::time_point()> wall_clock =
      std::chrono::system_clock::now;
};

/// Sent by the actor to itself when a retry is due.
struct retry_inference {
  std::uint64_t key = 0;
};

/// Sent by the actor to itself while serving calls run or rows are on their way to the
/// log: whose deadline has passed?
struct check_deadlines {};

/// Ends every call that is open, each with its row; answered when none is left.
struct stop_inferences {};
struct inferences_stopped {};

/// The INFERENCE actor: conducts each invocation, see section 7 of the contract. Retries
/// (no connection, 429, 5xx; full jitter; Retry-After; a budget), deadline, circuit
/// breaker and admission are here and nowhere else.
using inference_actor =
    caf::typed_actor<caf::replies_to<invoke_model>::with<inference>,
                     caf::reacts_to<cancel_call>,
                     caf::replies_to<stop_inferences>::with<inferences_stopped>,
                     caf::reacts_to<retry_inference>, caf::reacts_to<check_deadlines>>;

inference_actor spawn_inference(caf::actor_system& system, inference_config config,
                                inference_peers peers);

} // namespace lakegate::model_serving

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(lakegate::model_serving::retry_inference)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(lakegate::model_serving::check_deadlines)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(lakegate::model_serving::stop_inferences)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(lakegate::model_serving::inferences_stopped)
