#pragma once

#include <curl/curl.h>

#include <chrono>
#include <optional>
#include <vector>

namespace lakegate::http {

/// What libcurl waits for, through epoll (curl_multi_socket_action(3)): unlike
/// curl_multi_perform a turn costs by the sockets that have something, not by the
/// transfers under way, and curl need not ask each socket once more.
///
/// All but `wake` belong to the one thread that runs the multi handle.
class poller {
public:
  /// Throws std::runtime_error when the process is out of descriptors.
  poller();
  ~poller(); ///< After curl_multi_cleanup.
  poller(const poller&) = delete;
  poller& operator=(const poller&) = delete;

  /// Makes `multi` report to this one its sockets and its timer.
  void attach(CURLM* multi);
  /// Waits until a socket is ready, curl's timer is due, `wake` was called or `longest`
  /// is over; then lets curl do all that can be done without waiting.
  void turn(std::chrono::milliseconds longest);
  /// Ends the present or else the next `turn`. Any thread.
  void wake() const noexcept;

private:
  using clock = std::chrono::steady_clock;

  static int on_socket(CURL*, curl_socket_t socket, int what, void* self, void* known);
  static int on_timer(CURLM*, long milliseconds, void* self);
  void act(curl_socket_t socket, int events) const;

  CURLM* multi_ = nullptr;
  int epoll_ = -1;
  int waker_ = -1;
  std::optional<clock::time_point> timer_;
};

} // namespace lakegate::http
