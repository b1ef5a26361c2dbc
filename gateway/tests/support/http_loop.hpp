#pragma once

#include "gateway/src/http_server.hpp"

#include <asio/executor_work_guard.hpp>
#include <asio/io_context.hpp>
#include <asio/post.hpp>

#include <future>
#include <memory>
#include <thread>
#include <utility>

namespace lakegate::gateway::test {

/// A real server on a free port, its loop on a thread of its own.
class http_loop {
public:
  http_loop(http_server_config config, request_handler handler)
      : server_{std::make_unique<http_server>(io_, std::move(config),
                                              std::move(handler))},
        thread_{[this] { io_.run(); }} {
    try {
      inside([this] { server_->open(); });
    } catch (...) {
      end();
      throw;
    }
  }

  ~http_loop() {
    inside([this] { server_->close(); });
    end();
  }

  /// Runs `f` on the loop and waits for it.
  template <class F>
  void inside(F f) {
    std::packaged_task<void()> task{std::move(f)};
    auto done = task.get_future();
    asio::post(io_, [task = std::move(task)]() mutable { task(); });
    done.get();
  }

  asio::io_context& io() { return io_; }
  http_server& server() { return *server_; }
  std::uint16_t port() const { return server_->port(); }

private:
  void end() {
    io_.stop();
    thread_.join();
  }

  asio::io_context io_{1};
  asio::executor_work_guard<asio::io_context::executor_type> work_{io_.get_executor()};
  std::unique_ptr<http_server> server_;
  std::thread thread_;
};

} // namespace lakegate::gateway::test
