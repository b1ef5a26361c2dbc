#include "shared/runtime/src/peer_lookup.hpp"

#include <caf/actor.hpp>
#include <caf/actor_cast.hpp>
#include <caf/send.hpp>

#include <arpa/inet.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <set>
#include <thread>

namespace lakegate::runtime {

namespace {

constexpr int probe_milliseconds = 1000;

using address_list = std::unique_ptr<addrinfo, decltype(&freeaddrinfo)>;

address_list look_up(const peer_address& x, int flags) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = flags;
  addrinfo* found = nullptr;
  auto port = std::to_string(x.port);
  if (getaddrinfo(x.host.c_str(), port.c_str(), &hints, &found) != 0)
    found = nullptr;
  return {found, freeaddrinfo};
}

std::vector<peer_address> find_all(const std::vector<peer_address>& names) {
  std::set<std::pair<std::string, std::uint16_t>> result;
  for (const auto& x : names) {
    auto found = look_up(x, 0);
    for (auto* i = found.get(); i != nullptr; i = i->ai_next) {
      char text[NI_MAXHOST];
      if (getnameinfo(i->ai_addr, i->ai_addrlen, text, sizeof text, nullptr, 0,
                      NI_NUMERICHOST)
          == 0)
        result.emplace(text, x.port);
    }
  }
  std::vector<peer_address> list;
  list.reserve(result.size());
  for (const auto& [host, port] : result)
    list.push_back({host, port});
  return list;
}

bool is_accepting(const peer_address& x) {
  auto found = look_up(x, AI_NUMERICHOST);
  if (!found)
    return false;
  int fd = socket(found->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0)
    return false;
  bool result = connect(fd, found->ai_addr, found->ai_addrlen) == 0;
  if (!result && errno == EINPROGRESS) {
    pollfd wait{fd, POLLOUT, 0};
    int fault = 0;
    socklen_t size = sizeof fault;
    result = poll(&wait, 1, probe_milliseconds) == 1
             && getsockopt(fd, SOL_SOCKET, SO_ERROR, &fault, &size) == 0 && fault == 0;
  }
  close(fd);
  return result;
}

} // namespace

struct peer_lookup::state {
  std::mutex mutex;
  std::condition_variable changed;
  caf::weak_actor_ptr owner;
  std::deque<std::function<void()>> jobs;
  bool is_stopped = false;
  bool is_finished = false;
  std::thread thread;

  void run() {
    std::unique_lock guard{mutex};
    while (true) {
      changed.wait(guard, [this] { return is_stopped || !jobs.empty(); });
      if (is_stopped)
        break;
      auto job = std::move(jobs.front());
      jobs.pop_front();
      guard.unlock();
      job();
      guard.lock();
    }
    is_finished = true;
    changed.notify_all();
  }

  void add(std::function<void()> job) {
    std::lock_guard guard{mutex};
    jobs.push_back(std::move(job));
    changed.notify_all();
  }

  /// Under the lock, so that nothing is sent once the owner's system may be gone.
  template <class T>
  void answer(T x) {
    std::lock_guard guard{mutex};
    if (is_stopped)
      return;
    if (auto to = caf::actor_cast<caf::strong_actor_ptr>(owner))
      caf::anon_send(caf::actor_cast<caf::actor>(to), std::move(x));
  }
};

peer_lookup::peer_lookup(const caf::strong_actor_ptr& owner)
    : state_{std::make_shared<state>()} {
  state_->owner = caf::actor_cast<caf::weak_actor_ptr>(owner);
  state_->thread = std::thread{[s = state_] { s->run(); }};
}

peer_lookup::~peer_lookup() {
  std::unique_lock guard{state_->mutex};
  state_->is_stopped = true;
  state_->jobs.clear();
  state_->changed.notify_all();
  auto is_done = state_->changed.wait_for(guard, std::chrono::seconds{2},
                                          [this] { return state_->is_finished; });
  auto thread = std::move(state_->thread);
  guard.unlock();
  if (is_done)
    thread.join();
  else
    thread.detach();
}

void peer_lookup::find(std::vector<peer_address> names) {
  state_->add([s = state_.get(), names = std::move(names)] {
    s->answer(peers_found{find_all(names)});
  });
}

void peer_lookup::probe(std::uint32_t replica, peer_address where) {
  state_->add([s = state_.get(), replica, where = std::move(where)] {
    s->answer(peer_probed{replica, is_accepting(where)});
  });
}

bool is_literal(const std::string& host) {
  return look_up({host, 1}, AI_NUMERICHOST) != nullptr;
}

} // namespace lakegate::runtime
