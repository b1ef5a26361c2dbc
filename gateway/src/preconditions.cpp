#include "gateway/src/preconditions.hpp"

#include <algorithm>
#include <optional>
#include <vector>

namespace lakegate::gateway {

namespace {

constexpr std::string_view blanks = " \t";

void skip_blanks(std::string_view& text) {
  text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
}

/// The next entity tag, `W/` included; nothing if there is none.
std::optional<std::string> take_tag(std::string_view& text) {
  auto opening = text.starts_with("W/\"") ? std::size_t{2} : std::size_t{0};
  if (opening >= text.size() || text[opening] != '"')
    return std::nullopt;
  auto closing = text.find('"', opening + 1);
  if (closing == std::string_view::npos)
    return std::nullopt;
  auto tag = std::string{text.substr(0, closing + 1)};
  text.remove_prefix(closing + 1);
  return tag;
}

/// The tags of a list, or just `*`; nothing if it is malformed.
std::optional<std::vector<std::string>> parse_tags(std::string_view text) {
  std::vector<std::string> tags;
  skip_blanks(text);
  while (text.ends_with(' ') || text.ends_with('\t'))
    text.remove_suffix(1);
  if (text == "*")
    return std::vector<std::string>{"*"};
  while (true) {
    auto tag = take_tag(text);
    if (!tag)
      return std::nullopt;
    tags.push_back(std::move(*tag));
    skip_blanks(text);
    if (text.empty())
      return tags;
    if (!text.starts_with(','))
      return std::nullopt;
    text.remove_prefix(1);
    skip_blanks(text);
  }
}

std::string_view opaque_part(std::string_view tag) {
  return tag.starts_with("W/") ? tag.substr(2) : tag;
}

} // namespace

bool has_current(const http_request& request, std::string_view etag) {
  const auto* header = request.header("If-None-Match");
  if (header == nullptr)
    return false;
  auto tags = parse_tags(*header);
  return tags && std::any_of(tags->begin(), tags->end(), [etag](const auto& tag) {
           return tag == "*" || opaque_part(tag) == opaque_part(etag);
         });
}

preferences::precondition read_precondition(const http_request& request, faults& found) {
  preferences::precondition result;
  if (const auto* header = request.header("If-Match")) {
    if (auto tags = parse_tags(*header))
      result.if_match = std::move(*tags);
    else
      found.push_back({"If-Match", "must be a list of entity tags, or *"});
  }
  if (const auto* header = request.header("If-None-Match")) {
    result.if_none_match = parse_tags(*header) == std::vector<std::string>{"*"};
    if (!result.if_none_match)
      found.push_back({"If-None-Match", "must be * for a write"});
  }
  return result;
}

} // namespace lakegate::gateway
