#pragma once

#include <lakegate/runtime/encoding.hpp>
#include <lakegate/runtime/link.hpp>
#include <lakegate/runtime/node.hpp>

#include <prometheus/registry.h>

#include <memory>

namespace asio {
class io_context;
} // namespace asio

namespace lakegate::runtime {

/// The part of a `service_link` that does not depend on the contract.
class batched_link {
public:
  batched_link(node& where, asio::io_context& io, link_config config,
               link_contract contract, prometheus::Registry& registry);
  ~batched_link();
  batched_link(const batched_link&) = delete;
  batched_link& operator=(const batched_link&) = delete;

  std::uint64_t submit(link_call call, link_completion done);
  void cancel(std::uint64_t ticket);
  bool is_up() const noexcept;
  void close();
  caf::actor_system& system() const noexcept;

private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

/// The gateway's way to a service: an actor whose mailbox is `io`. Finds the replicas,
/// connects without blocking anybody, reconnects, spreads the commands (fewest in flight
/// first) and sends those of one turn of the event loop as one message.
///
/// Everything but `is_up` (any thread) must be called on the one thread that runs `io`,
/// or while none does. `node` and `io` must outlive the link; destroy it before the node,
/// not from inside a `done`.
template <class Contract>
class service_link {
public:
  service_link(node& where, asio::io_context& io, link_config config,
               prometheus::Registry& registry)
      : link_{where, io, std::move(config), link_contract_of<Contract>(), registry} {}

  /// Asks the service. `done` takes `caf::expected<Result>` and is called exactly once on
  /// the thread of `io`, never from inside `submit`. Errors: the service's own;
  /// `service_unavailable` (no replica is up, or it was lost before it answered),
  /// `overloaded` (too many in flight), and CAF's `request_timeout` (`budget` ran out:
  /// the service may be well, and what that means is the asker's to say). `budget` goes
  /// into `command.who.time_left` on the other side, less what the way took. Returns a
  /// ticket for `cancel`.
  template <class Command, class F>
  requires takes<Contract, Command> std::uint64_t
  submit(const Command& command, std::chrono::microseconds budget, F done) {
    using result = result_of<Contract, Command>;
    auto& system = link_.system();
    return link_.submit(
        {caf::type_id<Command>::value, encode(system, command), budget,
         call_id_of(command), meter_of(command)},
        [&system, done = std::move(done)](caf::expected<std::string> bytes) mutable {
          done(read<result>(system, std::move(bytes)));
        });
  }

  /// The caller went away: `done` will not be called, and a service that takes
  /// `cancel_call` is told. A ticket that is answered already does nothing.
  void cancel(std::uint64_t ticket) { link_.cancel(ticket); }

  /// At least one replica is connected. Any thread.
  bool is_up() const noexcept { return link_.is_up(); }

  /// Answers everything open, and all that is submitted later, with
  /// `service_unavailable`.
  void close() { link_.close(); }

private:
  template <class Result>
  static caf::expected<Result> read(caf::actor_system& system,
                                    caf::expected<std::string> bytes) {
    if (!bytes)
      return std::move(bytes.error());
    Result result;
    if (!decode(system, *bytes, result))
      return make_error(errc::internal_error);
    return result;
  }

  batched_link link_;
};

} // namespace lakegate::runtime
