#include "shared/databricks/src/api_breaker.hpp"

#include <lakegate/runtime/log.hpp>

#include <algorithm>

namespace lakegate::databricks {

namespace {

/// Who gave the workspace less time than this learns nothing from its silence.
constexpr auto patience = std::chrono::seconds{5};

} // namespace

workspace_sign sign_of(const http::response& answer) {
  using http::transport_failure;
  switch (answer.failure) {
  case transport_failure::none:
    return answer.status >= 500 ? workspace_sign::in_doubt : workspace_sign::answers;
  case transport_failure::connect:
    return workspace_sign::unreachable;
  case transport_failure::lost:
    return workspace_sign::in_doubt;
  case transport_failure::timeout:
    return answer.sent && answer.took >= patience ? workspace_sign::in_doubt
                                                  : workspace_sign::none;
  case transport_failure::too_large:
    return workspace_sign::answers;
  case transport_failure::malformed:
    return answer.sent ? workspace_sign::in_doubt : workspace_sign::none;
  case transport_failure::tls: // A matter of configuration; a pause would not mend it.
  case transport_failure::cancelled:
  case transport_failure::overloaded:
    break;
  }
  return workspace_sign::none;
}

api_breaker::api_breaker(breaker_config config, std::string_view api,
                         prometheus::Gauge& open, prometheus::Counter& opened)
    : config_{config}, api_{api}, open_{open}, opened_{opened}, breaker_{config} {}

std::optional<api_breaker::duration> api_breaker::refuse(time_point now) {
  std::lock_guard guard{mutex_};
  return breaker_.refuse(now);
}

void api_breaker::ended(workspace_sign what, std::size_t caller, time_point now) {
  std::lock_guard guard{mutex_};
  auto was_open = breaker_.is_open();
  switch (what) {
  case workspace_sign::answers:
    breaker_.succeeded();
    doubts_.clear();
    break;
  case workspace_sign::unreachable:
    breaker_.failed(now);
    break;
  case workspace_sign::in_doubt:
    in_doubt(caller, now);
    break;
  case workspace_sign::none:
    breaker_.abandoned(now);
    break;
  }
  if (was_open == breaker_.is_open())
    return;
  open_.Set(was_open ? 0 : 1);
  if (was_open)
    return log::info("breaker_closed", {{"api", api_}});
  opened_.Increment();
  log::warn("breaker_opened", {{"api", api_}});
}

/// A probe in doubt is none: the next call may be another's.
void api_breaker::in_doubt(std::size_t caller, time_point now) {
  if (breaker_.is_open())
    return breaker_.abandoned(now);
  std::erase_if(doubts_, [&](const auto& x) { return now - x.since > config_.window; });
  if (std::ranges::find(doubts_, caller, &doubt::caller) != doubts_.end())
    return;
  doubts_.push_back({caller, now});
  breaker_.failed(now);
}

} // namespace lakegate::databricks
