#pragma once

#include "shared/http/src/pool.hpp"
#include "shared/http/src/transfer.hpp"

#include <asio/executor_work_guard.hpp>
#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>

#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <thread>
#include <utility>
#include <vector>

namespace lakegate::http {

/// The thread behind a client. `send` and `cancel` only queue; everything else runs on
/// it.
class client::loop final : pool::owner {
public:
  explicit loop(client_config config);
  loop(const loop&) = delete;
  loop& operator=(const loop&) = delete;

  /// Starts the thread, which keeps `self` alive until it ends.
  void launch(std::shared_ptr<loop> self);
  /// Ends the thread; waits for that unless it is the caller.
  void end();

  std::uint64_t send(request what, callback done);
  void cancel(std::uint64_t id);

private:
  using transfer_ptr = std::unique_ptr<transfer>;

  /// What other threads ask for.
  struct orders {
    std::vector<transfer_ptr> sent;
    /// Over the bound; only their callbacks are called.
    std::vector<transfer_ptr> refused;
    std::vector<std::uint64_t> cancelled;
    bool end = false;
  };

  /// Has the thread look at the orders, unless it is about to.
  void wake(std::unique_lock<std::mutex> guard);
  void carry_out();
  void start(transfer_ptr x);
  /// Takes the transfer from everything, then tells its caller.
  void finish(transfer& x, response how);
  /// The same of one that the pool still has.
  void give_up(std::uint64_t id, transport_failure why);
  void end_all(orders left);
  void expire();
  void watch_deadlines();

  void on_end(transfer& x, response how) override { finish(x, std::move(how)); }

  client_config config_;
  asio::io_context io_{1}; ///< One thread.
  asio::executor_work_guard<asio::io_context::executor_type> work_{io_.get_executor()};
  asio::steady_timer timer_{io_};
  transfer::clock::time_point timer_due_ = transfer::clock::time_point::max();
  pool pool_;
  std::map<std::uint64_t, transfer_ptr> running_;
  std::set<std::pair<transfer::clock::time_point, std::uint64_t>> deadlines_;

  std::mutex mutex_; ///< Guards all below.
  orders orders_;
  bool has_orders_ = false;
  std::size_t in_flight_ = 0;
  std::uint64_t last_id_ = 0;

  std::thread thread_;
};

} // namespace lakegate::http
