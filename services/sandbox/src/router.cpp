#include "services/sandbox/src/router.hpp"

#include "services/sandbox/src/answers.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace lakegate::sandbox {

namespace {

using captured = std::map<std::string, std::string, std::less<>>;

std::vector<std::string> segments_of(std::string_view path) {
  std::vector<std::string> result;
  while (path.starts_with('/'))
    path.remove_prefix(1);
  while (path.ends_with('/'))
    path.remove_suffix(1);
  while (!path.empty()) {
    const auto end = std::min(path.find('/'), path.size());
    result.emplace_back(path.substr(0, end));
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  return result;
}

std::optional<captured> match_segments(const std::vector<std::string>& pattern,
                                       const std::vector<std::string>& segments) {
  if (pattern.size() != segments.size())
    return std::nullopt;
  captured result;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const auto& expected = pattern[i];
    if (!expected.starts_with('{')) {
      if (expected != segments[i])
        return std::nullopt;
      continue;
    }
    auto value = percent_decoded(segments[i]);
    if (!value)
      return std::nullopt;
    result.emplace(expected.substr(1, expected.size() - 2), std::move(*value));
  }
  return result;
}

} // namespace

std::string_view call::path_value(std::string_view name) const {
  const auto found = path.find(name);
  return found == path.end() ? std::string_view{} : std::string_view{found->second};
}

std::string_view call::query_value(std::string_view name) const {
  const auto found = query.find(name);
  return found == query.end() ? std::string_view{} : std::string_view{found->second};
}

void route_table::add(std::string_view method, std::string_view path,
                      blocking_handler run, needs what) {
  add_async(
      method, path,
      [run = std::move(run)](const call_ptr& c, const reply_function& reply) {
        reply(run(*c));
      },
      what);
}

void route_table::add_async(std::string_view method, std::string_view path,
                            async_handler run, needs what) {
  routes_.push_back({std::string{method}, segments_of(path), what, std::move(run)});
}

route_table::match route_table::find(std::string_view method,
                                     std::string_view raw_path) const {
  match result;
  const auto segments = segments_of(raw_path);
  for (const auto& r : routes_) {
    auto captures = match_segments(r.pattern, segments);
    if (!captures)
      continue;
    if (r.method != method) {
      result.is_other_method = true;
      continue;
    }
    result.found = &r;
    result.path = std::move(*captures);
    return result;
  }
  return result;
}

std::variant<json_text, http_response> json_body(const call& c) {
  if (c.request->body.empty())
    return json_text::trusted("{}");
  auto parsed = json_text::parse(c.request->body);
  if (const auto* fault = std::get_if<json_fault>(&parsed))
    return malformed_request(fault->reason);
  auto& text = std::get<json_text>(parsed);
  if (!text.is_object())
    return malformed_request("Expected a JSON object.");
  return std::move(text);
}

} // namespace lakegate::sandbox
