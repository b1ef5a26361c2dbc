#include "gateway/src/server.hpp"

#include "gateway/src/event_loop.hpp"

#include <lakegate/runtime/log.hpp>

#include <asio/io_context.hpp>

#include <algorithm>
#include <atomic>
#include <thread>
#include <utility>
#include <vector>

namespace lakegate::gateway {

namespace {

constexpr auto idle_check_interval = std::chrono::milliseconds{10};

} // namespace

struct server::impl {
  impl(config c, std::shared_ptr<prometheus::Registry> r)
      : settings{std::move(c)}, registry{std::move(r)}, where{settings.node} {}

  databricks::identity_actor workspace_actor(const dependencies& replaced) {
    if (replaced.identity)
      return replaced.identity(where.system());
    workspace = databricks::make_workspace(settings.workspace, *registry);
    return databricks::spawn_identity(where.system(), workspace);
  }

  void start(const dependencies& replaced) {
    auto identity = workspace_actor(replaced);
    settings.http.servers = settings.event_loops;
    for (std::size_t i = 0; i < settings.event_loops; ++i) {
      contexts.push_back(std::make_unique<asio::io_context>(1));
      loops.push_back(std::make_unique<event_loop>(settings, *contexts.back(), where,
                                                   identity, registry));
      settings.http.port = loops.front()->port(); // all of them on the first one's
    }
    log::info("gateway_listens",
              {{"host", settings.http.host}, {"port", settings.http.port}});
  }

  bool is_idle() const {
    return std::all_of(loops.begin(), loops.end(),
                       [](const auto& x) { return x->is_idle(); });
  }

  config settings;
  std::shared_ptr<prometheus::Registry> registry;
  /// Actors post into them until the last one is gone: they outlive the node.
  std::vector<std::unique_ptr<asio::io_context>> contexts;
  databricks::workspace_ptr workspace;
  runtime::node where;
  std::vector<std::unique_ptr<event_loop>> loops;
  std::atomic<bool> is_stopping{false};
};

server::server(config settings, std::shared_ptr<prometheus::Registry> registry,
               dependencies replaced)
    : impl_{std::make_unique<impl>(std::move(settings), std::move(registry))} {
  impl_->start(replaced);
}

server::~server() = default;

std::uint16_t server::http_port() const noexcept {
  return impl_->settings.http.port;
}

void server::stop(std::chrono::milliseconds limit) {
  impl_->is_stopping = true;
  auto deadline = std::chrono::steady_clock::now() + limit;
  for (auto& x : impl_->loops)
    x->drain();
  // Twice idle: an answer counts neither as open nor as unsent for an instant.
  for (int idle = 0; idle < 2 && std::chrono::steady_clock::now() < deadline;) {
    idle = impl_->is_idle() ? idle + 1 : 0;
    std::this_thread::sleep_for(idle_check_interval);
  }
}

bool server::is_ready() const {
  return !impl_->is_stopping
         && std::any_of(impl_->loops.begin(), impl_->loops.end(),
                        [](const auto& x) { return x->can_serve(); });
}

} // namespace lakegate::gateway
