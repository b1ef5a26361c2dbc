#include "shared/http/src/origin.hpp"

#include <lakegate/http/url.hpp>

#include <utility>

namespace lakegate::http {

namespace {

constexpr std::string_view secure_scheme = "https://";
constexpr std::string_view plain_scheme = "http://";
constexpr std::size_t max_port_digits = 5;

bool is_port(std::string_view text) {
  return !text.empty() && text.size() <= max_port_digits
         && text.find_first_not_of("0123456789") == std::string_view::npos;
}

} // namespace

std::optional<origin> parse_origin(std::string_view base_url) {
  if (origin_of(base_url) != base_url)
    return std::nullopt;
  origin result;
  result.base_url = base_url;
  result.is_secure = base_url.starts_with(secure_scheme);
  base_url.remove_prefix((result.is_secure ? secure_scheme : plain_scheme).size());
  result.authority = base_url;
  result.port = result.is_secure ? "443" : "80";
  auto colon = base_url.find(':', base_url.starts_with('[') ? base_url.find(']') : 0);
  if (colon != std::string_view::npos) {
    result.port = base_url.substr(colon + 1);
    base_url = base_url.substr(0, colon);
  }
  if (base_url.starts_with('[') && base_url.ends_with(']'))
    base_url = base_url.substr(1, base_url.size() - 2);
  result.host = base_url;
  auto is_whole = !result.host.empty() && base_url.find_first_of("[]") == base_url.npos;
  return is_whole && is_port(result.port) ? std::optional{std::move(result)}
                                          : std::nullopt;
}

} // namespace lakegate::http
