#pragma once

#include "services/sandbox/src/accounts.hpp"
#include "services/sandbox/src/endpoints.hpp"
#include "services/sandbox/src/faults.hpp"
#include "services/sandbox/src/request_log.hpp"
#include "services/sandbox/src/router.hpp"
#include "services/sandbox/src/sessions.hpp"
#include "services/sandbox/src/warehouse.hpp"

#include <atomic>

namespace lakegate::sandbox {

/// What scenarios may change; all of it outlives the routes.
struct control_services {
  sessions& pool;
  accounts& who;
  faults& misfortunes;
  endpoint_rights& rights;
  warehouse& house;
  request_log& requests;
  std::atomic<bool>& is_asleep; ///< `sleepy-model`
};

/// `/__sandbox/…`: what a real workspace lacks. Needs no token: whoever reaches the
/// sandbox may steer it.
void add_control_routes(route_table& routes, const control_services& services);

} // namespace lakegate::sandbox
