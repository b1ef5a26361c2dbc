#pragma once

#include <lakegate/runtime/encoding.hpp>
#include <lakegate/runtime/link.hpp>
#include <lakegate/runtime/node.hpp>

#include <caf/actor_cast.hpp>
#include <caf/behavior.hpp>
#include <caf/event_based_actor.hpp>
#include <prometheus/registry.h>

#include <functional>

namespace lakegate::runtime {

/// The part of a remote service that does not depend on the contract: submits to the link
/// that lives in the actor.
class remote_link {
public:
  virtual ~remote_link() = default;
  virtual caf::event_based_actor& self() noexcept = 0;
  virtual std::chrono::microseconds default_budget() const noexcept = 0;
  virtual void submit(link_call call, link_completion done) = 0;
};

/// Spawns the actor; `commands` makes the handlers of the contract. Ends with the node.
caf::actor spawn_remote_link(node& where, link_config config, link_contract contract,
                             prometheus::Registry& registry,
                             std::function<caf::message_handler(remote_link&)> commands);

namespace detail {

template <class Command, class Result>
void forward(remote_link& link, const Command& command) {
  auto& system = link.self().system();
  auto budget = link.default_budget();
  if constexpr (on_behalf<Command>)
    budget = std::chrono::duration_cast<std::chrono::microseconds>(command.who.time_left);
  auto promise = link.self().make_response_promise();
  link.submit({caf::type_id<Command>::value, encode(system, command), budget,
               call_id_of(command), meter_of(command)},
              [&system, promise](caf::expected<std::string> bytes) mutable {
                if constexpr (!std::is_void_v<Result>) {
                  Result result;
                  if (!bytes)
                    promise.deliver(std::move(bytes.error()));
                  else if (decode(system, *bytes, result))
                    promise.deliver(std::move(result));
                  else
                    promise.deliver(make_error(errc::internal_error));
                }
              });
}

} // namespace detail

/// A service of another process as an ordinary actor of its contract, for services that
/// ask services (catalog asks preferences): tests put a mock of the same type in its
/// place. It batches, reconnects and fails as `service_link` does; the budget is
/// `who.time_left`.
template <class Contract>
Contract spawn_remote_service(node& where, link_config config,
                              prometheus::Registry& registry) {
  auto commands = [](remote_link& link) {
    caf::message_handler result;
    for_each_signature<Contract>([&]<class Command, class Result>() {
      auto one = caf::message_handler{
          [&link](const Command& x) { detail::forward<Command, Result>(link, x); }};
      result = result ? result.or_else(one) : one;
    });
    return result;
  };
  return caf::actor_cast<Contract>(spawn_remote_link(
      where, std::move(config), link_contract_of<Contract>(), registry, commands));
}

} // namespace lakegate::runtime
