#include "services/sandbox/src/paging.hpp"

#include "services/sandbox/src/answers.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace lakegate::sandbox {

namespace {

/// What a page token says.
struct position {
  std::size_t first = 0;
  std::size_t page = 0;
};

template <class Number>
std::optional<Number> read_number(std::string_view text) {
  Number result{};
  const auto [rest, error] =
      std::from_chars(text.data(), text.data() + text.size(), result);
  if (error != std::errc{} || rest != text.data() + text.size())
    return std::nullopt;
  return result;
}

std::string token_of(const position& at) {
  return base64_encoded("page " + std::to_string(at.first) + " "
                        + std::to_string(at.page));
}

std::optional<position> read_token(std::string_view token) {
  const auto text = base64_decoded(token).value_or("");
  const auto blank = text.rfind(' ');
  if (!text.starts_with("page ") || blank == 4 || blank == std::string::npos)
    return std::nullopt;
  const auto first =
      read_number<std::size_t>(std::string_view{text}.substr(5, blank - 5));
  const auto index = read_number<std::size_t>(std::string_view{text}.substr(blank + 1));
  if (!first || !index)
    return std::nullopt;
  return position{*first, *index};
}

} // namespace

std::variant<page, http_response> page_of(const call& c, std::size_t total,
                                          std::size_t page_size) {
  position at;
  if (const auto token = c.query_value("page_token"); !token.empty()) {
    const auto read = read_token(token);
    if (!read || read->first > total)
      return invalid_parameter("Invalid page token.");
    at = *read;
  }
  const auto asked = c.query_value("max_results");
  if (asked.empty())
    return page{at.first, total - at.first, ""};
  const auto wanted = read_number<std::int64_t>(asked);
  if (!wanted || *wanted < 0)
    return invalid_parameter("Invalid value for max_results: " + std::string{asked});
  page result;
  result.first = at.first;
  const auto size =
      *wanted == 0 ? page_size : std::min(page_size, static_cast<std::size_t>(*wanted));
  const bool is_empty = at.page == 1;
  result.count = is_empty ? 0 : std::min(size, total - at.first);
  if (result.first + result.count < total)
    result.next_token = token_of({result.first + result.count, at.page + 1});
  return result;
}

} // namespace lakegate::sandbox
