#include "gateway/src/exchange.hpp"

#include "gateway/src/problem.hpp"

#include <lakegate/core/ids.hpp>
#include <lakegate/runtime/log.hpp>

#include <algorithm>
#include <utility>

namespace lakegate::gateway {

exchange::exchange(http_request request, std::unique_ptr<response_sink> to,
                   std::shared_ptr<exchange_monitor> monitor)
    : request_{std::move(request)}, sink_{std::move(to)}, monitor_{std::move(monitor)} {}

exchange::~exchange() {
  if (!is_open())
    return;
  try {
    log::error("exchange_dropped", {{"correlation_id", context_.correlation_id},
                                    {"traceparent", context_.traceparent},
                                    {"operation", context_.operation}});
    fail(errc::internal_error);
  } catch (...) {
    // The connection's own time limit ends it.
  }
}

void exchange::answer(http_response response) {
  if (is_open())
    conclude(errc::none, std::move(response));
}

void exchange::fail(const failure& what) {
  if (is_open())
    conclude(what.code, to_response(what, context_.correlation_id));
}

void exchange::conclude(errc outcome, http_response response) {
  response.without_body = request_.method == http_method::head;
  monitor_->answered(*this, outcome, response);
  on_abandon_ = nullptr;
  auto to = std::move(sink_);
  to->send(std::move(response));
}

void exchange::abandon() noexcept {
  if (!is_open())
    return;
  auto keep = shared_from_this();
  auto stop = std::move(on_abandon_);
  sink_.reset();
  try {
    if (stop)
      stop();
    monitor_->abandoned(*this);
  } catch (const std::exception& x) {
    log::error("abandon_failed", {{"reason", x.what()}});
  }
}

std::chrono::milliseconds exchange::time_left() const noexcept {
  auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
      context_.deadline - std::chrono::steady_clock::now());
  return std::max(left, std::chrono::milliseconds{0});
}

caller exchange::caller_with_token() const {
  auto result = caller_without_token();
  result.token = context_.token;
  return result;
}

caller exchange::caller_without_token() const {
  caller result;
  if (context_.who)
    result.user_id = context_.who->user_id;
  result.correlation_id = context_.correlation_id;
  result.traceparent = context_.traceparent;
  result.time_left = time_left();
  result.call_id = make_call_id();
  result.meter = context_.meter;
  return result;
}

void fail_with_defect(const exchange_ptr& http, const char* what) noexcept {
  try {
    log::error("defect", {{"correlation_id", http->context().correlation_id},
                          {"traceparent", http->context().traceparent},
                          {"operation", http->context().operation},
                          {"reason", what}});
    http->fail(errc::internal_error);
  } catch (...) {
    // The exchange answers when it is let go.
  }
}

} // namespace lakegate::gateway
