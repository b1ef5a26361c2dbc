#pragma once

#include "shared/http/src/poller.hpp"
#include "shared/http/src/transfer.hpp"

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
class client::loop {
public:
  explicit loop(client_config config);
  ~loop();
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

  void run();
  /// Starts and cancels what was asked for meanwhile; false: the client is to end.
  bool take_orders();
  void start(transfer_ptr x);
  /// Delivers what curl has finished.
  void reap();
  void expire();
  void end_all();
  std::chrono::milliseconds time_to_next_deadline() const;
  void wake(std::unique_lock<std::mutex> guard);
  /// False: there are new orders. Else whoever has one wakes the thread.
  bool may_sleep();
  CURL* take_handle();
  /// Removes the transfer from everything and calls its callback.
  template <class Verdict>
  void finish(std::uint64_t id, Verdict verdict);

  client_config config_;
  poller poller_;
  CURLM* multi_ = nullptr;
  std::vector<CURL*> idle_handles_;
  std::map<std::uint64_t, transfer_ptr> running_;
  std::set<std::pair<transfer::clock::time_point, std::uint64_t>> deadlines_;

  std::mutex mutex_; ///< Guards all below.
  std::vector<transfer_ptr> sent_;
  std::vector<transfer_ptr>
      refused_; ///< Over the bound; only their callbacks are called.
  std::vector<std::uint64_t> cancelled_;
  std::size_t in_flight_ = 0;
  std::uint64_t last_id_ = 0;
  bool ending_ = false;
  bool sleeps_ = false;

  std::thread thread_;
};

} // namespace lakegate::http
