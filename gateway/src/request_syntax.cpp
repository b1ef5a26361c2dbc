#include "gateway/src/request_syntax.hpp"

#include <lakegate/core/ids.hpp>
#include <lakegate/core/rules.hpp>
#include <lakegate/core/text.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace lakegate::gateway {

namespace {

constexpr std::array once{"X-Forwarded-Access-Token", "Authorization", "Content-Type",
                          "If-Match", "Idempotency-Key"};

bool is_field_value(std::string_view value) noexcept {
  return every_byte(
      value, [](unsigned char c) { return ((c >= 0x20) & (c != 0x7f)) | (c == '\t'); });
}

void check_headers(const http_request& request, faults& found) {
  for (const auto& x : request.headers) {
    if (!is_token(x.name))
      found.push_back({"header", "a header's name holds a character it must not"});
    else if (!is_field_value(x.value))
      found.push_back({x.name, "must not hold a control character"});
  }
  auto hosts = request.count("Host");
  if (hosts != 1) // of HTTP/1.0, too: RESTinio does not tell the version
    found.push_back({"Host", "must be given once"});
  if (request.count("Transfer-Encoding") > 0 && request.count("Content-Length") > 0)
    found.push_back({"Content-Length", "must not come with Transfer-Encoding"});
}

void check_protocol(const http_request& request, faults& found) {
  if (request.wants_upgrade || request.count("Upgrade") > 0)
    found.push_back({"Upgrade", "is not supported; send a plain HTTP/1.1 request"});
}

/// The name of a header that came twice though it may come once; null: none.
const char* find_duplicate(const http_request& request) {
  auto found = std::find_if(once.begin(), once.end(), [&request](const char* name) {
    return request.count(name) > 1;
  });
  return found == once.end() ? nullptr : *found;
}

} // namespace

void identify_request(exchange& http) {
  auto& context = http.context();
  const auto* id = http.request().header("X-Correlation-ID");
  context.correlation_id =
      id != nullptr && rules::is_correlation_id(*id) ? *id : make_uuid();
  const auto* trace = http.request().header("traceparent");
  context.traceparent =
      trace != nullptr ? continue_traceparent(*trace) : make_traceparent();
}

bool check_syntax(exchange& http) {
  faults found;
  check_protocol(http.request(), found);
  check_headers(http.request(), found);
  if (!found.empty()) {
    // Where headers can't be trusted, neither can where the request ends.
    http.context().must_close = true;
    http.fail(errc::invalid_request, found);
    return false;
  }
  if (const auto* name = find_duplicate(http.request())) {
    http.fail(errc::duplicate_header, {{name, "came more than once"}});
    return false;
  }
  auto target = parse_request_target(http.request().target, found);
  if (!target) {
    http.fail(errc::invalid_request, found);
    return false;
  }
  http.context().target = std::move(*target);
  return true;
}

} // namespace lakegate::gateway
