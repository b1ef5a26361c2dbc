#include "shared/http/src/loop.hpp"

#include <asio/post.hpp>

#include <utility>

namespace lakegate::http {

client::loop::loop(client_config config)
    : config_{std::move(config)}, pool_{io_, config_, *this} {}

void client::loop::launch(std::shared_ptr<loop> self) {
  thread_ = std::thread{[self = std::move(self)] { self->io_.run(); }};
}

void client::loop::end() {
  std::unique_lock guard{mutex_};
  orders_.end = true;
  wake(std::move(guard));
  if (thread_.get_id() == std::this_thread::get_id())
    thread_.detach();
  else
    thread_.join();
}

std::uint64_t client::loop::send(request what, callback done) {
  std::unique_lock guard{mutex_};
  auto id = ++last_id_;
  auto has_room = in_flight_ < config_.max_in_flight;
  if (!has_room)
    what = {};
  auto& queue = has_room ? orders_.sent : orders_.refused;
  queue.push_back(std::make_unique<transfer>(id, std::move(what), std::move(done)));
  in_flight_ += has_room ? 1 : 0;
  wake(std::move(guard));
  return id;
}

void client::loop::cancel(std::uint64_t id) {
  std::unique_lock guard{mutex_};
  orders_.cancelled.push_back(id);
  wake(std::move(guard));
}

/// Without the lock, or the thread would wake up only to wait for that.
void client::loop::wake(std::unique_lock<std::mutex> guard) {
  auto is_awake = std::exchange(has_orders_, true);
  guard.unlock();
  if (!is_awake)
    asio::post(io_, [this] { carry_out(); });
}

void client::loop::carry_out() {
  orders taken;
  {
    std::lock_guard guard{mutex_};
    has_orders_ = false;
    taken = std::exchange(orders_, {});
  }
  if (taken.end)
    return end_all(std::move(taken));
  for (auto& x : taken.refused)
    x->deliver(transfer::failed(transport_failure::overloaded));
  for (auto& x : taken.sent)
    start(std::move(x));
  for (auto id : taken.cancelled)
    give_up(id, transport_failure::cancelled);
  watch_deadlines();
}

void client::loop::start(transfer_ptr x) {
  auto& added = *x;
  running_.emplace(added.id(), std::move(x));
  deadlines_.emplace(added.due(), added.id());
  if (added.due() <= transfer::clock::now())
    return finish(added, transfer::failed(transport_failure::timeout));
  if (!added.is_sendable() || !pool_.start(added))
    finish(added, transfer::failed(transport_failure::malformed));
}

void client::loop::finish(transfer& x, response how) {
  auto ended = std::move(running_.extract(x.id()).mapped());
  deadlines_.erase({ended->due(), ended->id()});
  {
    std::lock_guard guard{mutex_};
    --in_flight_;
  }
  ended->deliver(std::move(how));
}

void client::loop::give_up(std::uint64_t id, transport_failure why) {
  auto found = running_.find(id);
  if (found == running_.end())
    return;
  pool_.stop(*found->second);
  finish(*found->second, transfer::failed(why));
}

void client::loop::expire() {
  auto now = transfer::clock::now();
  while (!deadlines_.empty() && deadlines_.begin()->first <= now)
    give_up(deadlines_.begin()->second, transport_failure::timeout);
}

/// The timer is set anew for an earlier deadline only: most calls are over before theirs,
/// and each setting is a system call.
void client::loop::watch_deadlines() {
  if (deadlines_.empty() || deadlines_.begin()->first >= timer_due_)
    return;
  timer_due_ = deadlines_.begin()->first;
  timer_.expires_at(timer_due_);
  timer_.async_wait([this](const asio::error_code& fault) {
    if (fault) // Set anew.
      return;
    timer_due_ = transfer::clock::time_point::max();
    expire();
    watch_deadlines();
  });
}

void client::loop::end_all(orders left) {
  for (auto* queue : {&left.sent, &left.refused})
    for (auto& x : *queue)
      x->deliver(transfer::failed(transport_failure::cancelled));
  // The last first: what waits for a connection must not get one that becomes free.
  while (!running_.empty())
    give_up(running_.rbegin()->first, transport_failure::cancelled);
  pool_.close();
  io_.stop();
}

} // namespace lakegate::http
