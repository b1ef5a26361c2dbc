#include "gateway/src/request_target.hpp"

#include <lakegate/core/rules.hpp>
#include <lakegate/core/text.hpp>

#include <algorithm>
#include <array>

namespace lakegate::gateway {

namespace {

int hex_digit(char c) noexcept {
  if (c >= '0' && c <= '9')
    return c - '0';
  if (c >= 'a' && c <= 'f')
    return c - 'a' + 10;
  if (c >= 'A' && c <= 'F')
    return c - 'A' + 10;
  return -1;
}

bool is_unreserved(char c) noexcept {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
         || c == '-' || c == '.' || c == '_' || c == '~';
}

/// Calls `f` with each part of `text` between separators; false ends it.
template <class F>
bool split(std::string_view text, char separator, F f) {
  while (true) {
    auto end = text.find(separator);
    if (!f(text.substr(0, end)))
      return false;
    if (end == std::string_view::npos)
      return true;
    text.remove_prefix(end + 1);
  }
}

/// The path and query of origin-form or absolute-form.
std::string_view without_authority(std::string_view target) noexcept {
  auto scheme = target.find("://");
  if (target.starts_with('/') || scheme == std::string_view::npos)
    return target;
  auto path = target.find('/', scheme + 3);
  return path == std::string_view::npos ? std::string_view{"/"} : target.substr(path);
}

std::optional<query_parameters> parse_query(std::string_view raw) {
  std::vector<std::pair<std::string, std::string>> all;
  auto good = split(raw, '&', [&all](std::string_view part) {
    if (part.empty())
      return true;
    auto equals = part.find('=');
    auto name = percent_decode(part.substr(0, equals), true);
    auto value = equals == std::string_view::npos
                     ? std::optional{std::string{}}
                     : percent_decode(part.substr(equals + 1), true);
    if (!name || !value)
      return false;
    all.emplace_back(std::move(*name), std::move(*value));
    return true;
  });
  if (!good)
    return std::nullopt;
  return query_parameters{std::move(all)};
}

} // namespace

std::optional<std::string> percent_decode(std::string_view raw, bool is_query) {
  std::string out;
  out.reserve(raw.size());
  for (std::size_t i = 0; i < raw.size(); ++i) {
    if (raw[i] == '%') {
      auto high = i + 2 < raw.size() ? hex_digit(raw[i + 1]) : -1;
      auto low = high < 0 ? -1 : hex_digit(raw[i + 2]);
      if (low < 0)
        return std::nullopt;
      out.push_back(static_cast<char>(high * 16 + low));
      i += 2;
    } else {
      out.push_back(is_query && raw[i] == '+' ? ' ' : raw[i]);
    }
  }
  if (out.find('\0') != std::string::npos || !rules::is_utf8(out))
    return std::nullopt;
  return out;
}

std::string percent_encode(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  out.reserve(text.size());
  for (auto c : text) {
    if (is_unreserved(c)) {
      out.push_back(c);
    } else {
      auto byte = static_cast<unsigned char>(c);
      out.append({'%', digits[byte >> 4], digits[byte & 15]});
    }
  }
  return out;
}

std::optional<std::string> query_parameters::text(std::string_view name,
                                                  faults& found) const {
  auto has_name = [name](const auto& x) { return x.first == name; };
  auto first = std::find_if(all_.begin(), all_.end(), has_name);
  if (first == all_.end())
    return std::nullopt;
  if (std::find_if(first + 1, all_.end(), has_name) != all_.end()) {
    found.push_back({std::string{name}, "was given twice"});
    return std::nullopt;
  }
  return first->second;
}

std::optional<std::int64_t> query_parameters::number(std::string_view name,
                                                     faults& found) const {
  auto value = text(name, found);
  return value ? rules::parse_number(name, *value, found) : std::nullopt;
}

std::optional<request_target> parse_request_target(std::string_view target,
                                                   faults& found) {
  auto refuse = [&found](std::string reason) {
    found.push_back({"path", std::move(reason)});
    return std::nullopt;
  };
  auto rest = without_authority(target);
  if (!rest.starts_with('/'))
    return refuse("must begin with /");
  if (!is_visible(rest) || rest.find('#') != std::string_view::npos)
    return refuse("must hold visible ASCII only, and no fragment");
  auto mark = rest.find('?');
  auto path = rest.substr(0, mark);
  if (!percent_decode(path))
    return refuse("must be UTF-8 with whole percent-escapes and without NUL");
  request_target result;
  if (mark != std::string_view::npos) {
    auto query = parse_query(rest.substr(mark + 1));
    if (!query) {
      found.push_back(
          {"query", "must be UTF-8 with whole percent-escapes and without NUL"});
      return std::nullopt;
    }
    result.query = std::move(*query);
  }
  result.segments.reserve(8);
  split(path.substr(1), '/', [&result](std::string_view x) {
    result.segments.push_back(x);
    return true;
  });
  return result;
}

} // namespace lakegate::gateway
