#pragma once

#include <lakegate/contracts/catalog.hpp>
#include <lakegate/core/errors.hpp>
#include <lakegate/runtime/service_link.hpp>
#include <lakegate/runtime/unbatcher.hpp>

#include <asio/executor_work_guard.hpp>
#include <asio/io_context.hpp>
#include <asio/post.hpp>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

/// What the tests of the link have in common: a gateway with an event loop of its own,
/// and services that answer over real sockets.
namespace lakegate::runtime::test {

using namespace std::chrono_literals;

inline constexpr auto patience = 50s;

/// Waits until `claim` holds; false after `limit`.
inline bool Eventually(const std::function<bool()>& claim,
                       std::chrono::milliseconds limit = patience) {
  std::mutex mutex;
  std::condition_variable never;
  std::unique_lock guard{mutex};
  auto end = std::chrono::steady_clock::now() + limit;
  while (!claim()) {
    if (std::chrono::steady_clock::now() > end)
      return false;
    never.wait_for(guard, 2ms);
  }
  return true;
}

/// What the service of the tests saw, and what it keeps back.
struct service_memory {
  std::atomic<std::size_t> handled = 0;
  std::atomic<std::size_t> waiting = 0;
  std::atomic<std::uint64_t> cancelled = 0;
  std::atomic<std::int64_t> time_left_us = 0;
};

/// A catalog service as the tests need it:
/// list_schemas    answers {catalog} at once
/// list_table_names never answers
/// list_tables     answers how many list_schemas there were, as `total`
/// query_table     answers `limit` bytes of rows
/// list_catalogs   fails with not_found, "No such thing."
/// All but list_table_names tell their meter of two calls to the workspace, which take
/// longer than any test, and that a third one was spared.
catalog::service_actor SpawnService(caf::actor_system& system,
                                    std::shared_ptr<service_memory> memory);

/// A process of the service: node, service, unbatcher, published.
class ServiceNode {
public:
  explicit ServiceNode(std::uint16_t port = 0,
                       unbatcher_config config = {.service = "catalog"},
                       node_config options = {});
  ~ServiceNode();

  std::uint16_t Port() const { return port_; }
  service_memory& Memory() const { return *memory_; }
  const caf::strong_actor_ptr& Unbatcher() const { return unbatcher_; }
  node& Node() { return *node_; }
  prometheus::Registry& Registry() { return registry_; }

private:
  prometheus::Registry registry_;
  std::shared_ptr<service_memory> memory_ = std::make_shared<service_memory>();
  std::unique_ptr<node> node_;
  catalog::service_actor service_;
  caf::strong_actor_ptr unbatcher_;
  std::uint16_t port_ = 0;
};

/// An event loop on a thread of its own with a link to the service.
class Gateway {
public:
  using link = service_link<catalog::service_actor>;

  explicit Gateway(std::vector<std::uint16_t> ports, link_config config = {},
                   node_config options = {});
  ~Gateway();

  /// Runs `f` on the loop and waits for it.
  void OnLoop(const std::function<void(link&)>& f);

  template <class Command>
  auto Ask(Command command, std::chrono::milliseconds budget = 40s) {
    using answer = caf::expected<result_of<catalog::service_actor, Command>>;
    auto box = std::make_shared<std::promise<answer>>();
    auto result = box->get_future();
    asio::post(io_, [this, box, command, budget] {
      link_->submit(command, budget, [box](answer x) { box->set_value(std::move(x)); });
    });
    return result;
  }

  bool IsUp() const { return link_->is_up(); }
  bool BecomesUp(std::chrono::milliseconds limit = patience) {
    return Eventually([this] { return IsUp(); }, limit);
  }
  /// The sum of a metric of the link, e.g. `lakegate_link_expired_total`.
  double Metric(const std::string& name);
  /// Messages that carried commands so far.
  std::size_t Batches();

private:
  prometheus::Registry registry_;
  asio::io_context io_{1};
  node node_;
  asio::executor_work_guard<asio::io_context::executor_type> work_ = make_work_guard(io_);
  std::unique_ptr<link> link_;
  std::thread thread_;
};

double MetricOf(prometheus::Registry& registry, const std::string& name);

inline catalog::list_schemas EchoOf(std::string word) {
  catalog::list_schemas result;
  result.catalog = std::move(word);
  return result;
}

inline catalog::query_table RowsOf(std::int64_t bytes) {
  catalog::query_table result;
  result.limit = bytes;
  return result;
}

/// The answer, or a failed wait as an error.
template <class T>
caf::expected<T> Await(std::future<caf::expected<T>> x) {
  if (x.wait_for(patience) != std::future_status::ready)
    return make_error(failure{errc::none, "no answer in time", {}, caf::none});
  return x.get();
}

template <class T>
errc CodeOf(const caf::expected<T>& x) {
  return x ? errc::none : failure_of(x.error()).code;
}

} // namespace lakegate::runtime::test
