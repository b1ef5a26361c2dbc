#include "gateway/src/request_body.hpp"

#include <string>
#include <utility>

namespace lakegate::gateway {

namespace {

/// `application/json` or a type with the suffix `+json` (RFC 6839), whatever parameters.
bool is_json(std::string_view content_type) {
  auto type = content_type.substr(0, content_type.find(';'));
  while (type.ends_with(' ') || type.ends_with('\t'))
    type.remove_suffix(1);
  constexpr std::string_view suffix = "+json";
  return equal_ignoring_case(type, "application/json")
         || (type.size() > suffix.size() && type.find('/') != std::string_view::npos
             && equal_ignoring_case(type.substr(type.size() - suffix.size()), suffix));
}

} // namespace

std::optional<json_text> read_json_object(const exchange_ptr& http, errc on_nul) {
  const auto* type = http->request().header("Content-Type");
  auto is_typed = type != nullptr && is_json(*type);
  if (!is_typed && (type != nullptr || !http->request().body.empty())) {
    http->fail(errc::unsupported_media_type);
    return std::nullopt;
  }
  auto body = http->take_body();
  auto fault = find_json_fault(body);
  if (!fault.reason.empty()) {
    auto is_nul = std::string_view{body}.substr(fault.offset, 6) == "\\u0000";
    http->fail(
        is_nul ? on_nul : errc::invalid_request,
        {{"body", fault.reason + " (at byte " + std::to_string(fault.offset) + ")"}});
    return std::nullopt;
  }
  auto result = json_text::trusted(std::move(body));
  if (!result.is_object()) {
    http->fail(errc::invalid_request, {{"body", "must be a JSON object"}});
    return std::nullopt;
  }
  return result;
}

} // namespace lakegate::gateway
