#pragma once

#include <caf/meta/type_name.hpp>

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string_view>
#include <utility>

/// Where the time of a request goes. Each process that a request passes through has one
/// meter for it; a process that asks another gets that one's report with the answer.
namespace lakegate {

/// Whether something remembered, or under way for somebody else, spared a call.
enum class cache_verdict : std::uint8_t {
  none,   ///< Nothing that could have spared one was asked.
  hit,    ///< Remembered.
  miss,   ///< Not remembered: asked.
  stale,  ///< Remembered too long ago: asked.
  shared, ///< The same was being asked already: waited for that answer.
  count_
};

/// `hit`, as logs show it; empty for none.
std::string_view to_string(cache_verdict x) noexcept;

/// What one process knows of a call. Every moment is in exactly one of the parts, so they
/// add up to the time that the call took there; whole microseconds, rounded down.
struct call_report {
  std::uint32_t own_us = 0;      ///< At work, or between the parts below.
  std::uint32_t queue_us = 0;    ///< In mailboxes and on the way between processes.
  std::uint32_t service_us = 0;  ///< In services that were asked.
  std::uint32_t upstream_us = 0; ///< While a call to the workspace was under way.
  std::uint32_t database_us = 0; ///< While a statement of ours was, and no such call.
  std::uint16_t attempts = 0;    ///< Calls sent to the workspace, repeated ones included.
  cache_verdict cache = cache_verdict::none;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, call_report& x) {
  return f(caf::meta::type_name("call_report"), x.own_us, x.queue_us, x.service_us,
           x.upstream_us, x.database_us, x.attempts, x.cache);
}

/// What a call can wait for.
enum class hop : std::uint8_t { service, database, upstream, count_ };

/// Splits the time of one call. Waits may overlap: then the last of `hop` counts. Thread
/// safe; what is told to it after its report was read is lost, and does no harm.
class call_meter {
public:
  using clock = std::chrono::steady_clock;
  using time_point = clock::time_point;

  enum class start : std::uint8_t {
    at_work,
    in_queue, ///< Until `taken`, or until the first wait.
  };

  explicit call_meter(time_point begun, start how = start::at_work)
      : last_{begun}, is_queued_{how == start::in_queue} {}

  /// Whoever does the work has begun.
  void taken(time_point now = clock::now());
  void begin(hop where, time_point now = clock::now());
  void end(hop where, time_point now = clock::now());
  /// The end of a wait for a service that answered with its report.
  void end(const call_report& there, time_point now = clock::now());
  /// One more call to the workspace.
  void attempted();
  void set_cache(cache_verdict x);
  /// Our own link to a service had too many calls in flight.
  void refused_by_link();

  /// A wait for a service that has not ended counts as time in the service.
  call_report report(time_point now = clock::now());
  /// How long it waited until somebody began, or waits still.
  std::chrono::microseconds mailbox_wait(time_point now = clock::now());
  bool was_refused_by_link();

private:
  using duration = clock::duration;

  /// What a moment counts as.
  enum part : std::uint8_t {
    own,
    mailbox,
    way, ///< Between processes, and in the mailboxes there.
    service,
    database,
    upstream,
    unsplit, ///< Waited for a service whose report will tell what it was.
    parts
  };

  void settle(time_point now);
  std::uint32_t& open(hop x) { return open_[static_cast<std::size_t>(x)]; }

  std::mutex mutex_;
  time_point last_;
  std::array<duration, parts> spent_{};
  std::array<std::uint32_t, static_cast<std::size_t>(hop::count_)> open_{};
  std::uint16_t attempts_ = 0;
  cache_verdict cache_ = cache_verdict::none;
  bool is_queued_;
  bool is_refused_ = false;
};

/// Null where nobody measures.
using meter_ptr = std::shared_ptr<call_meter>;

/// A wait that begins now and ends with this object, or before.
class hop_timer {
public:
  hop_timer() = default;
  hop_timer(meter_ptr meter, hop where) : meter_{std::move(meter)}, where_{where} {
    if (meter_)
      meter_->begin(where_);
  }
  hop_timer(hop_timer&& x) noexcept = default;
  hop_timer& operator=(hop_timer&& x) noexcept {
    end();
    meter_ = std::move(x.meter_);
    where_ = x.where_;
    return *this;
  }
  ~hop_timer() { end(); }

  void end() {
    if (auto meter = std::exchange(meter_, nullptr))
      meter->end(where_);
  }

private:
  meter_ptr meter_;
  hop where_ = hop::service;
};

} // namespace lakegate
