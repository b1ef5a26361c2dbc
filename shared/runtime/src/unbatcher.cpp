#include <lakegate/runtime/unbatcher.hpp>

#include <lakegate/runtime/network_guard.hpp>

#include "shared/runtime/src/open_commands.hpp"

#include <caf/actor_cast.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/send.hpp>

#include <future>
#include <memory>

namespace lakegate::runtime {

/// Asks an unbatcher to take nothing new; can't cross the network.
struct start_draining {};

} // namespace lakegate::runtime

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(lakegate::runtime::start_draining)

namespace lakegate::runtime {

namespace {

constexpr auto check_interval = std::chrono::milliseconds{20};

class unbatcher_actor : public guarded<caf::event_based_actor> {
public:
  unbatcher_actor(caf::actor_config& config, caf::strong_actor_ptr service,
                  std::vector<command_entry> commands, unbatcher_config options,
                  const std::string& process, prometheus::Registry& registry)
      : guarded{config}, open_{*this,
                               std::move(service),
                               std::move(commands),
                               std::move(options),
                               process,
                               registry} {}

  caf::behavior make_behavior() override {
    set_quiet_handlers(*this, "unbatcher " + open_.service());
    set_down_handler([this](caf::down_msg& x) {
      open_.forget(x.source);
      end_if_drained();
    });
    return {
        [this](const wire::attach_link& x) -> caf::result<wire::link_attached> {
          if (is_draining_ || current_sender() == nullptr)
            return make_error(errc::service_unavailable);
          monitor(current_sender());
          return open_.attach(current_sender(), x);
        },
        [this](wire::command_batch& x) {
          open_.take(current_sender(), x);
          after_commands();
        },
        [this](wire::command_chunk& x) {
          open_.take(current_sender(), x);
          after_commands();
        },
        [this](const wire::chunk_received&) {
          open_.chunk_received(current_sender());
          end_if_drained();
        },
        [this](const wire::going_away&) {
          open_.gone_elsewhere(current_sender());
          end_if_drained();
        },
        [this](caf::flush_atom) {
          is_awake_ = false;
          open_.flush();
        },
        [this](caf::tick_atom) {
          is_ticking_ = false;
          open_.drop_expired();
          after_commands();
        },
        [this](start_draining) {
          is_draining_ = true;
          open_.send_elsewhere();
          end_if_drained();
        },
    };
  }

  /// Every response is the service's: this actor makes no request by CAF's means. Looking
  /// responses up in our own table spares a CAF timeout and a handler object a command.
  caf::invoke_message_result consume(caf::mailbox_element& x) override {
    if (!x.mid.is_response())
      return guarded::consume(x);
    try {
      open_.answered(x.mid.request_id().integer_value(), x.content());
      after_commands();
    } catch (...) {
      log_defect(name());
    }
    return caf::invoke_message_result::consumed;
  }

  void on_exit() override { open_.close(); }
  const char* name() const override { return "unbatcher"; }

private:
  /// What is ready goes out when the mailbox has been worked off up to here.
  void after_commands() {
    if (open_.has_replies() && !std::exchange(is_awake_, true))
      send(this, caf::flush_atom_v);
    if (open_.size() > 0 && !std::exchange(is_ticking_, true))
      delayed_send(this, check_interval, caf::tick_atom_v);
    end_if_drained();
  }

  void end_if_drained() {
    if (is_draining_ && open_.say_farewell())
      quit(caf::exit_reason::user_shutdown);
  }

  open_commands open_;
  bool is_awake_ = false;
  bool is_ticking_ = false;
  bool is_draining_ = false;
};

} // namespace

caf::strong_actor_ptr spawn_untyped_unbatcher(node& where, caf::strong_actor_ptr service,
                                              std::vector<command_entry> commands,
                                              unbatcher_config config,
                                              prometheus::Registry& registry) {
  auto result =
      caf::actor_cast<caf::strong_actor_ptr>(where.system().spawn<unbatcher_actor>(
          std::move(service), std::move(commands), std::move(config), where.config().name,
          std::ref(registry)));
  where.end_with_me(result);
  return result;
}

bool drain_unbatcher(const caf::strong_actor_ptr& unbatcher,
                     std::chrono::milliseconds limit) {
  auto ended = std::make_shared<std::promise<void>>();
  unbatcher->get()->attach_functor([ended] { ended->set_value(); });
  caf::anon_send(caf::actor_cast<caf::actor>(unbatcher), start_draining{});
  return ended->get_future().wait_for(limit) == std::future_status::ready;
}

} // namespace lakegate::runtime
