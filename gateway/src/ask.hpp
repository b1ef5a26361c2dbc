#pragma once

#include "gateway/src/exchange.hpp"
#include "gateway/src/routes.hpp"
#include "gateway/src/service_port.hpp"

#include <lakegate/runtime/contract_traits.hpp>

#include <caf/sec.hpp>

#include <memory>
#include <type_traits>
#include <utility>

namespace lakegate::gateway {

/// Sends `what` within the exchange's deadline. `render` makes the answer of the result;
/// a failure is answered as it is, a deadline that passed with the code of the route, and
/// a client that goes away cancels the call.
template <class Contract, class Command, class Render>
void ask(service_port<Contract>& service, const exchange_ptr& http, Command what,
         Render render) {
  using result = runtime::result_of<Contract, Command>;
  static_assert(std::is_invocable_r_v<http_response, Render, result&>);
  // A call that fails at once has answered before there is a ticket.
  auto ticket = service.submit(
      std::move(what), http->time_left(),
      [http, render = std::move(render)](caf::expected<result> got) mutable {
        guarded(http, [&] {
          if (got)
            http->answer(render(*got));
          else if (got.error() == caf::sec::request_timeout)
            http->fail(http->context().matched->when_late);
          else
            http->fail(got.error());
        });
      });
  if (http->is_open())
    http->on_abandon([&service, ticket] { service.cancel(ticket); });
}

} // namespace lakegate::gateway
