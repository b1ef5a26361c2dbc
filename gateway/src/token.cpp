#include "gateway/src/token.hpp"

#include <lakegate/core/json_view.hpp>
#include <lakegate/core/rules.hpp>
#include <lakegate/core/text.hpp>

#include <cmath>

namespace lakegate::gateway {

namespace {

constexpr std::string_view forwarded = "X-Forwarded-Access-Token";

/// The credentials of the Bearer scheme, whose name ignores case (RFC 9110, 11.1).
std::string_view bearer_of(std::string_view authorization) {
  auto blank = authorization.find(' ');
  if (!equal_ignoring_case(authorization.substr(0, blank), "Bearer")
      || blank == std::string_view::npos)
    return {};
  return trimmed(authorization.substr(blank), " \t");
}

/// The bytes of base64url without padding (RFC 4648, 5).
std::optional<std::string> base64url_decode(std::string_view text) {
  std::string out;
  std::uint32_t bits = 0;
  int count = 0;
  for (auto c : text) {
    std::uint32_t value = 0;
    if (c >= 'A' && c <= 'Z')
      value = static_cast<std::uint32_t>(c - 'A');
    else if (c >= 'a' && c <= 'z')
      value = static_cast<std::uint32_t>(c - 'a' + 26);
    else if (c >= '0' && c <= '9')
      value = static_cast<std::uint32_t>(c - '0' + 52);
    else if (c == '-')
      value = 62;
    else if (c == '_')
      value = 63;
    else
      return std::nullopt;
    bits = bits << 6 | value;
    count += 6;
    if (count >= 8) {
      count -= 8;
      out.push_back(static_cast<char>(bits >> count & 0xff));
    }
  }
  return out;
}

} // namespace

std::variant<access_token, errc> read_token(const http_request& request) {
  std::string_view text;
  if (auto value = request.header(forwarded))
    text = trimmed(*value);
  else if (auto authorization = request.header("Authorization"))
    text = bearer_of(trimmed(*authorization));
  if (text.empty())
    return errc::auth_missing;
  if (text.size() > rules::max_token_bytes || !is_visible(text))
    return errc::auth_malformed;
  return access_token{std::string{text}};
}

std::optional<std::chrono::system_clock::time_point> jwt_expiry(std::string_view token) {
  auto first = token.find('.');
  auto second = first == std::string_view::npos ? first : token.find('.', first + 1);
  if (second == std::string_view::npos
      || token.find('.', second + 1) != std::string_view::npos)
    return std::nullopt;
  auto payload = base64url_decode(token.substr(first + 1, second - first - 1));
  if (!payload || !find_json_fault(*payload).reason.empty())
    return std::nullopt;
  auto expires = json_view::of_validated(*payload)["exp"].number();
  constexpr double latest = 4e9; // far past any real token, within every clock's range
  if (!expires || !std::isfinite(*expires) || *expires < 0 || *expires > latest)
    return std::nullopt;
  return std::chrono::system_clock::time_point{
      std::chrono::seconds{static_cast<std::int64_t>(*expires)}};
}

} // namespace lakegate::gateway
