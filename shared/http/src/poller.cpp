#include "shared/http/src/poller.hpp"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <stdexcept>

namespace lakegate::http {

namespace {

/// Descriptors that are ready beyond these are told in the next turn.
constexpr std::size_t events_a_turn = 64;

std::uint32_t interest_of(int what) {
  return (what & CURL_POLL_IN ? EPOLLIN : 0U) | (what & CURL_POLL_OUT ? EPOLLOUT : 0U);
}

int readiness_of(std::uint32_t events) {
  return (events & (EPOLLIN | EPOLLHUP) ? CURL_CSELECT_IN : 0)
         | (events & EPOLLOUT ? CURL_CSELECT_OUT : 0)
         | (events & EPOLLERR ? CURL_CSELECT_ERR : 0);
}

} // namespace

poller::poller()
    : epoll_{::epoll_create1(EPOLL_CLOEXEC)}, waker_{::eventfd(0, EFD_NONBLOCK
                                                                      | EFD_CLOEXEC)} {
  epoll_event call{};
  call.events = EPOLLIN;
  call.data.fd = waker_;
  if (epoll_ < 0 || waker_ < 0 || ::epoll_ctl(epoll_, EPOLL_CTL_ADD, waker_, &call) != 0)
    throw std::runtime_error{"no descriptor left for the HTTP client"};
}

poller::~poller() {
  ::close(waker_);
  ::close(epoll_);
}

void poller::attach(CURLM* multi) {
  multi_ = multi;
  curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, &poller::on_socket);
  curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, this);
  curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, &poller::on_timer);
  curl_multi_setopt(multi, CURLMOPT_TIMERDATA, this);
}

void poller::turn(std::chrono::milliseconds longest) {
  if (timer_)
    longest = std::min(
        longest, std::chrono::ceil<std::chrono::milliseconds>(*timer_ - clock::now()));
  std::array<epoll_event, events_a_turn> ready;
  auto n = ::epoll_wait(epoll_, ready.data(), static_cast<int>(ready.size()),
                        static_cast<int>(std::max<std::int64_t>(longest.count(), 0)));
  for (int i = 0; i < n; ++i) {
    const auto& x = ready.at(static_cast<std::size_t>(i));
    eventfd_t ignored = 0;
    if (x.data.fd == waker_)
      ::eventfd_read(waker_, &ignored);
    else
      act(x.data.fd, readiness_of(x.events));
  }
  if (timer_ && *timer_ <= clock::now()) {
    timer_.reset();
    act(CURL_SOCKET_TIMEOUT, 0);
  }
}

void poller::wake() const noexcept {
  ::eventfd_write(waker_, 1);
}

/// Its result would only repeat what the transfers themselves are told.
void poller::act(curl_socket_t socket, int events) const {
  int running = 0;
  curl_multi_socket_action(multi_, socket, events, &running);
}

/// `known` is null for a socket that was not watched before.
int poller::on_socket(CURL*, curl_socket_t socket, int what, void* self, void* known) {
  auto& x = *static_cast<poller*>(self);
  epoll_event wanted{};
  wanted.data.fd = socket;
  if (what == CURL_POLL_REMOVE) {
    // Fails for one that is closed already, which epoll has forgotten by itself.
    ::epoll_ctl(x.epoll_, EPOLL_CTL_DEL, socket, &wanted);
    return 0;
  }
  wanted.events = interest_of(what);
  auto done =
      ::epoll_ctl(x.epoll_, known ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, socket, &wanted);
  curl_multi_assign(x.multi_, socket, self);
  return done;
}

int poller::on_timer(CURLM*, long milliseconds, void* self) {
  auto& x = *static_cast<poller*>(self);
  if (milliseconds < 0)
    x.timer_.reset();
  else
    x.timer_ = clock::now() + std::chrono::milliseconds{milliseconds};
  return 0;
}

} // namespace lakegate::http
