#include "shared/runtime/tests/link_world.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <stdexcept>

namespace lakegate::runtime::test {

namespace {

node_config Named(node_config x, std::string name) {
  x.name = std::move(name);
  return x;
}

double ValueOf(const prometheus::ClientMetric& x) {
  return x.counter.value + x.gauge.value + static_cast<double>(x.histogram.sample_count);
}

void AskTheWorkspaceTwice(const caller& who) {
  if (!who.meter)
    return;
  auto now = call_meter::clock::now();
  who.meter->begin(hop::upstream, now);
  who.meter->attempted();
  who.meter->attempted();
  who.meter->end(hop::upstream, now + std::chrono::hours{1});
  who.meter->set_cache(cache_verdict::shared);
}

} // namespace

catalog::service_actor SpawnService(caf::actor_system& system,
                                    std::shared_ptr<service_memory> memory) {
  using service = catalog::service_actor;
  return system.spawn([memory](service::pointer self) -> service::behavior_type {
    return {
        [](const catalog::list_catalogs& x) -> caf::result<catalog::name_page> {
          AskTheWorkspaceTwice(x.who);
          return make_error(
              failure{errc::catalog_not_found, "No such thing.", "{\"a\":1}", caf::none});
        },
        [=](const catalog::list_schemas& x) -> catalog::name_page {
          AskTheWorkspaceTwice(x.who);
          ++memory->handled;
          memory->time_left_us = x.who.time_left.count() / 1000;
          return {{x.catalog}, static_cast<std::int64_t>(x.catalog.size())};
        },
        [=](const catalog::list_table_names&) -> caf::result<catalog::name_page> {
          ++memory->waiting;
          return self->make_response_promise<catalog::name_page>();
        },
        [=](const catalog::list_tables& x) -> catalog::table_page {
          AskTheWorkspaceTwice(x.who);
          return {{}, static_cast<std::int64_t>(memory->handled.load())};
        },
        [](const catalog::query_table& x) -> catalog::query_result {
          AskTheWorkspaceTwice(x.who);
          catalog::query_result result;
          result.rows = json_text::trusted(
              std::string(static_cast<std::size_t>(x.limit.value_or(0)), '1'));
          return result;
        },
        [=](const cancel_call& x) { memory->cancelled = x.call_id; },
        [](const get_status&) -> service_status { return {}; },
    };
  });
}

ServiceNode::ServiceNode(std::uint16_t port, unbatcher_config config,
                         node_config options) {
  options.listen_port = port;
  node_ = std::make_unique<node>(Named(std::move(options), "service"));
  service_ = SpawnService(node_->system(), memory_);
  unbatcher_ = spawn_unbatcher(*node_, service_, std::move(config), registry_);
  auto published = node_->publish(unbatcher_);
  if (!published)
    throw std::runtime_error{failure_of(published.error()).message};
  port_ = *published;
}

ServiceNode::~ServiceNode() {
  node_->end_with_me(caf::actor_cast<caf::strong_actor_ptr>(service_));
  service_ = nullptr;
  unbatcher_ = nullptr;
}

Gateway::Gateway(std::vector<std::uint16_t> ports, link_config config,
                 node_config options)
    : node_{Named(std::move(options), "gateway")} {
  config.service = "catalog";
  for (auto port : ports)
    config.peers.push_back({"127.0.0.1", port});
  link_ = std::make_unique<link>(node_, io_, std::move(config), registry_);
  thread_ = std::thread{[this] { io_.run(); }};
}

Gateway::~Gateway() {
  work_.reset();
  io_.stop();
  thread_.join();
  link_.reset();
}

void Gateway::OnLoop(const std::function<void(link&)>& f) {
  std::promise<void> done;
  asio::post(io_, [&] {
    f(*link_);
    done.set_value();
  });
  done.get_future().wait();
}

double MetricOf(prometheus::Registry& registry, const std::string& name) {
  double result = 0;
  for (const auto& family : registry.Collect())
    if (family.name == name)
      for (const auto& x : family.metric)
        result += ValueOf(x);
  return result;
}

double Gateway::Metric(const std::string& name) {
  return MetricOf(registry_, name);
}

std::size_t Gateway::Batches() {
  return static_cast<std::size_t>(Metric("lakegate_link_batch_commands"));
}

} // namespace lakegate::runtime::test
