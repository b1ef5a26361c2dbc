#include "services/sandbox/src/worker_pool.hpp"

#include <lakegate/runtime/log.hpp>

#include <exception>
#include <utility>

namespace lakegate::sandbox {

worker_pool::worker_pool(std::size_t threads, std::size_t queue_limit)
    : limit_{queue_limit} {
  for (std::size_t i = 0; i < threads; ++i)
    threads_.emplace_back([this] { run(); });
}

worker_pool::~worker_pool() {
  stop();
}

bool worker_pool::submit(std::function<void()> work) {
  {
    const std::lock_guard guard{lock_};
    if (stopping_ || queue_.size() >= limit_)
      return false;
    queue_.push_back(std::move(work));
  }
  ready_.notify_one();
  return true;
}

void worker_pool::stop() {
  {
    const std::lock_guard guard{lock_};
    stopping_ = true;
  }
  ready_.notify_all();
  for (auto& t : threads_)
    if (t.joinable())
      t.join();
}

void worker_pool::run() {
  for (;;) {
    std::function<void()> work;
    {
      std::unique_lock guard{lock_};
      ready_.wait(guard, [this] { return stopping_ || !queue_.empty(); });
      if (stopping_)
        return;
      work = std::move(queue_.front());
      queue_.pop_front();
    }
    try {
      work();
    } catch (const std::exception& e) {
      log::error("worker_threw", {{"reason", e.what()}});
    }
  }
}

} // namespace lakegate::sandbox
