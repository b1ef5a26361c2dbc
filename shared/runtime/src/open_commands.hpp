#pragma once

#include <lakegate/runtime/unbatcher.hpp>
#include <lakegate/runtime/wire.hpp>

#include "shared/runtime/src/chunk_assembler.hpp"
#include "shared/runtime/src/chunk_sender.hpp"
#include "shared/runtime/src/link_metrics.hpp"
#include "shared/runtime/src/slot_table.hpp"
#include "shared/runtime/src/transit_clock.hpp"

#include <caf/event_based_actor.hpp>

#include <chrono>
#include <map>
#include <unordered_map>

namespace lakegate::runtime {

/// A link that is attached, and what is under way to it.
struct attached_link {
  explicit attached_link(std::size_t max_message_bytes) : parts{max_message_bytes} {}

  std::uint32_t key = 0;
  caf::strong_actor_ptr remote;
  std::size_t in_flight = 0;
  wire::reply_batch replies; ///< Not sent yet.
  std::size_t reply_bytes = 0;
  chunk_sender<wire::reply_chunk> chunks;
  chunk_assembler parts;
  transit_clock clock;

  /// Of a drain: `going_away` is said twice, before and after the last answer, and
  /// answered each time.
  enum class parting : std::uint8_t { none, asked, sends_no_more, last_asked, done };
  parting stage = parting::none;
};

/// The commands that the service has not answered yet, and the links that wait for them.
/// Part of the unbatcher; runs inside its actor.
class open_commands {
public:
  open_commands(caf::event_based_actor& self, caf::strong_actor_ptr service,
                std::vector<command_entry> commands, unbatcher_config config,
                const std::string& process, prometheus::Registry& registry);

  wire::link_attached attach(const caf::strong_actor_ptr& link,
                             const wire::attach_link& x);
  void forget(const caf::actor_addr& link);

  void take(const caf::strong_actor_ptr& link, wire::command_batch& x);
  void take(const caf::strong_actor_ptr& link, wire::command_chunk& x);
  void answered(std::uint64_t id, const caf::type_erased_tuple& answer);
  void chunk_received(const caf::strong_actor_ptr& link);
  void drop_expired();
  void flush();

  /// Tells all links to go elsewhere.
  void send_elsewhere();
  void gone_elsewhere(const caf::strong_actor_ptr& link);
  /// True when all links have all of their answers and sent no more.
  bool say_farewell();
  void close();

  std::size_t size() const noexcept { return open_.size(); }
  bool has_replies() const noexcept { return has_replies_; }
  const std::string& service() const noexcept { return config_.service; }

private:
  using clock = std::chrono::steady_clock;

  struct open_command {
    std::uint32_t link = 0; ///< Key.
    std::uint64_t remote_id = 0;
    const command_entry* entry = nullptr;
    clock::time_point deadline;
    meter_ptr meter{};
  };

  attached_link* find(const caf::strong_actor_ptr& link);
  const command_entry* entry_of(std::uint16_t kind) const;
  void take(attached_link& from, wire::command_frame& x, std::int64_t delay);
  void hand_over(attached_link& from, const command_entry& entry,
                 const wire::command_frame& x, std::int64_t left);
  void abandon(attached_link& from, std::uint64_t remote_id);
  void fail(attached_link& to, std::uint64_t remote_id, failure why,
            const call_report& report = {});
  void refuse(attached_link& from, const wire::command_frame& x, std::string_view why);
  void reply(attached_link& to, wire::reply_frame x);
  void flush(attached_link& to);
  void send_chunks(attached_link& to);
  bool is_full(const attached_link& from) const;
  void close_one(const open_command& x);

  caf::event_based_actor& self_;
  caf::strong_actor_ptr service_;
  std::vector<command_entry> commands_;
  unbatcher_config config_;
  unbatcher_metrics metrics_;
  std::map<std::uint32_t, attached_link> links_;
  /// By the address of the proxy: CAF's handles of a link that came back equal the old.
  std::unordered_map<const caf::actor_control_block*, std::uint32_t> keys_;
  slot_table<open_command> open_;
  std::uint32_t next_key_ = 1;
  bool has_replies_ = false;
};

} // namespace lakegate::runtime
