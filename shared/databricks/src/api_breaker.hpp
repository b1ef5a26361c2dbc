#pragma once

#include <lakegate/core/circuit_breaker.hpp>
#include <lakegate/http/message.hpp>

#include <prometheus/counter.h>
#include <prometheus/gauge.h>

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string_view>
#include <vector>

namespace lakegate::databricks {

/// What the end of a call tells of the workspace, as against the call.
enum class workspace_sign : std::uint8_t {
  answers,     ///< It is there: any answer below 500, a refusal too.
  unreachable, ///< No connection came about, which no request can bring about.
  in_doubt,    ///< 5xx, a connection that broke, silence: perhaps that request's fault.
  none,        ///< Nothing: cancelled, never tried, or its caller did not wait long.
};

workspace_sign sign_of(const http::response& answer);

/// The circuit breaker of one API of the workspace, for all callers of a process. What a
/// request may have brought about counts once a caller, so that nobody opens it, or keeps
/// it open, for others. Thread safe; the caller gives the time.
class api_breaker {
public:
  using time_point = circuit_breaker::time_point;
  using duration = circuit_breaker::duration;

  /// `api` must be a literal. The metrics must outlive it.
  api_breaker(breaker_config config, std::string_view api, prometheus::Gauge& open,
              prometheus::Counter& opened);

  /// Nothing: make the call, and report how it ends. Else: do not, for so long.
  std::optional<duration> refuse(time_point now);
  /// `caller` tells callers apart.
  void ended(workspace_sign what, std::size_t caller, time_point now);

private:
  struct doubt {
    std::size_t caller;
    time_point since;
  };
  void in_doubt(std::size_t caller, time_point now);

  const breaker_config config_;
  const std::string_view api_;
  prometheus::Gauge& open_;
  prometheus::Counter& opened_;
  std::mutex mutex_;
  circuit_breaker breaker_;
  std::vector<doubt> doubts_; ///< Since the last answer, one a caller.
};

} // namespace lakegate::databricks
