#include "services/catalog/src/service.hpp"

#include "services/catalog/src/catalog.hpp"

#include <lakegate/runtime/log.hpp>
#include <lakegate/runtime/remote_service.hpp>
#include <lakegate/runtime/supervisor.hpp>
#include <lakegate/runtime/unbatcher.hpp>

#include <atomic>
#include <stdexcept>

namespace lakegate::catalog {

namespace {

void use_real_ones(dependencies& parts, runtime::node& node, const config& settings,
                   prometheus::Registry& registry) {
  if (!parts.unity_catalog || !parts.sql) {
    auto where = databricks::make_workspace(settings.workspace, registry);
    if (!parts.unity_catalog)
      parts.unity_catalog = [where](caf::actor_system& system) {
        return databricks::spawn_catalog(system, where);
      };
    if (!parts.sql)
      parts.sql = [where](caf::actor_system& system) {
        return databricks::spawn_sql(system, where);
      };
  }
  if (!parts.preferences)
    parts.preferences = [&](caf::actor_system&) {
      runtime::link_config link{.service = "preferences", .peers = settings.preferences};
      return settings.preferences.empty()
                 ? preferences::service_actor{}
                 : runtime::spawn_remote_service<preferences::service_actor>(
                     node, std::move(link), registry);
    };
}

service_actor spawn_supervised_catalog(runtime::node& node, catalog_parts parts) {
  auto result = runtime::spawn_supervised<service_actor>(
      node.system(),
      [parts = std::move(parts)](caf::actor_system& system) {
        return spawn_catalog(system, parts);
      },
      {.name = "catalog"});
  node.end_with_me(caf::actor_cast<caf::strong_actor_ptr>(result));
  return result;
}

} // namespace

struct service::impl {
  impl(config settings, std::shared_ptr<prometheus::Registry> counters, dependencies with)
      : registry{std::move(counters)}, node{settings.node} {
    auto has_workspace = !settings.workspace.host.empty() || with.unity_catalog;
    use_real_ones(with, node, settings, *registry);
    catalog_parts parts{
        std::move(with.unity_catalog),
        std::move(with.sql),
        with.preferences(node.system()),
        settings.warehouse_id,
        settings.bounds,
        std::make_shared<metrics>(*registry),
        std::make_shared<health>(!settings.warehouse_id.empty(), has_workspace)};
    auto catalog = spawn_supervised_catalog(node, std::move(parts));
    unbatcher = runtime::spawn_unbatcher(
        node, catalog, {.service = "catalog", .max_in_flight = settings.max_in_flight},
        *registry);
    auto published = node.publish(unbatcher);
    if (!published)
      throw std::runtime_error{runtime::sentence_of(published.error())};
    port = *published;
    is_ready = true;
  }

  std::shared_ptr<prometheus::Registry> registry;
  runtime::node node;
  caf::strong_actor_ptr unbatcher;
  std::uint16_t port = 0;
  std::atomic<bool> is_ready = false;
};

service::service(config settings, std::shared_ptr<prometheus::Registry> registry,
                 dependencies parts)
    : impl_{std::make_unique<impl>(std::move(settings), std::move(registry),
                                   std::move(parts))} {
  log::info("service_started", {{"service", "catalog"}, {"port", impl_->port}});
}

service::~service() = default;

std::uint16_t service::port() const noexcept {
  return impl_->port;
}

void service::stop(std::chrono::milliseconds limit) {
  impl_->is_ready = false;
  runtime::drain_unbatcher(impl_->unbatcher, limit);
}

bool service::is_ready() const {
  return impl_->is_ready;
}

} // namespace lakegate::catalog
