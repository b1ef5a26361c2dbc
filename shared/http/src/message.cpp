#include <lakegate/http/message.hpp>

#include <strings.h>
#include <time.h>

#include <algorithm>
#include <charconv>

namespace lakegate::http {

namespace {

bool is_same_name(std::string_view a, std::string_view b) {
  return a.size() == b.size() && strncasecmp(a.data(), b.data(), a.size()) == 0;
}

/// IMF-fixdate, the one form that senders must generate (RFC 9110, 5.6.7).
std::optional<std::chrono::system_clock::time_point> parse_date(const std::string& text) {
  tm parts{};
  const auto* end = strptime(text.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
  if (!end || *end != '\0')
    return std::nullopt;
  return std::chrono::system_clock::from_time_t(timegm(&parts));
}

} // namespace

std::optional<std::string_view> response::find_header(std::string_view name) const {
  for (const auto& x : headers)
    if (is_same_name(x.name, name))
      return x.value;
  return std::nullopt;
}

std::optional<std::int32_t> parse_retry_after(std::string_view text,
                                              std::chrono::system_clock::time_point now,
                                              std::int32_t cap) {
  if (text.empty())
    return std::nullopt;
  if (text.find_first_not_of("0123456789") == std::string_view::npos) {
    std::int32_t seconds = 0;
    auto [end, problem] =
        std::from_chars(text.data(), text.data() + text.size(), seconds);
    return problem == std::errc::result_out_of_range ? cap : std::min(seconds, cap);
  }
  auto date = parse_date(std::string{text});
  if (!date)
    return std::nullopt;
  auto seconds = std::chrono::ceil<std::chrono::seconds>(*date - now).count();
  return static_cast<std::int32_t>(std::clamp<std::int64_t>(seconds, 0, cap));
}

} // namespace lakegate::http
