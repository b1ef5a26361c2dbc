#include <lakegate/core/call_meter.hpp>

#include <algorithm>
#include <limits>

namespace lakegate {

namespace {

constexpr std::array<std::string_view, static_cast<std::size_t>(cache_verdict::count_)>
    verdict_names{"", "hit", "miss", "stale", "shared"};

std::uint32_t whole_us(call_meter::clock::duration x) {
  auto us = std::chrono::duration_cast<std::chrono::microseconds>(x).count();
  return static_cast<std::uint32_t>(
      std::clamp<std::int64_t>(us, 0, std::numeric_limits<std::uint32_t>::max()));
}

} // namespace

std::string_view to_string(cache_verdict x) noexcept {
  // It may have come from another process.
  auto i = static_cast<std::size_t>(x);
  return i < verdict_names.size() ? verdict_names[i] : std::string_view{};
}

void call_meter::taken(time_point now) {
  std::lock_guard guard{mutex_};
  settle(now);
  is_queued_ = false;
}

void call_meter::begin(hop where, time_point now) {
  std::lock_guard guard{mutex_};
  settle(now);
  is_queued_ = false;
  ++open(where);
}

void call_meter::end(hop where, time_point now) {
  std::lock_guard guard{mutex_};
  settle(now);
  --open(where);
  if (open(hop::service) == 0)
    spent_[service] += std::exchange(spent_[unsplit], {});
}

void call_meter::end(const call_report& there, time_point now) {
  std::lock_guard guard{mutex_};
  settle(now);
  --open(hop::service);
  // What else went on here meanwhile was counted as that: there may be less to split.
  auto give = [this](part to, std::uint32_t us) {
    auto some = std::min<duration>(spent_[unsplit], std::chrono::microseconds{us});
    spent_[to] += some;
    spent_[unsplit] -= some;
  };
  give(upstream, there.upstream_us);
  give(database, there.database_us);
  give(service, there.own_us);
  give(service, there.service_us);
  // The rest is the way there and back, and the queues there.
  if (open(hop::service) == 0)
    spent_[way] += std::exchange(spent_[unsplit], {});
  attempts_ = static_cast<std::uint16_t>(attempts_ + there.attempts);
  if (there.cache != cache_verdict::none)
    cache_ = there.cache;
}

void call_meter::attempted() {
  std::lock_guard guard{mutex_};
  ++attempts_;
}

void call_meter::set_cache(cache_verdict x) {
  std::lock_guard guard{mutex_};
  cache_ = x;
}

void call_meter::refused_by_link() {
  std::lock_guard guard{mutex_};
  is_refused_ = true;
}

bool call_meter::was_refused_by_link() {
  std::lock_guard guard{mutex_};
  return is_refused_;
}

std::chrono::microseconds call_meter::mailbox_wait(time_point now) {
  std::lock_guard guard{mutex_};
  settle(now);
  return std::chrono::duration_cast<std::chrono::microseconds>(spent_[mailbox]);
}

call_report call_meter::report(time_point now) {
  std::lock_guard guard{mutex_};
  settle(now);
  return {whole_us(spent_[own]),
          whole_us(spent_[mailbox] + spent_[way]),
          whole_us(spent_[service] + spent_[unsplit]),
          whole_us(spent_[upstream]),
          whole_us(spent_[database]),
          attempts_,
          cache_};
}

/// Counts the time since the last event as what went on in it.
void call_meter::settle(time_point now) {
  // Another thread's event may be a little ahead of this one.
  if (now <= last_)
    return;
  auto what = is_queued_ ? mailbox : own;
  if (open(hop::upstream) > 0)
    what = upstream;
  else if (open(hop::database) > 0)
    what = database;
  else if (open(hop::service) > 0)
    what = unsplit;
  spent_[what] += now - last_;
  last_ = now;
}

} // namespace lakegate
