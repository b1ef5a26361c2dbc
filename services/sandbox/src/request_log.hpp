#pragma once

#include <lakegate/core/json_writer.hpp>

#include <cstddef>
#include <deque>
#include <mutex>
#include <string>

namespace lakegate::sandbox {

/// A request as tests may look at it: never a token, never a body.
struct logged_request {
  std::string time; ///< RFC 3339.
  std::string method;
  std::string path;
  std::string query;
  std::string user; ///< Empty: the token was refused or none was needed.
  std::string traceparent;
  std::string user_agent;
};

/// The last requests, oldest first. Thread safe.
class request_log {
public:
  void add(logged_request what) {
    const std::lock_guard guard{lock_};
    if (kept_.size() == limit)
      kept_.pop_front();
    kept_.push_back(std::move(what));
  }

  void clear() {
    const std::lock_guard guard{lock_};
    kept_.clear();
  }

  void write(json_writer& w) const {
    const std::lock_guard guard{lock_};
    w.begin_object().key("requests").begin_array();
    for (const auto& r : kept_) {
      w.begin_object().member("time", r.time).member("method", r.method);
      w.member("path", r.path).member("query", r.query).member("user", r.user);
      w.member("traceparent", r.traceparent)
          .member("user_agent", r.user_agent)
          .end_object();
    }
    w.end_array().end_object();
  }

private:
  static constexpr std::size_t limit = 10'000;
  mutable std::mutex lock_;
  std::deque<logged_request> kept_;
};

} // namespace lakegate::sandbox
