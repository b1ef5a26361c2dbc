#include <lakegate/core/circuit_breaker.hpp>

#include <algorithm>

namespace lakegate {

std::optional<circuit_breaker::duration> circuit_breaker::refuse(time_point now) {
  switch (state_) {
  case state::closed:
    return std::nullopt;
  case state::open:
    if (now < until_)
      return until_ - now;
    break;
  case state::probing:
    if (!is_lost(now))
      return std::max<duration>(until_ - now, config_.first_pause);
  }
  state_ = state::probing;
  probed_ = now;
  return std::nullopt;
}

bool circuit_breaker::is_lost(time_point now) const noexcept {
  return config_.probe_limit > duration::zero() && now - probed_ >= config_.probe_limit;
}

void circuit_breaker::succeeded() noexcept {
  state_ = state::closed;
  failures_.clear();
  pause_ = {};
}

void circuit_breaker::failed(time_point now) {
  if (state_ == state::probing)
    return open(now, std::min(pause_ * 2, config_.longest_pause));
  if (state_ == state::open)
    return;
  failures_.push_back(now);
  while (now - failures_.front() > config_.window)
    failures_.pop_front();
  if (static_cast<int>(failures_.size()) >= config_.failures)
    open(now, config_.first_pause);
}

void circuit_breaker::abandoned(time_point now) noexcept {
  if (state_ != state::probing)
    return;
  state_ = state::open;
  until_ = now;
}

void circuit_breaker::open(time_point now, std::chrono::milliseconds pause) {
  state_ = state::open;
  pause_ = pause;
  until_ = now + pause;
  failures_.clear();
}

} // namespace lakegate
