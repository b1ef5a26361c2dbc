#pragma once

#include "services/model-serving/src/call_targets.hpp"
#include "services/model-serving/src/inference.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace lakegate::model_serving {

/// State of the INFERENCE actor. A call is in `calls_` from its admission until its
/// outcome is known, in `closing_` from then until it is logged; everything that comes
/// later for it is ignored.
class inference_state {
public:
  using promise = caf::typed_response_promise<inference>;
  using stop_promise = caf::typed_response_promise<inferences_stopped>;
  using self_pointer = inference_actor::stateful_pointer<inference_state>;
  using time_point = caf::actor_clock::time_point;

  void init(self_pointer self, inference_config config, inference_peers peers);

  void invoke(invoke_model command, promise answer);
  void retry(std::uint64_t key);
  void on_tick();
  void cancel(std::uint64_t call_id);
  void stop(stop_promise answer);

private:
  struct call {
    invoke_model command;
    json_text body;
    promise answer;
    std::string request_id;
    std::uint64_t upstream_id = 0; ///< Names the serving call in `cancel_call`.
    time_point started;
    time_point deadline;
    std::chrono::system_clock::time_point created;
    std::uint64_t input_bytes = 0;
    std::optional<log_row_reserved> reserved; ///< Nothing: waits for room.
    std::string end_reason; ///< Not empty: to be ended as soon as it has room.
    int attempts = 0;
    bool is_upstream = false; ///< A serving call runs.
  };

  /// How a call ended, before it is logged.
  struct outcome {
    std::string status; ///< Of the log row.
    metrics::outcome counted;
    std::optional<json_text> predictions;
    caf::error fault; ///< Unless there are predictions.
  };

  /// A call whose outcome is known, until the log has it.
  struct closing_call {
    promise answer;
    inference result;
    caf::error refusal; ///< The answer unless it succeeded and is in the log.
    bool has_succeeded = false;
    std::uint64_t input_bytes = 0;
    time_point deadline; ///< The log's.
  };

  bool is_overloaded(const invoke_model& x) const;
  void admit(invoke_model command, promise answer);
  time_point deadline_of(const invoke_model& x, time_point now) const;
  void start(std::uint64_t key, log_row_reserved reserved);
  void attempt(std::uint64_t key);
  void on_answer(std::uint64_t key, json_text body);
  void on_failure(std::uint64_t key, const databricks::upstream_failure& x);
  void judge(std::uint64_t key, const databricks::upstream_failure& x);
  void look_up(std::uint64_t key, const databricks::upstream_failure& x);
  void retry_or_fail(std::uint64_t key, const databricks::upstream_failure& x);
  std::optional<caf::timespan> retry_wait(call& c, const databricks::upstream_failure& x);

  void fail(std::uint64_t key, caf::error fault);
  void time_out(std::uint64_t key);
  void end_early(std::uint64_t key, const std::string& reason);
  void conclude(std::uint64_t key, outcome how);
  void close(std::uint64_t key, bool is_logged);
  log_record row_of(call& c, const outcome& how) const;
  void stop_upstream(const call& c);
  void arm(time_point deadline);

  call* find(std::uint64_t key);
  call_target& target_of(const call& c);
  void count_failure(const call& c);
  void leave(std::uint64_t input_bytes);
  void settle_stops();
  time_point now() const;

  self_pointer self_ = nullptr;
  inference_config config_;
  inference_peers peers_;
  std::optional<call_targets> targets_;
  std::unordered_map<std::uint64_t, call> calls_;
  std::unordered_map<std::uint64_t, closing_call> closing_;
  std::uint64_t next_key_ = 1;
  std::size_t in_flight_ = 0; ///< Until answered, so including those being logged.
  std::uint64_t in_flight_bytes_ = 0;
  std::vector<stop_promise> stops_;
  std::optional<time_point> armed_for_; ///< When `check_deadlines` comes next.
};

} // namespace lakegate::model_serving
