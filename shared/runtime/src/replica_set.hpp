#pragma once

#include <lakegate/runtime/link.hpp>
#include <lakegate/runtime/node.hpp>
#include <lakegate/runtime/wire.hpp>

#include "shared/runtime/src/backoff.hpp"
#include "shared/runtime/src/chunk_assembler.hpp"
#include "shared/runtime/src/chunk_sender.hpp"
#include "shared/runtime/src/link_metrics.hpp"
#include "shared/runtime/src/peer_lookup.hpp"

#include <caf/event_based_actor.hpp>
#include <caf/message_handler.hpp>

#include <atomic>
#include <map>
#include <memory>
#include <optional>

namespace lakegate::runtime {

/// One process of a service, and what is under way to it.
struct replica {
  enum class stage : std::uint8_t { waiting, probing, dialing, attaching, up };

  std::uint32_t key = 0;
  peer_address where;
  bool is_wanted = true;   ///< Its address is still among those of the service.
  bool is_leaving = false; ///< Answers what it has, takes nothing new.
  stage at = stage::waiting;
  std::uint32_t attempt = 0; ///< Tells answers to an attempt before this one apart.
  backoff delay{std::chrono::milliseconds{50}, std::chrono::milliseconds{1000}};

  caf::strong_actor_ptr remote; ///< From `attaching` on.
  std::size_t in_flight = 0;
  std::vector<wire::command_frame> batch; ///< Not sent yet.
  std::size_t batch_bytes = 0;
  chunk_sender<wire::command_chunk> chunks;
  std::optional<chunk_assembler> parts; ///< Of results; while it is up.
};

/// Time to try that replica again, unless it was tried since.
struct retry_replica {
  std::uint32_t key = 0;
  std::uint32_t attempt = 0;
};
/// Time to look the names up again.
struct refresh_peers {};

/// The replicas of one service: looks their addresses up, connects, attaches, monitors,
/// connects again with backoff, for ever. CAF's handles of a peer that came back equal
/// those of the one that died, so a handle is replaced on every connect and told apart by
/// the address of its proxy. Part of a link; runs inside its actor.
class replica_set {
public:
  /// Called when a replica can't be used any more; what was in flight there is lost.
  using lost_function = std::function<void(replica&)>;

  replica_set(caf::event_based_actor& self, node& where, const link_config& config,
              std::vector<std::string> commands, link_metrics& metrics,
              std::shared_ptr<std::atomic<std::size_t>> live, lost_function lost);
  ~replica_set();

  caf::message_handler handlers();
  void start();

  /// The live replica with the fewest calls in flight, in turn among equals; or null.
  replica* choose();
  replica* find(std::uint32_t key);
  /// Null unless that is the present handle of a replica.
  replica* find(const caf::strong_actor_ptr& remote);
  template <class F>
  void for_each_up(F f) {
    for (auto& [key, x] : replicas_)
      if (x.at == replica::stage::up)
        f(x);
  }
  /// That replica takes nothing new.
  void leaves(replica& x);
  /// Lets go of all handles; nothing is connected again.
  void close();

private:
  void add(peer_address where);
  void update(std::vector<peer_address> found);
  void look_up();
  void probe(replica& x);
  void dial(replica& x);
  void attach(replica& x, caf::strong_actor_ptr remote);
  void attached(replica& x, const wire::link_attached& answer);
  void on_down(const caf::down_msg& x);
  void drop(replica& x);
  void retry_later(replica& x);
  /// The replica if `attempt` is still the present one.
  replica* present(std::uint32_t key, std::uint32_t attempt);

  caf::event_based_actor& self_;
  node& node_;
  const link_config& config_;
  std::vector<std::string> commands_;
  link_metrics& metrics_;
  std::shared_ptr<std::atomic<std::size_t>> live_;
  lost_function lost_;
  std::unique_ptr<peer_lookup> lookup_;
  std::vector<peer_address> literals_;
  std::vector<peer_address> names_;
  std::map<std::uint32_t, replica> replicas_;
  std::uint32_t next_key_ = 1;
  std::uint32_t turn_ = 0;
  bool is_closed_ = false;
};

} // namespace lakegate::runtime

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(lakegate::runtime::retry_replica)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(lakegate::runtime::refresh_peers)
