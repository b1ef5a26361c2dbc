#include <lakegate/runtime/service_link.hpp>

#include "shared/runtime/src/asio_actor.hpp"
#include "shared/runtime/src/link_core.hpp"

#include <caf/actor_cast.hpp>

namespace lakegate::runtime {

/// The last message of a link; can't cross the network.
struct end_link {};

} // namespace lakegate::runtime

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(lakegate::runtime::end_link)

namespace lakegate::runtime {

namespace {

class link_actor : public asio_actor {
public:
  link_actor(caf::actor_config& config, asio::io_context& io, runtime::node& where,
             link_config options, link_contract contract, prometheus::Registry& registry,
             std::shared_ptr<std::atomic<std::size_t>> live)
      : asio_actor{config, io}, core_{*this,    where,    std::move(options),
                                      contract, registry, std::move(live)} {}

  caf::behavior make_behavior() override {
    set_quiet_handlers(*this, "service_link " + core_.config().service);
    core_.start();
    return core_.handlers().or_else([this](end_link) {
      core_.release();
      quit(caf::exit_reason::user_shutdown);
    });
  }

  const char* name() const override { return "service-link"; }
  link_core& core() noexcept { return core_; }
  void end() { asio_actor::end(caf::make_message(end_link{})); }

private:
  link_core core_;
};

} // namespace

struct batched_link::impl {
  std::shared_ptr<std::atomic<std::size_t>> live =
      std::make_shared<std::atomic<std::size_t>>(0);
  caf::actor handle;
  link_actor* actor = nullptr;
};

batched_link::batched_link(node& where, asio::io_context& io, link_config config,
                           link_contract contract, prometheus::Registry& registry)
    : impl_{std::make_unique<impl>()} {
  impl_->handle = where.system().spawn<link_actor, caf::hidden>(
      std::ref(io), std::ref(where), std::move(config), std::move(contract),
      std::ref(registry), impl_->live);
  impl_->actor = caf::actor_cast<link_actor*>(impl_->handle);
}

batched_link::~batched_link() {
  impl_->actor->end();
}

std::uint64_t batched_link::submit(link_call call, link_completion done) {
  return impl_->actor->core().submit(std::move(call), std::move(done));
}

void batched_link::cancel(std::uint64_t ticket) {
  impl_->actor->core().cancel(ticket);
}

bool batched_link::is_up() const noexcept {
  return *impl_->live > 0;
}

void batched_link::close() {
  impl_->actor->core().close();
}

caf::actor_system& batched_link::system() const noexcept {
  return impl_->actor->system();
}

} // namespace lakegate::runtime
