#include "shared/runtime/src/log_sink.hpp"

#include <lakegate/core/json_writer.hpp>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <utility>

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

namespace lakegate::log {

namespace {

using namespace std::chrono_literals;

constexpr auto write_interval = 20ms;
constexpr std::size_t max_buffered = std::size_t{4} << 20;
/// A pipe that `poll` calls writable takes this much without blocking (PIPE_BUF,
/// pipe(7)).
constexpr std::size_t write_size = 4096;
constexpr int flush_patience_ms = 1000;

void append_count(std::string& out, std::string_view event, std::string_view of,
                  std::uint64_t count) {
  begin_line(out, "warn", event);
  if (!of.empty()) {
    out += ",\"of\":";
    append_json_string(out, of);
  }
  out += ",\"count\":" + std::to_string(count) + "}\n";
}

std::string process_member(std::string_view name) {
  std::string result{",\"process\":"};
  append_json_string(result, name);
  return result;
}

} // namespace

sink& sink::instance() {
  static auto* the_sink = new sink;
  return *the_sink;
}

sink::sink()
    : fd_{STDERR_FILENO}, process_members_(1), process_{&process_members_.front()} {
  buffer_.reserve(64 * 1024);
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  writer_ = std::thread{[this] { run(); }};
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  std::atexit([] { instance().flush(); });
}

void sink::append(std::string_view line, bool soon) {
  auto wake = false;
  {
    std::lock_guard guard{mutex_};
    if (buffer_.size() + line.size() > max_buffered) {
      ++dropped_;
      return;
    }
    wake = buffer_.empty() || (soon && !soon_);
    soon_ = soon_ || soon;
    buffer_ += line;
  }
  if (wake)
    wake_.notify_one();
}

bool sink::admit(std::string_view name) {
  std::lock_guard guard{mutex_};
  return limiter_.admit(name, std::chrono::steady_clock::now());
}

void sink::run() {
  for (;;) {
    {
      std::unique_lock lock{mutex_};
      auto has_lines = [&] { return !buffer_.empty(); };
      wake_.wait(lock, [&] { return has_lines() || limiter_.owes_report(); });
      // Lines that were held back are reported when their second is over.
      if (has_lines() || wake_.wait_for(lock, 1s, has_lines))
        wake_.wait_for(lock, write_interval, [&] { return soon_; });
    }
    std::lock_guard guard{writing_};
    if (take(spare_))
      write(spare_, -1);
  }
}

void sink::flush() {
  std::unique_lock lock{writing_, std::chrono::milliseconds{flush_patience_ms}};
  if (lock.owns_lock() && take(spare_))
    write(spare_, flush_patience_ms);
}

bool sink::take(std::string& out) {
  out.clear();
  std::lock_guard guard{mutex_};
  out.swap(buffer_);
  soon_ = false;
  if (dropped_ > 0)
    append_count(out, "log_lines_dropped", {}, dropped_);
  dropped_ = 0;
  limiter_.report(std::chrono::steady_clock::now(),
                  [&](std::string_view name, std::uint64_t count) {
                    append_count(out, "log_lines_held_back", name, count);
                  });
  return !out.empty();
}

void sink::write(std::string_view text, int patience_ms) {
  while (!text.empty()) {
    pollfd ready{fd_, POLLOUT, 0};
    auto polled = ::poll(&ready, 1, patience_ms);
    if (polled < 0 && errno == EINTR)
      continue;
    if (polled <= 0)
      return;
    auto written = ::write(fd_, text.data(), std::min(text.size(), write_size));
    if (written >= 0)
      text.remove_prefix(static_cast<std::size_t>(written));
    else if (errno != EINTR && errno != EAGAIN)
      return; // closed or full: there is no place left to say so
  }
}

bool sink::open_file(const std::string& path) {
  auto fd = ::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0640);
  if (fd < 0)
    return false;
  flush();
  std::unique_lock lock{writing_, std::chrono::milliseconds{flush_patience_ms}};
  if (!lock.owns_lock()) {
    ::close(fd);
    return false;
  }
  auto before = std::exchange(fd_, fd);
  if (before != STDERR_FILENO)
    ::close(before);
  return true;
}

const std::string& sink::process() const noexcept {
  return *process_.load(std::memory_order_acquire);
}

void sink::set_process(std::string_view name) {
  std::lock_guard guard{mutex_};
  process_members_.push_back(process_member(name));
  process_.store(&process_members_.back(), std::memory_order_release);
}

} // namespace lakegate::log
