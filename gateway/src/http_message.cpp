#include "gateway/src/http_message.hpp"

#include <lakegate/core/text.hpp>

#include <algorithm>
#include <array>
#include <ctime>
#include <stdexcept>
#include <utility>

namespace lakegate::gateway {

namespace {

constexpr char lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

constexpr auto methods = std::array{
    std::pair{http_method::get, std::string_view{"GET"}},
    std::pair{http_method::head, std::string_view{"HEAD"}},
    std::pair{http_method::post, std::string_view{"POST"}},
    std::pair{http_method::put, std::string_view{"PUT"}},
    std::pair{http_method::del, std::string_view{"DELETE"}},
    std::pair{http_method::options, std::string_view{"OPTIONS"}},
    std::pair{http_method::other, std::string_view{"OTHER"}},
};

constexpr auto reasons = std::array{
    std::pair{200, std::string_view{"OK"}},
    std::pair{201, std::string_view{"Created"}},
    std::pair{204, std::string_view{"No Content"}},
    std::pair{304, std::string_view{"Not Modified"}},
    std::pair{400, std::string_view{"Bad Request"}},
    std::pair{401, std::string_view{"Unauthorized"}},
    std::pair{403, std::string_view{"Forbidden"}},
    std::pair{404, std::string_view{"Not Found"}},
    std::pair{405, std::string_view{"Method Not Allowed"}},
    std::pair{412, std::string_view{"Precondition Failed"}},
    std::pair{415, std::string_view{"Unsupported Media Type"}},
    std::pair{429, std::string_view{"Too Many Requests"}},
    std::pair{500, std::string_view{"Internal Server Error"}},
    std::pair{502, std::string_view{"Bad Gateway"}},
    std::pair{503, std::string_view{"Service Unavailable"}},
};

std::string_view reason_of(int status) noexcept {
  auto i = std::find_if(reasons.begin(), reasons.end(),
                        [status](const auto& x) { return x.first == status; });
  return i == reasons.end() ? std::string_view{"Unknown"} : i->second;
}

void append_field(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ").append(value).append("\r\n");
}

/// RFC 9110, 8.6: no length in a 204; in a 304 it would be that of the 200.
bool has_length(int status) noexcept {
  return status != 204 && status != 304;
}

} // namespace

std::string_view to_string(http_method method) noexcept {
  return methods[static_cast<std::size_t>(method)].second;
}

http_method method_of(std::string_view name) noexcept {
  auto i = std::find_if(methods.begin(), methods.end(),
                        [name](const auto& x) { return x.second == name; });
  return i == methods.end() ? http_method::other : i->first;
}

const std::string* http_request::header(std::string_view name) const noexcept {
  for (const auto& x : headers)
    if (equal_ignoring_case(x.name, name))
      return &x.value;
  return nullptr;
}

std::size_t http_request::count(std::string_view name) const noexcept {
  return static_cast<std::size_t>(
      std::count_if(headers.begin(), headers.end(),
                    [name](const auto& x) { return equal_ignoring_case(x.name, name); }));
}

http_response& http_response::set(std::string_view name, std::string value) {
  if (!is_token(name) || has_control_character(value))
    throw std::invalid_argument{"not a header: " + std::string{name}};
  headers.push_back({std::string{name}, std::move(value)});
  return *this;
}

std::string render_head(const http_response& answer, bool keep_alive,
                        std::string_view date) {
  std::string out;
  out.reserve(320);
  out.append("HTTP/1.1 ").append(std::to_string(answer.status)).append(" ");
  out.append(reason_of(answer.status)).append("\r\n");
  append_field(out, "Date", date);
  append_field(out, "Connection", keep_alive ? "keep-alive" : "close");
  if (has_length(answer.status)) {
    append_field(out, "Content-Length", std::to_string(answer.body.size()));
    if (!answer.body.empty())
      append_field(out, "Content-Type", answer.content_type);
  }
  for (const auto& x : answer.headers)
    append_field(out, x.name, x.value);
  return out.append("\r\n");
}

std::string to_http_date(std::chrono::system_clock::time_point t) {
  auto seconds = std::chrono::system_clock::to_time_t(t);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  constexpr std::array days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                              "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  std::array<char, 40> text{};
  auto n = std::snprintf(text.data(), text.size(), "%s, %02d %s %04d %02d:%02d:%02d GMT",
                         days[static_cast<std::size_t>(parts.tm_wday)], parts.tm_mday,
                         months[static_cast<std::size_t>(parts.tm_mon)],
                         parts.tm_year + 1900, parts.tm_hour, parts.tm_min, parts.tm_sec);
  return {text.data(), static_cast<std::size_t>(n)};
}

bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept {
  return a.size() == b.size()
         && std::equal(a.begin(), a.end(), b.begin(),
                       [](char x, char y) { return lower(x) == lower(y); });
}

bool is_token(std::string_view name) noexcept {
  constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
  return !name.empty() && std::all_of(name.begin(), name.end(), [&](char c) {
    return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z')
           || marks.find(c) != std::string_view::npos;
  });
}

} // namespace lakegate::gateway
