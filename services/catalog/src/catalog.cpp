#include "services/catalog/src/catalog.hpp"

#include <lakegate/runtime/network_guard.hpp>

#include <caf/send.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

namespace lakegate::catalog {

namespace {

struct catalog_state {
  static inline const char* name = "catalog";

  unity_catalog_actor listings;
  table_query_actor queries;
  health_ptr known;
};

using catalog_pointer = service_actor::stateful_pointer<catalog_state>;

void spawn_parts(catalog_pointer self, const catalog_parts& parts) {
  auto& system = self->system();
  auto& state = self->state;
  auto workspace = parts.workspace(system);
  auto warehouse = parts.warehouse(system);
  self->link_to(workspace);
  self->link_to(warehouse);
  state.known = parts.known;
  state.listings =
      spawn_unity_catalog(system, {workspace, parts.bounds, parts.counters, parts.known});
  state.queries = spawn_table_query(system, {workspace, warehouse, parts.preferences,
                                             parts.warehouse_id, parts.bounds,
                                             parts.counters, parts.known});
  self->link_to(state.listings);
  self->link_to(state.queries);
}

service_actor::behavior_type catalog(catalog_pointer self, const catalog_parts& parts) {
  runtime::set_quiet_handlers(*self, self->state.name);
  spawn_parts(self, parts);
  return {
      [self](list_catalogs& x) {
        return self->delegate(self->state.listings, std::move(x));
      },
      [self](list_schemas& x) {
        return self->delegate(self->state.listings, std::move(x));
      },
      [self](list_table_names& x) {
        return self->delegate(self->state.listings, std::move(x));
      },
      [self](list_tables& x) {
        return self->delegate(self->state.listings, std::move(x));
      },
      [self](query_table& x) {
        return self->delegate(self->state.queries, std::move(x));
      },
      [self](const cancel_call& x) {
        self->send(self->state.listings, x);
        self->send(self->state.queries, x);
      },
      [self](const get_status&) { return self->state.known->status(); },
  };
}

} // namespace

service_actor spawn_catalog(caf::actor_system& system, const catalog_parts& parts) {
  return system.spawn(catalog, parts);
}

} // namespace lakegate::catalog
