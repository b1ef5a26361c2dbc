#include "gateway/src/problem.hpp"

#include <lakegate/core/json_writer.hpp>

#include <string>

namespace lakegate::gateway {

http_response to_response(const failure& what, std::string_view correlation_id) {
  const auto& spec = spec_of(what.code);
  auto wait = what.retry_after ? *what.retry_after : spec.retry_after;
  json_writer w;
  w.begin_object().key("detail").begin_object();
  w.member("error_code", spec.name);
  w.member("message",
           what.message.empty() ? spec.message : std::string_view{what.message});
  w.key("technical_details").raw(what.details.empty() ? "{}" : what.details);
  w.key("retry_after");
  if (wait > 0)
    w.value(wait);
  else
    w.value(nullptr);
  w.member("correlation_id", correlation_id);
  w.end_object().end_object();
  http_response out;
  out.status = spec.status;
  out.body = std::move(w).str();
  if (wait > 0)
    out.set("Retry-After", std::to_string(wait));
  if (out.status == 401)
    out.set("WWW-Authenticate", "Bearer"); // RFC 9110, 11.6.1
  return out;
}

} // namespace lakegate::gateway
