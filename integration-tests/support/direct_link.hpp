#pragma once

#include "integration-tests/support/scenario.hpp"

#include <lakegate/contracts/messages.hpp>
#include <lakegate/runtime/remote_service.hpp>

#include <caf/scoped_actor.hpp>
#include <prometheus/registry.h>

namespace lakegate::integration {

/// A process of its own that speaks to a service of a world over CAF's network layer, as
/// the gateway does, but lets through what the gateway refuses: a gateway of another
/// version, say.
template <class Contract>
class direct_link {
public:
  direct_link(std::string service, std::uint16_t port)
      : node_{config_of("client")}, remote_{runtime::spawn_remote_service<Contract>(
                                        node_, link_to(std::move(service), port),
                                        registry_)} {}

  /// Asks, again while the link is not made yet, ten seconds at most.
  template <class Result, class Command>
  caf::expected<Result> Ask(const Command& command) {
    caf::scoped_actor self{node_.system()};
    caf::expected<Result> answer{caf::sec::none};
    auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{10};
    do
      self->request(remote_, std::chrono::seconds{20}, command)
          .receive([&](Result& x) { answer = std::move(x); },
                   [&](caf::error& why) { answer = std::move(why); });
    while (!answer && failure_of(answer.error()).code == errc::service_unavailable
           && std::chrono::steady_clock::now() < deadline);
    return answer;
  }

  /// The failure that `command` is answered with; code `none` if it succeeds.
  template <class Result, class Command>
  failure FailureOf(const Command& command) {
    auto answer = Ask<Result>(command);
    return answer ? failure{errc::none, {}, {}, caf::none} : failure_of(answer.error());
  }

  /// Sends what has no answer.
  template <class Command>
  void Tell(const Command& command) {
    caf::scoped_actor self{node_.system()};
    self->send(remote_, command);
  }

private:
  static runtime::node_config config_of(std::string name) {
    runtime::node_config result;
    result.name = std::move(name);
    return result;
  }
  static runtime::link_config link_to(std::string service, std::uint16_t port) {
    runtime::link_config result;
    result.service = std::move(service);
    result.peers = {{"127.0.0.1", port}};
    return result;
  }

  prometheus::Registry registry_;
  runtime::node node_;
  Contract remote_;
};

/// On behalf of `user`, for so long.
inline caller Caller(const std::string& user,
                     caf::timespan time_left = std::chrono::seconds{10}) {
  caller x;
  x.user_id = user;
  x.token = access_token{TokenOf(user)};
  x.correlation_id = "direct";
  x.time_left = time_left;
  return x;
}

} // namespace lakegate::integration
