#pragma once

#include "services/model-serving/src/inference_log.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include <functional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace lakegate::model_serving {

/// State of the INFERENCE LOG actor. One batch at a time goes from the journal into the
/// table; what arrives meanwhile makes the next.
class inference_log_state {
public:
  using self_pointer = inference_log_actor::stateful_pointer<inference_log_state>;
  using time_point = caf::actor_clock::time_point;
  using room_promise = caf::typed_response_promise<log_row_reserved>;
  using append_promise = caf::typed_response_promise<log_row_appended>;
  using page_promise = caf::typed_response_promise<inference_log_page>;
  using flush_promise = caf::typed_response_promise<log_flushed>;

  void init(self_pointer self, inference_log_config config, std::shared_ptr<journal> rows,
            postgres::database_actor database, std::shared_ptr<metrics> counted);

  void reserve(const reserve_log_row& x, room_promise answer);
  void append(append_log_row x, append_promise answer);
  void on_room(journal_has_room x);
  void on_written(const journal_has_written& x);

  void list(list_inference_logs x, page_promise answer);
  void flush(caf::timespan time_left, flush_promise answer);

  void on_timer(const write_log_batch& x);
  void on_batch(journal_batch batch);
  void on_rejected(const journal_has_rejected& x);

private:
  /// Waits until everything before `place` is in the table.
  struct waiting_for_flush {
    journal_position place;
    time_point deadline;
    std::function<void(caf::error)> done; ///< No error: it is.
  };
  enum class phase { idle, lingering, reading, writing, pausing };
  using range = std::pair<std::size_t, std::size_t>; ///< Of the batch's records.

  void when_flushed(caf::timespan time_left, std::function<void(caf::error)> done);
  void ask_for_page(const list_inference_logs& x, page_promise answer);
  void settle_waiters();
  void fail_waiters(const caf::error& why);

  void set_timer(phase next, std::chrono::milliseconds after);
  void read_batch();
  void write_next();
  void on_write_failure(const caf::error& why);
  void blame_row_or_table(const caf::error& why);
  void split_or_reject(const caf::error& why);
  void finish_batch();
  void pause();
  void report() const;

  self_pointer self_ = nullptr;
  inference_log_config config_;
  std::shared_ptr<journal> journal_;
  postgres::database_actor database_;
  std::shared_ptr<metrics> counted_;

  std::uint64_t next_ticket_ = 1;
  std::unordered_map<std::uint64_t, room_promise> rooms_;
  std::unordered_map<std::uint64_t, append_promise> appends_;
  std::vector<waiting_for_flush> flushes_;

  phase phase_ = phase::idle;
  std::uint64_t generation_ = 0; ///< Of the timer that counts.
  journal_position position_;    ///< Behind what is in the table.
  journal_batch batch_;          ///< On its way.
  std::vector<range> ranges_;    ///< Of `batch_` still to be written; the last one first.
  std::chrono::milliseconds pause_{};
};

} // namespace lakegate::model_serving
