#include "gateway/src/event_loop.hpp"

#include "gateway/src/dispatch.hpp"
#include "gateway/src/readiness.hpp"
#include "gateway/src/workspace_asker.hpp"

#include <lakegate/runtime/service_link.hpp>

#include <asio/executor_work_guard.hpp>
#include <asio/io_context.hpp>
#include <asio/post.hpp>
#include <asio/steady_timer.hpp>

#include <future>
#include <string>
#include <thread>
#include <utility>

namespace lakegate::gateway {

namespace {

constexpr auto observation_interval = std::chrono::milliseconds{250};

runtime::link_config link_to(std::string service,
                             const std::vector<runtime::peer_address>& peers,
                             const config& settings) {
  runtime::link_config result;
  result.service = std::move(service);
  result.peers = peers;
  result.max_in_flight = settings.dispatch.max_in_flight;
  return result;
}

} // namespace

struct event_loop::impl {
  template <class Contract>
  using link = runtime::service_link<Contract>;
  template <class Contract>
  using port = port_to<Contract, link<Contract>>;

  impl(const config& settings, asio::io_context& loop, runtime::node& where,
       databricks::identity_actor workspace,
       std::shared_ptr<prometheus::Registry> registry)
      : io{loop}, metrics{*registry}, asker{where.system(), io, std::move(workspace)},
        preferences_link{
            where, io, link_to("preferences", settings.preferences, settings), *registry},
        catalog_link{where, io, link_to("catalog", settings.catalog, settings),
                     *registry},
        model_serving_link{where, io,
                           link_to("model-serving", settings.model_serving, settings),
                           *registry},
        preferences{preferences_link}, catalog{catalog_link},
        model_serving{model_serving_link}, ready{std::make_shared<readiness>(
                                               preferences, catalog, model_serving)},
        identities{std::make_shared<identity>(
            settings.identity,
            [this](auto what, auto then) { asker.ask(std::move(what), std::move(then)); },
            metrics)},
        dispatch{std::make_shared<dispatcher>(
            settings.dispatch,
            directory{preferences, catalog, model_serving, *ready, std::move(registry),
                      settings.workspace.host},
            identities, metrics)},
        http{io, settings.http,
             [this](http_request request, std::unique_ptr<response_sink> to) {
               return dispatch->dispatch(std::move(request), std::move(to));
             }} {}

  /// Runs `f` on the loop and waits; passes on what it throws.
  template <class F>
  void run_inside(F f) {
    std::packaged_task<void()> task{std::move(f)};
    auto done = task.get_future();
    // In a handler: as a token Asio would take the future for itself.
    asio::post(io, [task = std::move(task)]() mutable { task(); });
    done.get();
  }

  void observe() {
    ready->observe();
    auto now = static_cast<std::int64_t>(http.connections());
    metrics.connections_changed(now - std::exchange(connections, now));
    timer.expires_after(observation_interval);
    timer.async_wait([this](asio::error_code error) {
      if (error)
        return;
      metrics.loop_waited(std::chrono::steady_clock::now() - timer.expiry());
      observe();
    });
  }

  void end() {
    run_inside([this] {
      http.close();
      timer.cancel();
      preferences_link.close();
      catalog_link.close();
      model_serving_link.close();
    });
    // What the links just answered leaves in the loop's last turns.
    asio::post(io, [this] { io.stop(); });
    thread.join();
    asker.close();
    io.restart();
    io.poll();
    metrics.connections_changed(-connections);
  }

  asio::io_context& io;
  gateway_metrics metrics;
  workspace_asker asker;
  link<preferences::service_actor> preferences_link;
  link<catalog::service_actor> catalog_link;
  link<model_serving::service_actor> model_serving_link;
  port<preferences::service_actor> preferences;
  port<catalog::service_actor> catalog;
  port<model_serving::service_actor> model_serving;
  std::shared_ptr<readiness> ready;
  std::shared_ptr<identity> identities;
  std::shared_ptr<dispatcher> dispatch;
  /// Goes behind the server, which gives up the requests that are open: those that wait
  /// for their user hold the dispatcher, and that one holds the identities.
  struct last_of_identities {
    std::shared_ptr<identity> held;
    ~last_of_identities() { held->close(); }
  } end_of_identities{identities};
  http_server http;
  asio::steady_timer timer{io};
  std::int64_t connections = 0;
  asio::executor_work_guard<asio::io_context::executor_type> work{io.get_executor()};
  std::thread thread;
};

event_loop::event_loop(const config& settings, asio::io_context& io, runtime::node& where,
                       databricks::identity_actor workspace,
                       std::shared_ptr<prometheus::Registry> registry)
    : impl_{std::make_unique<impl>(settings, io, where, std::move(workspace),
                                   std::move(registry))} {
  impl_->thread = std::thread{[this] { impl_->io.run(); }};
  try {
    impl_->run_inside([this, &settings] {
      impl_->http.open();
      impl_->metrics.limits_are(settings.dispatch.max_in_flight,
                                impl_->http.max_connections());
      impl_->observe();
    });
  } catch (...) {
    impl_->end();
    throw;
  }
}

event_loop::~event_loop() {
  impl_->end();
}

std::uint16_t event_loop::port() const noexcept {
  return impl_->http.port();
}

bool event_loop::can_serve() const noexcept {
  return impl_->ready->can_serve();
}

void event_loop::drain() {
  impl_->run_inside([this] { impl_->http.close(); });
}

bool event_loop::is_idle() const noexcept {
  return impl_->dispatch->in_flight() == 0 && impl_->http.unsent() == 0;
}

} // namespace lakegate::gateway
