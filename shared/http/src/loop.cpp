#include "shared/http/src/loop.hpp"

#include <signal.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace lakegate::http {

namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds longest_turn{1000};

void initialise_curl_once() {
  static const auto verdict = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (verdict != CURLE_OK)
    throw std::runtime_error{"libcurl can't be initialised"};
}

/// With CURLOPT_NOSIGNAL curl leaves SIGPIPE to us, and OpenSSL writes to sockets in a
/// way that raises it when the peer is gone.
void block_broken_pipe_signal() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

} // namespace

client::loop::loop(client_config config) : config_{std::move(config)} {
  initialise_curl_once();
  multi_ = curl_multi_init();
  if (!multi_)
    throw std::bad_alloc{};
  poller_.attach(multi_);
  auto connections = static_cast<long>(config_.max_connections_per_host);
  curl_multi_setopt(multi_, CURLMOPT_PIPELINING, static_cast<long>(CURLPIPE_NOTHING));
  curl_multi_setopt(multi_, CURLMOPT_MAX_HOST_CONNECTIONS, connections);
  curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, connections);
}

client::loop::~loop() {
  for (auto* handle : idle_handles_)
    curl_easy_cleanup(handle);
  curl_multi_cleanup(multi_);
}

void client::loop::launch(std::shared_ptr<loop> self) {
  thread_ = std::thread{[self = std::move(self)] { self->run(); }};
}

void client::loop::end() {
  {
    std::lock_guard guard{mutex_};
    ending_ = true;
  }
  poller_.wake();
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
  auto& queue = has_room ? sent_ : refused_;
  queue.push_back(std::make_unique<transfer>(id, std::move(what), std::move(done)));
  in_flight_ += has_room ? 1 : 0;
  wake(std::move(guard));
  return id;
}

void client::loop::cancel(std::uint64_t id) {
  std::unique_lock guard{mutex_};
  cancelled_.push_back(id);
  wake(std::move(guard));
}

/// Without the lock, or the thread would wake up only to wait for that.
void client::loop::wake(std::unique_lock<std::mutex> guard) {
  auto must_wake = std::exchange(sleeps_, false);
  guard.unlock();
  if (must_wake)
    poller_.wake();
}

bool client::loop::may_sleep() {
  std::lock_guard guard{mutex_};
  sleeps_ = sent_.empty() && refused_.empty() && cancelled_.empty() && !ending_;
  return sleeps_;
}

void client::loop::run() {
  block_broken_pipe_signal();
  while (take_orders()) {
    poller_.turn(may_sleep() ? time_to_next_deadline() : 0ms);
    reap();
    expire();
  }
  end_all();
}

bool client::loop::take_orders() {
  std::vector<transfer_ptr> sent;
  std::vector<transfer_ptr> refused;
  std::vector<std::uint64_t> cancelled;
  {
    std::lock_guard guard{mutex_};
    if (ending_)
      return false;
    sent.swap(sent_);
    refused.swap(refused_);
    cancelled.swap(cancelled_);
  }
  for (auto& x : refused)
    x->deliver(x->conclude(transport_failure::overloaded));
  for (auto& x : sent)
    start(std::move(x));
  for (auto id : cancelled)
    finish(id, transport_failure::cancelled);
  return true;
}

void client::loop::start(transfer_ptr x) {
  auto& added = *x;
  auto id = added.id();
  deadlines_.emplace(added.due(), id);
  running_.emplace(id, std::move(x));
  if (!added.is_sendable())
    return finish(id, transport_failure::malformed);
  if (added.due() <= transfer::clock::now())
    return finish(id, transport_failure::timeout);
  added.prepare(take_handle());
  if (curl_multi_add_handle(multi_, added.handle()) != CURLM_OK)
    finish(id, transport_failure::connect);
}

void client::loop::reap() {
  int left = 0;
  while (auto* message = curl_multi_info_read(multi_, &left)) {
    if (message->msg != CURLMSG_DONE)
      continue;
    auto verdict = message->data.result;
    transfer* ended = nullptr;
    curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &ended);
    finish(ended->id(), verdict);
  }
}

/// curl ends a running transfer in time by itself, but one that waits for a connection of
/// its host it need not look at before one is free.
void client::loop::expire() {
  auto now = transfer::clock::now();
  while (!deadlines_.empty() && deadlines_.begin()->first <= now)
    finish(deadlines_.begin()->second, transport_failure::timeout);
}

void client::loop::end_all() {
  std::vector<transfer_ptr> queued;
  {
    std::lock_guard guard{mutex_};
    queued.swap(sent_);
    std::move(refused_.begin(), refused_.end(), std::back_inserter(queued));
    refused_.clear();
  }
  for (auto& x : queued)
    x->deliver(x->conclude(transport_failure::cancelled));
  while (!running_.empty())
    finish(running_.begin()->first, transport_failure::cancelled);
}

std::chrono::milliseconds client::loop::time_to_next_deadline() const {
  if (deadlines_.empty())
    return longest_turn;
  auto left = std::chrono::ceil<std::chrono::milliseconds>(deadlines_.begin()->first
                                                           - transfer::clock::now());
  return std::clamp(left, 0ms, longest_turn);
}

CURL* client::loop::take_handle() {
  if (idle_handles_.empty()) {
    auto* fresh = curl_easy_init();
    if (!fresh)
      throw std::bad_alloc{};
    transfer::configure(fresh, config_);
    return fresh;
  }
  auto* handle = idle_handles_.back();
  idle_handles_.pop_back();
  return handle;
}

template <class Verdict>
void client::loop::finish(std::uint64_t id, Verdict verdict) {
  auto found = running_.find(id);
  if (found == running_.end())
    return;
  auto ended = std::move(found->second);
  running_.erase(found);
  deadlines_.erase({ended->due(), id});
  auto answer = ended->conclude(verdict);
  if (auto* handle = ended->handle()) {
    curl_multi_remove_handle(multi_, handle);
    idle_handles_.push_back(handle);
  }
  {
    std::lock_guard guard{mutex_};
    --in_flight_;
  }
  ended->deliver(std::move(answer));
}

} // namespace lakegate::http
