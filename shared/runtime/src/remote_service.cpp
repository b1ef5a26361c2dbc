#include <lakegate/runtime/remote_service.hpp>

#include <lakegate/runtime/network_guard.hpp>

#include "shared/runtime/src/link_core.hpp"

namespace lakegate::runtime {

namespace {

class remote_service_actor : public guarded<caf::event_based_actor>, public remote_link {
public:
  remote_service_actor(caf::actor_config& config, runtime::node& where,
                       link_config options, link_contract contract,
                       prometheus::Registry& registry,
                       std::function<caf::message_handler(remote_link&)> commands)
      : guarded{config}, core_{*this,
                               where,
                               std::move(options),
                               std::move(contract),
                               registry,
                               std::make_shared<std::atomic<std::size_t>>(0)},
        commands_{std::move(commands)} {}

  caf::behavior make_behavior() override {
    set_quiet_handlers(*this, "remote_service " + core_.config().service);
    core_.start();
    return core_.handlers().or_else(commands_(*this));
  }

  void on_exit() override { core_.release(); }
  const char* name() const override { return "remote-service"; }

  caf::event_based_actor& self() noexcept override { return *this; }
  std::chrono::microseconds default_budget() const noexcept override {
    return core_.config().default_budget;
  }
  void submit(link_call call, link_completion completion) override {
    core_.submit(std::move(call), std::move(completion));
  }

private:
  link_core core_;
  std::function<caf::message_handler(remote_link&)> commands_;
};

} // namespace

caf::actor spawn_remote_link(node& where, link_config config, link_contract contract,
                             prometheus::Registry& registry,
                             std::function<caf::message_handler(remote_link&)> commands) {
  auto result = where.system().spawn<remote_service_actor>(
      std::ref(where), std::move(config), std::move(contract), std::ref(registry),
      std::move(commands));
  where.end_with_me(caf::actor_cast<caf::strong_actor_ptr>(result));
  return result;
}

} // namespace lakegate::runtime
