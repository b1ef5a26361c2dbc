#include <lakegate/runtime/node.hpp>

#include <lakegate/contracts/messages.hpp>
#include <lakegate/core/errors.hpp>
#include <lakegate/runtime/log.hpp>
#include <lakegate/runtime/peer_address.hpp>
#include <lakegate/runtime/wire.hpp>

#include "shared/runtime/src/node_identity.hpp"
#include "shared/runtime/src/tls_check.hpp"
#include "shared/runtime/src/tls_errors.hpp"

#include <caf/actor_cast.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/io/middleman.hpp>
#include <caf/openssl/all.hpp>
#include <caf/send.hpp>

#include <chrono>
#include <mutex>
#include <stdexcept>
#include <thread>

static_assert(caf::id_block::lakegate_databricks::end
              <= caf::id_block::lakegate_runtime::begin);

namespace lakegate::runtime {

namespace {

constexpr auto longest_wait = std::chrono::seconds{5};

bool has_tls(const node_config& x) {
  return !x.tls_certificate.empty();
}

struct system_config : caf::actor_system_config {
  explicit system_config(const node_config& x) {
    lakegate::add_message_types(*this);
    add_message_types<caf::id_block::lakegate_runtime>();
    load<caf::io::middleman>();
    use_random_node_id(*this);
    set("scheduler.policy", caf::atom("sharing"));
    set("scheduler.max-threads", x.scheduler_threads);
    set("middleman.workers", std::size_t{0});
    set("middleman.heartbeat-interval", caf::timespan{std::chrono::seconds{1}});
    set("middleman.connection-timeout", caf::timespan{std::chrono::seconds{3}});
    set("middleman.enable-automatic-connections", false);
    set("logger.verbosity", caf::atom("quiet"));
    set("logger.file-verbosity", caf::atom("quiet"));
    set("logger.console-verbosity", caf::atom("quiet"));
    if (!has_tls(x))
      return;
    keep_tls_errors_apart();
    load<caf::openssl::manager>();
    openssl_certificate = x.tls_certificate;
    openssl_key = x.tls_key;
    openssl_cafile = x.tls_ca;
  }
};

} // namespace

std::string fault_of(const node_config& x) {
  auto given = !x.tls_certificate.empty() + !x.tls_key.empty() + !x.tls_ca.empty();
  if (given != 0 && given != 3)
    return "Mutual TLS between processes needs all of node.tls-certificate, node.tls-key "
           "and node.tls-ca, or none.";
  if (given == 0 && !is_loopback(x.listen_host) && !x.insecure_private_network)
    return "node.host is " + x.listen_host
           + ", which is not loopback: set node.tls-certificate, node.tls-key and "
             "node.tls-ca, or LAKEGATE_INSECURE_PRIVATE_NETWORK=1 if nobody else can "
             "reach that network.";
  return given == 3 ? fault_of_tls_files(x) : std::string{};
}

struct node::impl {
  explicit impl(node_config x) : config{std::move(x)}, options{config}, system{options} {}

  node_config config;
  system_config options;
  std::mutex mutex;
  std::vector<caf::strong_actor_ptr> to_end;
  caf::actor_system system;
};

node::node(node_config config) {
  if (auto fault = fault_of(config); !fault.empty())
    throw std::runtime_error{fault};
  impl_ = std::make_unique<impl>(std::move(config));
}

node::~node() {
  {
    std::lock_guard guard{impl_->mutex};
    for (auto& x : impl_->to_end)
      caf::anon_send_exit(x, caf::exit_reason::user_shutdown);
    impl_->to_end.clear();
  }
  // CAF's own wait for the last actor has no limit.
  auto& actors = impl_->system.registry();
  auto limit = std::chrono::steady_clock::now() + longest_wait;
  while (actors.running() > 0 && std::chrono::steady_clock::now() < limit)
    std::this_thread::sleep_for(std::chrono::milliseconds{1});
  if (actors.running() > 0) {
    log::error("actors_left_behind",
               {{"node", impl_->config.name}, {"count", actors.running()}});
    impl_->system.await_actors_before_shutdown(false);
  }
}

caf::actor_system& node::system() noexcept {
  return impl_->system;
}

const node_config& node::config() const noexcept {
  return impl_->config;
}

caf::expected<std::uint16_t> node::publish(const caf::strong_actor_ptr& actor) {
  auto& c = impl_->config;
  auto handle = caf::actor_cast<caf::actor>(actor);
  auto host = c.listen_host == "localhost" ? "127.0.0.1" : c.listen_host.c_str();
  auto port = has_tls(c)
                  ? caf::openssl::publish(handle, c.listen_port, host, true)
                  : impl_->system.middleman().publish(handle, c.listen_port, host, true);
  if (!port)
    return make_error(failure{errc::internal_error,
                              "Can't listen on " + c.listen_host + ":"
                                  + std::to_string(c.listen_port)
                                  + ": the port is taken, or the address is not ours.",
                              {},
                              caf::none});
  return *port;
}

void node::end_with_me(caf::strong_actor_ptr actor) {
  std::lock_guard guard{impl_->mutex};
  impl_->to_end.push_back(std::move(actor));
}

caf::io::middleman_actor node::connector() noexcept {
  auto& system = impl_->system;
  return has_tls(impl_->config) ? system.openssl_manager().actor_handle()
                                : system.middleman().actor_handle();
}

} // namespace lakegate::runtime
