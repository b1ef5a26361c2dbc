#include "shared/postgres/src/channel.hpp"

#include <algorithm>
#include <stdexcept>

#include <sys/eventfd.h>
#include <unistd.h>

namespace lakegate::postgres {

namespace {

/// Work with less time left than this is not started.
constexpr std::chrono::milliseconds too_late{5};

} // namespace

wake_up::wake_up() : descriptor_{::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)} {
  if (descriptor_ < 0)
    throw std::runtime_error{"no eventfd to be had"};
}

wake_up::~wake_up() {
  ::close(descriptor_);
}

void wake_up::raise() const noexcept {
  ::eventfd_write(descriptor_, 1);
}

void wake_up::lower() const noexcept {
  eventfd_t ignored;
  ::eventfd_read(descriptor_, &ignored);
}

bool log_gate::opens() {
  std::lock_guard guard{mutex_};
  const auto now = steady::now();
  if (last_ && now < *last_ + std::chrono::seconds{5})
    return false;
  last_ = now;
  return true;
}

finished_job unavailable(const job& x) {
  return {x.id, nullptr, make_error(errc::database_unavailable)};
}

channel::channel(std::size_t connections, std::size_t max_waiting,
                 std::shared_ptr<availability> state, sink deliver)
    : max_waiting_{max_waiting}, state_{std::move(state)}, deliver_{std::move(deliver)},
      is_up_(connections, false), is_busy_(connections, false),
      sleeps_(connections, false) {
  for (std::size_t i = 0; i < connections; ++i)
    wakers_.push_back(std::make_unique<wake_up>());
}

void channel::push(std::vector<job> jobs) {
  std::vector<finished_job> refused;
  std::optional<std::size_t> sleeper;
  {
    std::lock_guard guard{mutex_};
    for (auto& x : jobs) {
      if (down_)
        refused.push_back(unavailable(x));
      else if (jobs_.size() >= max_waiting_)
        refused.push_back({x.id, nullptr, make_error(errc::overloaded)});
      else
        jobs_.push_back(std::move(x));
    }
    if (!jobs_.empty())
      sleeper = next_sleeper();
  }
  wake(sleeper);
  deliver(std::move(refused));
}

void channel::put_back(std::vector<job> jobs) {
  std::optional<std::size_t> sleeper;
  {
    std::lock_guard guard{mutex_};
    jobs_.insert(jobs_.begin(), std::make_move_iterator(jobs.begin()),
                 std::make_move_iterator(jobs.end()));
    sleeper = next_sleeper();
  }
  wake(sleeper);
}

std::vector<job> channel::take(std::size_t index, std::size_t in_flight,
                               std::size_t count, std::size_t bytes) {
  std::vector<job> result;
  std::vector<finished_job> expired;
  std::optional<std::size_t> sleeper;
  {
    std::lock_guard guard{mutex_};
    // One slow query holds up those behind it on its connection, so idle ones go first.
    if (in_flight > 0 && !jobs_.empty())
      sleeper = idle_sleeper();
    if (!sleeper)
      result = take_share(count, bytes, expired);
    is_busy_[index] = in_flight > 0 || !result.empty();
    if (!jobs_.empty() && !sleeper)
      sleeper = next_sleeper();
    sleeps_[index] = true;
  }
  wake(sleeper);
  deliver(std::move(expired));
  return result;
}

std::vector<job> channel::take_share(std::size_t count, std::size_t bytes,
                                     std::vector<finished_job>& expired) {
  std::vector<job> result;
  const auto now = steady::now();
  const auto sharers = std::max<std::size_t>(up_, 1);
  count = std::min(count, (jobs_.size() + sharers - 1) / sharers);
  while (!jobs_.empty() && result.size() < count) {
    auto& front = jobs_.front();
    if (front.deadline < now + too_late) {
      expired.push_back(unavailable(front));
    } else {
      const auto size = front.bytes();
      // The first one goes however large it is.
      if (size > bytes && !result.empty())
        break;
      bytes -= std::min(size, bytes);
      result.push_back(std::move(front));
    }
    jobs_.pop_front();
  }
  return result;
}

std::optional<std::size_t> channel::idle_sleeper() {
  for (std::size_t i = 0; i < is_up_.size(); ++i)
    if (is_up_[i] && !is_busy_[i]) {
      sleeps_[i] = false;
      return i;
    }
  return std::nullopt;
}

std::size_t channel::waiting() const {
  std::lock_guard guard{mutex_};
  return jobs_.size();
}

/// Connections that are up, in turn; without any, nobody: whoever connects first looks by
/// itself.
std::optional<std::size_t> channel::next_sleeper() {
  for (std::size_t i = 0; i < is_up_.size(); ++i) {
    next_ = (next_ + 1) % is_up_.size();
    if (is_up_[next_] && sleeps_[next_]) {
      sleeps_[next_] = false;
      return next_;
    }
  }
  return std::nullopt;
}

void channel::wake(std::optional<std::size_t> index) const {
  if (index)
    wakers_[*index]->raise();
}

void channel::connected(std::size_t index) {
  std::lock_guard guard{mutex_};
  is_up_[index] = true;
  is_busy_[index] = false;
  sleeps_[index] = false;
  ++up_;
  down_ = false;
  state_->set({"up", ""});
}

void channel::disconnected(std::size_t index) {
  std::optional<std::size_t> sleeper;
  {
    std::lock_guard guard{mutex_};
    is_up_[index] = false;
    --up_;
    if (!jobs_.empty())
      sleeper = next_sleeper();
  }
  wake(sleeper);
}

void channel::unreachable(const std::string& detail) {
  std::deque<job> waiting;
  {
    std::lock_guard guard{mutex_};
    if (up_ > 0)
      return;
    down_ = true;
    waiting.swap(jobs_);
    state_->set({"down", detail});
  }
  std::vector<finished_job> answers;
  answers.reserve(waiting.size());
  for (const auto& x : waiting)
    answers.push_back(unavailable(x));
  deliver(std::move(answers));
}

void channel::deliver(std::vector<finished_job> jobs) const {
  if (!jobs.empty())
    deliver_(std::move(jobs));
}

void channel::stop() {
  stopped_ = true;
  stopping_.raise();
}

} // namespace lakegate::postgres
