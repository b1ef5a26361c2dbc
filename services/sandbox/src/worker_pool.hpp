#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace lakegate::sandbox {

/// A few threads for work that blocks: SQL, models.
class worker_pool {
public:
  worker_pool(std::size_t threads, std::size_t queue_limit);
  ~worker_pool(); ///< Runs what has begun to its end, drops the rest.

  /// False: too much is waiting, or the pool has stopped.
  bool submit(std::function<void()> work);
  void stop();

private:
  void run();

  std::size_t limit_;
  std::mutex lock_;
  std::condition_variable ready_;
  std::deque<std::function<void()>> queue_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

} // namespace lakegate::sandbox
