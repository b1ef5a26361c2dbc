#pragma once

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <string_view>
#include <unordered_map>

namespace lakegate::gateway {

/// Where an identity came from.
enum class identity_source : std::uint8_t {
  cache,       ///< Remembered.
  shared_call, ///< Joined a call that was under way for the same token.
  workspace,   ///< Asked.
  claim,       ///< Not asked: the token itself says that it has expired.
  count_
};

/// Who found that there was too much at once, when the answer was OVERLOADED.
enum class overload_place : std::uint8_t {
  requests, ///< The event loop: LAKEGATE_MAX_IN_FLIGHT.
  identity, ///< Calls to the workspace, to learn who it is.
  link,     ///< The link to a service.
  service,  ///< The service, or what it asked.
  count_
};

/// The gateway's metrics, as verbs. Handles are resolved once, so each event loop has an
/// object of its own on one shared registry. One event loop.
class gateway_metrics {
public:
  explicit gateway_metrics(prometheus::Registry& registry);

  void request_started() { in_flight_.Increment(); }
  void request_left() { in_flight_.Decrement(); }
  /// `operation` is from the route table; 499 is a client that went away.
  void request_finished(std::string_view operation, int status,
                        std::chrono::steady_clock::duration took);
  void identity_looked_up(identity_source source) {
    lookups_[static_cast<std::size_t>(source)]->Increment();
  }
  void overloaded(overload_place where) {
    overloaded_[static_cast<std::size_t>(where)]->Increment();
  }
  /// Of one event loop more; those of all loops are added up.
  void limits_are(std::size_t requests_in_flight, std::size_t connections);
  /// How late the event loop came to something that was due.
  void loop_waited(std::chrono::steady_clock::duration how_long);
  void connections_changed(std::int64_t by) {
    connections_.Increment(static_cast<double>(by));
  }

private:
  struct series {
    std::string_view operation;
    int status;
    friend bool operator==(const series&, const series&) = default;
  };
  struct series_hash {
    std::size_t operator()(const series& x) const noexcept {
      return std::hash<std::string_view>{}(x.operation)
             ^ static_cast<std::size_t>(x.status);
    }
  };

  prometheus::Registry& registry_;
  prometheus::Gauge& in_flight_;
  prometheus::Gauge& connections_;
  std::array<prometheus::Counter*, static_cast<std::size_t>(identity_source::count_)>
      lookups_{};
  std::array<prometheus::Counter*, static_cast<std::size_t>(overload_place::count_)>
      overloaded_{};
  prometheus::Histogram& loop_wait_;
  struct measured {
    prometheus::Counter* count = nullptr;
    prometheus::Histogram* seconds = nullptr;
  };
  std::unordered_map<series, measured, series_hash> requests_;
};

} // namespace lakegate::gateway
