#pragma once

#include <lakegate/core/call_meter.hpp>
#include <lakegate/runtime/contract_traits.hpp>
#include <lakegate/runtime/encoding.hpp>
#include <lakegate/runtime/node.hpp>

#include <caf/actor_cast.hpp>
#include <caf/actor_control_block.hpp>
#include <caf/make_message.hpp>
#include <caf/type_erased_tuple.hpp>
#include <prometheus/registry.h>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lakegate::runtime {

struct unbatcher_config {
  std::string service{};            ///< `catalog`; for logs and metric labels.
  std::size_t max_in_flight = 1024; ///< Beyond: `overloaded`, at once.
  /// Largest command or result, encoded.
  std::size_t max_message_bytes = 40 * 1024 * 1024;
};

/// What a command gets on arrival.
struct command_terms {
  caf::timespan time_left{};
  meter_ptr meter; ///< In the queue since now; may be null.
};

/// How the unbatcher handles one command of a contract, its type erased.
struct command_entry {
  std::uint16_t kind = 0; ///< CAF's type id.
  std::string name;
  bool is_answered = true;
  bool is_metered = true; ///< It carries a `caller`, and so a meter.
  /// The command as a message to the service on these terms; nothing if the bytes are not
  /// such a command.
  std::optional<caf::message> (*read)(caf::actor_system&, std::string_view bytes,
                                      const command_terms& terms) = nullptr;
  /// The bytes of the answer; nothing if it is not of the contract's type.
  std::optional<std::string> (*write)(caf::actor_system&,
                                      const caf::type_erased_tuple& answer) = nullptr;
};

/// See `spawn_unbatcher`.
caf::strong_actor_ptr spawn_untyped_unbatcher(node& where, caf::strong_actor_ptr service,
                                              std::vector<command_entry> commands,
                                              unbatcher_config config,
                                              prometheus::Registry& registry);

/// Stops a service without losing a command: tells every link to go elsewhere, answers
/// what is in flight, makes sure that the links have the answers, and ends the unbatcher
/// then. Waits for that: false if it took longer than `limit`; the node ends the
/// unbatcher in that case. Not to be called from an actor.
bool drain_unbatcher(const caf::strong_actor_ptr& unbatcher,
                     std::chrono::milliseconds limit);

namespace detail {

template <class Command>
std::optional<caf::message> read_command(caf::actor_system& system,
                                         std::string_view bytes,
                                         const command_terms& terms) {
  Command command;
  if (!decode(system, bytes, command))
    return std::nullopt;
  if constexpr (on_behalf<Command>) {
    command.who.time_left = terms.time_left;
    command.who.meter = terms.meter;
  }
  return caf::make_message(std::move(command));
}

template <class Result>
std::optional<std::string> write_answer(caf::actor_system& system,
                                        const caf::type_erased_tuple& answer) {
  if constexpr (!std::is_void_v<Result>) {
    if (answer.match_elements<Result>())
      return encode(system, answer.get_as<Result>(0));
  }
  return std::nullopt;
}

} // namespace detail

template <class Contract>
std::vector<command_entry> command_table() {
  std::vector<command_entry> result;
  for_each_signature<Contract>([&]<class Command, class Result>() {
    result.push_back({caf::type_id<Command>::value, caf::type_name<Command>::value,
                      !std::is_void_v<Result>, on_behalf<Command>,
                      &detail::read_command<Command>, &detail::write_answer<Result>});
  });
  return result;
}

/// The façade that a service publishes (`node::publish`): takes batches from any number
/// of links, hands each command with its remaining budget to `service` and returns the
/// answers as they come, all that are ready in one message. Drops what expired
/// unexecuted, bounds what is in flight and shares it between the links, forgets a link
/// that went away. An exit message from another node does not end it, not even `kill`;
/// the node does, or a local exit message.
template <class Contract>
caf::strong_actor_ptr spawn_unbatcher(node& where, const Contract& service,
                                      unbatcher_config config,
                                      prometheus::Registry& registry) {
  return spawn_untyped_unbatcher(where, caf::actor_cast<caf::strong_actor_ptr>(service),
                                 command_table<Contract>(), std::move(config), registry);
}

} // namespace lakegate::runtime
