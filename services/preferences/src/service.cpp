#include "services/preferences/src/service.hpp"

#include "services/preferences/src/sql.hpp"

#include <lakegate/runtime/supervisor.hpp>
#include <lakegate/runtime/unbatcher.hpp>

#include <stdexcept>

namespace lakegate::preferences {

namespace {

/// A database without a password is logged in to with the service principal's token.
void log_in_with(const config& options, prometheus::Registry& registry,
                 postgres::database_config& database) {
  if (database.credentials || !options.principal.exists())
    return;
  database.credentials = std::make_shared<postgres::function_password>(
      databricks::make_database_password_source(
          databricks::make_workspace(options.workspace, registry), options.principal));
}

} // namespace

struct service::impl {
  impl(const config& options, std::shared_ptr<prometheus::Registry> given,
       const dependencies& replaced);

  service_actor spawn_actor(const config& options, const dependencies& replaced);

  const std::shared_ptr<prometheus::Registry> registry_;
  const std::shared_ptr<postgres::availability> availability_;
  runtime::node node_;
  service_actor actor_;
  caf::strong_actor_ptr unbatcher_;
  std::uint16_t port_ = 0;
};

service::impl::impl(const config& options, std::shared_ptr<prometheus::Registry> given,
                    const dependencies& replaced)
    : registry_{std::move(given)},
      availability_{std::make_shared<postgres::availability>()}, node_{options.node},
      actor_{spawn_actor(options, replaced)} {
  node_.end_with_me(caf::actor_cast<caf::strong_actor_ptr>(actor_));
  unbatcher_ =
      runtime::spawn_unbatcher(node_, actor_, {.service = options.node.name}, *registry_);
  auto port = node_.publish(unbatcher_);
  if (!port)
    throw std::runtime_error{runtime::sentence_of(port.error())};
  port_ = *port;
}

/// Actor and database live and die together, so that neither keeps a handle of a dead
/// one.
service_actor service::impl::spawn_actor(const config& options,
                                         const dependencies& replaced) {
  auto database = options.database;
  database.process = options.node.name;
  database.migrations = migrations();
  database.state = availability_;
  log_in_with(options, *registry_, database);
  auto counts = std::make_shared<metrics>(registry_);
  return runtime::spawn_supervised<service_actor>(
      node_.system(),
      [database, counts, allowed = options.allowed, registry = registry_,
       make = replaced.database](caf::actor_system& system) -> service_actor {
        auto store =
            make ? make(system) : postgres::spawn_database(system, database, registry);
        return system.spawn(preferences, store, allowed, counts);
      },
      {.name = "preferences"});
}

service::service(config options, std::shared_ptr<prometheus::Registry> registry,
                 dependencies replaced)
    : impl_{std::make_unique<impl>(options, std::move(registry), replaced)} {}

service::~service() = default;

std::uint16_t service::port() const noexcept {
  return impl_->port_;
}

const service_actor& service::actor() const noexcept {
  return impl_->actor_;
}

caf::actor_system& service::system() noexcept {
  return impl_->node_.system();
}

void service::stop(std::chrono::milliseconds limit) {
  runtime::drain_unbatcher(impl_->unbatcher_, limit);
}

bool service::is_ready() const {
  return impl_->availability_->get().status != "down";
}

} // namespace lakegate::preferences
