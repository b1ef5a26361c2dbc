#pragma once

#include <caf/meta/type_name.hpp>
#include <caf/timespan.hpp>
#include <caf/type_id.hpp>

#include <cstdint>
#include <string>
#include <vector>

#include <lakegate/core/access_token.hpp>
#include <lakegate/core/call_meter.hpp>

namespace lakegate {

/// On whose behalf a command runs, and how long its caller still waits. Part of every
/// command between processes, so no service can forget to scope its work by user.
struct caller {
  std::string
      user_id; ///< `userName` of the workspace's SCIM `Me`; never from the client.
  access_token
      token; ///< The user's OBO token; empty for services that call no workspace.
  std::string correlation_id; ///< In every log line of the request.
  std::string traceparent;    ///< W3C; sent on to upstreams.
  caf::timespan time_left{};  ///< A duration, since clocks differ; shrinks at each hop.
  std::uint64_t call_id =
      0; ///< Names this call in `cancel_call`; unique, 0 = can't be cancelled.
  /// Of this process: a link takes what the other one measured over into it. Stays here.
  meter_ptr meter{};
};

/// To be called first by whoever does the work: what was before is time in a queue.
inline void taken(const caller& who) {
  if (who.meter)
    who.meter->taken();
}

/// The client of this call went away: whatever runs for it may stop. No answer.
struct cancel_call {
  std::uint64_t call_id = 0;
};

/// How one part of the system is doing, for `/health/ready`.
struct component_status {
  std::string name;   ///< `database`, `workspace`, `warehouse` …
  std::string status; ///< `up`, `down` or `not_configured`.
  std::string detail; ///< One sentence; empty while up.
};

/// Asks a service for the state of its dependencies; answered from what it knows, at
/// once.
struct get_status {};

struct service_status {
  std::vector<component_status> components;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, caller& x) {
  return f(caf::meta::type_name("caller"), x.user_id, x.token, x.correlation_id,
           x.traceparent, x.time_left, x.call_id);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, cancel_call& x) {
  return f(caf::meta::type_name("cancel_call"), x.call_id);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, component_status& x) {
  return f(caf::meta::type_name("component_status"), x.name, x.status, x.detail);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, get_status&) {
  return f(caf::meta::type_name("get_status"));
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, service_status& x) {
  return f(caf::meta::type_name("service_status"), x.components);
}

} // namespace lakegate

CAF_BEGIN_TYPE_ID_BLOCK(lakegate_common, 220)
  CAF_ADD_TYPE_ID(lakegate_common, (lakegate::cancel_call))
  CAF_ADD_TYPE_ID(lakegate_common, (lakegate::get_status))
  CAF_ADD_TYPE_ID(lakegate_common, (lakegate::service_status))
CAF_END_TYPE_ID_BLOCK(lakegate_common)
