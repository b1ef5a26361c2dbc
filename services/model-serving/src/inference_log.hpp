#pragma once

#include "services/model-serving/src/journal.hpp"
#include "services/model-serving/src/metrics.hpp"

#include <lakegate/contracts/model_serving.hpp>
#include <lakegate/postgres/query.hpp>

#include <caf/actor_system.hpp>
#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

#include <chrono>
#include <memory>

namespace lakegate::model_serving {

/// Asks for room for one row of at most `bytes` bytes in the journal, so that a model is
/// only called when its row can be kept. `database_unavailable` when there is none.
struct reserve_log_row {
  std::uint64_t bytes = 0;
};
struct log_row_reserved {
  journal_room_ptr room; ///< Null without a journal: rows are dropped.
};

/// Writes a row into the room that was reserved for it; answered when it is safe.
struct append_log_row {
  log_record row;
  journal_room_ptr room;
};
struct log_row_appended {
  /// False: the row grew beyond its room and there was no more; an ERROR row that says so
  /// was written instead.
  bool is_whole = true;
};

/// Brings what was appended before into the table.
struct flush_log {
  caf::timespan time_left{};
};
struct log_flushed {};

/// What the journal's threads, and timers, tell the actor.
struct journal_has_room {
  std::uint64_t ticket = 0;
  journal_room_ptr room;
};
struct journal_has_written {
  std::uint64_t ticket = 0;
  journal::outcome how = journal::outcome::failed;
};
struct journal_has_read {
  journal_batch batch;
};
struct journal_has_rejected {
  bool is_kept = false;
  caf::error why; ///< What the table said.
};
struct write_log_batch {
  std::uint64_t generation = 0;
};

/// The INFERENCE LOG actor: every row goes to the journal, from there in batches into the
/// table, once. Errors: `database_unavailable`, `lakebase_not_configured` (reading only:
/// without a database there is no log, and rows are dropped).
using inference_log_actor = caf::typed_actor<
    caf::replies_to<reserve_log_row>::with<log_row_reserved>,
    caf::replies_to<append_log_row>::with<log_row_appended>,
    caf::replies_to<list_inference_logs>::with<inference_log_page>,
    caf::replies_to<flush_log>::with<log_flushed>, caf::reacts_to<journal_has_room>,
    caf::reacts_to<journal_has_written>, caf::reacts_to<journal_has_read>,
    caf::reacts_to<journal_has_rejected>, caf::reacts_to<write_log_batch>>;

struct inference_log_config {
  std::size_t batch_records = 500;
  std::uint64_t batch_bytes = 4 * 1024 * 1024;
  std::chrono::milliseconds linger{20}; ///< For rows to gather into one statement.
  std::chrono::milliseconds insert_timeout{5'000};
  std::chrono::milliseconds first_pause{100}; ///< After a failed batch; doubles.
  std::chrono::milliseconds longest_pause{2'000};
  std::uint64_t page_bytes = 8 * 1024 * 1024; ///< Payloads of one page of the log.
};

/// A null `rows` means that no database is configured.
inference_log_actor spawn_inference_log(caf::actor_system& system,
                                        inference_log_config config,
                                        std::shared_ptr<journal> rows,
                                        postgres::database_actor database,
                                        std::shared_ptr<metrics> counted);

} // namespace lakegate::model_serving

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(lakegate::model_serving::reserve_log_row)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(lakegate::model_serving::log_row_reserved)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(lakegate::model_serving::append_log_row)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(lakegate::model_serving::log_row_appended)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(lakegate::model_serving::flush_log)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(lakegate::model_serving::log_flushed)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(lakegate::model_serving::journal_has_room)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(lakegate::model_serving::journal_has_written)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(lakegate::model_serving::journal_has_read)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(lakegate::model_serving::journal_has_rejected)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(lakegate::model_serving::write_log_batch)
