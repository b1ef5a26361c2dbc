#include "gateway/src/cors.hpp"

#include <algorithm>

namespace lakegate::gateway {

namespace {

constexpr auto readable_headers = "X-Correlation-ID, ETag, Link, Retry-After, "
                                  "X-Total-Count, X-Skipped-Rows";
constexpr auto request_headers =
    "Authorization, Content-Type, If-Match, If-None-Match, Idempotency-Key, "
    "X-Correlation-ID, X-Forwarded-Access-Token, traceparent";
constexpr auto remembered_seconds = "600";

} // namespace

const std::string* cors_policy::origin_of(const http_request& request) const {
  if (origins_.empty())
    return nullptr;
  const auto* asked = request.header("Origin");
  if (asked == nullptr)
    return nullptr;
  auto found = std::find(origins_.begin(), origins_.end(), *asked);
  return found == origins_.end() ? nullptr : &*found;
}

void cors_policy::decorate(const http_request& request, http_response& answer) const {
  if (origins_.empty())
    return;
  answer.set("Vary", "Origin");
  if (const auto* origin = origin_of(request)) {
    answer.set("Access-Control-Allow-Origin", *origin);
    answer.set("Access-Control-Expose-Headers", readable_headers);
  }
}

http_response cors_policy::preflight(const http_request& request,
                                     const std::string& allowed) const {
  http_response answer;
  answer.status = 204;
  answer.set("Allow", allowed);
  if (origin_of(request) != nullptr) {
    answer.set("Access-Control-Allow-Methods", allowed);
    answer.set("Access-Control-Allow-Headers", request_headers);
    answer.set("Access-Control-Max-Age", remembered_seconds);
  }
  return answer;
}

} // namespace lakegate::gateway
