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
constexpr std::chrono::milliseconds flush_patience{1000};

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
  lock held{mutex_};
  auto has_lines = [&] { return !buffer_.empty(); };
  for (;;) {
    wake_.wait(held, [&] { return has_lines() || limiter_.owes_report(); });
    // Lines that were held back are reported when their second is over.
    if (has_lines() || wake_.wait_for(held, 1s, has_lines))
      wake_.wait_for(held, write_interval, [&] { return soon_; });
    if (wait_until_idle(held, 1h))
      write_all(held, -1, std::chrono::steady_clock::now());
  }
}

void sink::flush() {
  lock held{mutex_};
  if (wait_until_idle(held, flush_patience))
    write_all(held, static_cast<int>(flush_patience.count()), limiter::time_point::max());
}

bool sink::wait_until_idle(lock& held, std::chrono::milliseconds limit) {
  return idle_.wait_for(held, limit, [&] { return !writing_; });
}

void sink::write_all(lock& held, int patience_ms, limiter::time_point counts_until) {
  take(counts_until);
  writing_ = true;
  held.unlock();
  write(spare_, patience_ms);
  held.lock();
  writing_ = false;
  idle_.notify_all();
}

void sink::take(limiter::time_point counts_until) {
  spare_.clear();
  spare_.swap(buffer_);
  soon_ = false;
  if (dropped_ > 0)
    append_count(spare_, "log_lines_dropped", {}, dropped_);
  dropped_ = 0;
  limiter_.report(counts_until, [&](std::string_view name, std::uint64_t count) {
    append_count(spare_, "log_lines_held_back", name, count);
  });
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
  lock held{mutex_};
  if (!wait_until_idle(held, flush_patience)) {
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
