#pragma once

#include <lakegate/contracts/messages.hpp>
#include <lakegate/databricks/workspace.hpp>

#include "shared/http/tests/scripted_server.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/scoped_actor.hpp>
#include <gmock/gmock.h>

#include <memory>
#include <optional>

namespace lakegate::test {

/// The answer of an actor.
template <class Result>
struct outcome {
  std::optional<Result> value;
  databricks::upstream_failure failure;
};

/// Real actors in a real actor system, against a scripted workspace.
class WorkspaceTest : public ::testing::Test {
protected:
  /// What the scripted workspace answers.
  void Given(std::function<std::string(const received_request&)> respond) {
    GivenScript(answering(std::move(respond)));
  }
  void Given(std::string answer) {
    Given([answer](const received_request&) { return answer; });
  }
  void GivenScript(scripted_server::script script) {
    server_ = std::make_unique<scripted_server>(std::move(script));
    config_.host = server_->url();
  }

  databricks::workspace_ptr Workspace() {
    if (!workspace_)
      workspace_ = databricks::make_workspace(config_, *registry_);
    return workspace_;
  }

  template <class Result, class Actor, class Command>
  outcome<Result> Ask(const Actor& actor, Command cmd) {
    outcome<Result> result;
    caf::scoped_actor self{system_};
    self->request(actor, std::chrono::seconds{10}, std::move(cmd))
        .receive([&](Result& x) { result.value = std::move(x); },
                 [&](caf::error& err) { result.failure = databricks::failure_in(err); });
    return result;
  }

  static databricks::call_context Context() {
    databricks::call_context ctx;
    ctx.token = access_token{"canary-token"};
    ctx.correlation_id = "correlation-1";
    ctx.traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    ctx.time_left = std::chrono::seconds{5};
    ctx.call_id = 77;
    return ctx;
  }

  received_request Received(std::size_t n = 0) const { return server_->requests().at(n); }

  struct message_types : caf::actor_system_config {
    message_types() {
      add_message_types(*this);
      set("scheduler.max-threads", 2);
    }
    static void add_message_types(caf::actor_system_config& x) {
      lakegate::add_message_types(x);
    }
  };

  std::shared_ptr<prometheus::Registry> registry_ =
      std::make_shared<prometheus::Registry>();
  std::unique_ptr<scripted_server> server_;
  databricks::workspace_config config_{{}, {}, "test", {}};
  databricks::workspace_ptr workspace_;
  message_types types_;
  caf::actor_system system_{types_};
};

} // namespace lakegate::test
