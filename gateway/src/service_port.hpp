#pragma once

#include <caf/expected.hpp>
#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <utility>

/// How endpoints reach a service: an abstract class made from its contract, so that tests
/// of endpoints need neither sockets nor actors.
namespace lakegate::gateway {

/// One command of a contract.
template <class Command, class Result>
class command_port {
public:
  using done = std::function<void(caf::expected<Result>)>;

  virtual ~command_port() = default;
  /// Sends `what` and calls `then` once, on the event loop, at the latest when `budget`
  /// is used up; perhaps before this returns. The ticket is for `cancel`.
  virtual std::uint64_t submit(Command what, std::chrono::milliseconds budget,
                               done then) = 0;
};

namespace detail {

template <class Signature>
struct port_for; // of a signature with a result

template <class Command, class Result>
struct port_for<
    caf::typed_mpi<caf::detail::type_list<Command>, caf::output_tuple<Result>>>
    : command_port<Command, Result> {
  using command_port<Command, Result>::submit;
};

/// A message without an answer is not for endpoints.
template <class Message>
struct port_for<
    caf::typed_mpi<caf::detail::type_list<Message>, caf::output_tuple<void>>> {
  void submit(Message) = delete;
};

template <class Signatures>
struct ports_of;

template <class... Signatures>
struct ports_of<caf::detail::type_list<Signatures...>> : port_for<Signatures>... {
  using port_for<Signatures>::submit...;
};

} // namespace detail

/// All commands of a contract, such as `preferences::service_actor`.
template <class Contract>
class service_port : public detail::ports_of<typename Contract::signatures> {
public:
  /// Nobody waits for that call any more: its `done` will not be called.
  virtual void cancel(std::uint64_t ticket) = 0;
  /// True while at least one replica can be reached.
  virtual bool is_up() const = 0;
};

namespace detail {

/// Forwards one command after the other to `Target::submit`, a template.
template <class Base, class Target, class Signatures>
class forwarding;

template <class Base, class Target>
class forwarding<Base, Target, caf::detail::type_list<>> : public Base {
public:
  explicit forwarding(Target& target) : target_{target} {}

protected:
  Target& target_;
};

template <class Base, class Target, class Message, class... Rest>
class forwarding<Base, Target,
                 caf::detail::type_list<caf::typed_mpi<caf::detail::type_list<Message>,
                                                       caf::output_tuple<void>>,
                                        Rest...>>
    : public forwarding<Base, Target, caf::detail::type_list<Rest...>> {
public:
  using forwarding<Base, Target, caf::detail::type_list<Rest...>>::forwarding;
};

template <class Base, class Target, class Command, class Result, class... Rest>
class forwarding<Base, Target,
                 caf::detail::type_list<caf::typed_mpi<caf::detail::type_list<Command>,
                                                       caf::output_tuple<Result>>,
                                        Rest...>>
    : public forwarding<Base, Target, caf::detail::type_list<Rest...>> {
public:
  using forwarding<Base, Target, caf::detail::type_list<Rest...>>::forwarding;

  std::uint64_t submit(Command what, std::chrono::milliseconds budget,
                       typename command_port<Command, Result>::done then) override {
    return this->target_.submit(std::move(what), budget, std::move(then));
  }
};

} // namespace detail

/// The port over something with `submit(command, budget, done)`, `cancel` and `is_up`:
/// a `runtime::service_link`, or the double of a test.
template <class Contract, class Target>
class port_to final : public detail::forwarding<service_port<Contract>, Target,
                                                typename Contract::signatures> {
public:
  using detail::forwarding<service_port<Contract>, Target,
                           typename Contract::signatures>::forwarding;

  void cancel(std::uint64_t ticket) override { this->target_.cancel(ticket); }
  bool is_up() const override { return this->target_.is_up(); }
};

} // namespace lakegate::gateway
