#pragma once

#include <lakegate/core/errors.hpp>

#include "shared/runtime/src/link_metrics.hpp"
#include "shared/runtime/src/replica_set.hpp"
#include "shared/runtime/src/slot_table.hpp"

#include <chrono>

namespace lakegate::runtime {

/// What a link does, whatever actor it lives in: gathers the commands of one turn (what
/// the actor does until its mailbox is empty) into one message a replica, keeps the open
/// calls and their deadlines, hands answers to their completions. No CAF request a call,
/// since CAF's timeout of each costs more than the rest; one coarse tick ends what is
/// overdue, and there is no tick while nothing is open.
class link_core {
public:
  link_core(caf::event_based_actor& self, node& where, link_config config,
            link_contract contract, prometheus::Registry& registry,
            std::shared_ptr<std::atomic<std::size_t>> live);

  caf::message_handler handlers();
  void start();

  /// Never calls `done` before it returned.
  std::uint64_t submit(link_call call, link_completion done);
  void cancel(std::uint64_t ticket);
  void close();
  /// Lets go of everything, completions uncalled; the actor ends.
  void release();

  const link_config& config() const noexcept { return config_; }

private:
  using clock = std::chrono::steady_clock;

  struct open_call {
    link_completion done;
    clock::time_point deadline;
    std::uint32_t replica = 0; ///< 0: none took it.
    std::uint64_t call_id = 0;
    meter_ptr meter{};
  };
  struct failed_call {
    std::uint64_t id = 0;
    caf::error why;
  };

  void on_batch(wire::reply_batch& x);
  void on_chunk(const wire::reply_chunk& x);
  void on_turn();
  void on_tick();
  void on_lost(replica& x);

  std::uint64_t refuse(link_completion done, caf::error why);
  void pass(replica& to, wire::command_frame frame);
  void flush(replica& to);
  void send_chunks(replica& to);
  void finish_reply(wire::reply_frame& x);
  /// `report` is the service's, if it answered.
  void finish(std::uint64_t id, caf::expected<std::string> outcome,
              const call_report* report = nullptr);
  /// Takes the command of a call that nobody waits for any more back from its replica.
  void withdraw(std::uint64_t id, const open_call& call, bool with_cancel);
  void wake();
  void arm();

  caf::event_based_actor& self_;
  link_config config_;
  bool takes_cancel_call_;
  link_metrics metrics_;
  replica_set replicas_;
  slot_table<open_call> open_;
  std::vector<failed_call> failed_;
  bool is_awake_ = false;
  bool is_ticking_ = false;
  bool is_closed_ = false;
};

} // namespace lakegate::runtime
