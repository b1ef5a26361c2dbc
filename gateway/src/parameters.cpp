#include "gateway/src/parameters.hpp"

#include <lakegate/core/rules.hpp>

#include <algorithm>
#include <utility>

namespace lakegate::gateway {

namespace {

caf::optional<std::int64_t> read_limit(const exchange& http, faults& found) {
  auto limit = http.context().target.query.number("limit", found);
  if (!limit)
    return caf::none;
  rules::check_limit("limit", *limit, found);
  return *limit;
}

std::int64_t read_offset(const exchange& http, faults& found) {
  auto offset = http.context().target.query.number("offset", found).value_or(0);
  rules::check_offset("offset", offset, found);
  return offset;
}

} // namespace

page read_page(const exchange& http, std::int64_t default_limit, faults& found) {
  auto limit = read_limit(http, found);
  auto offset = read_offset(http, found);
  return {limit ? *limit : default_limit, offset};
}

catalog::slice read_slice(const exchange& http, faults& found) {
  catalog::slice result;
  result.limit = read_limit(http, found);
  result.offset = read_offset(http, found);
  return result;
}

std::string read_identifier(const exchange& http, std::string_view name, faults& found) {
  auto before = found.size();
  auto value = http.context().target.query.text(name, found);
  if (!value) {
    if (found.size() == before)
      found.push_back({std::string{name}, "is required"});
    return {};
  }
  rules::check_identifier(name, *value, found);
  return std::move(*value);
}

std::string links_of(std::string_view path, std::string_view further, page shown,
                     std::int64_t total) {
  std::string result;
  auto add = [&](std::string_view relation, std::int64_t offset) {
    if (!result.empty())
      result.append(", ");
    result.append("<").append(path).append("?limit=").append(std::to_string(shown.limit));
    result.append("&offset=").append(std::to_string(offset)).append(further);
    result.append(">; rel=\"").append(relation).append("\"");
  };
  auto last = total > 0 ? (total - 1) / shown.limit * shown.limit : 0;
  add("first", 0);
  if (shown.offset > 0)
    add("prev", std::clamp<std::int64_t>(shown.offset - shown.limit, 0, last));
  if (shown.offset < total - shown.limit)
    add("next", shown.offset + shown.limit);
  add("last", last);
  return result;
}

http_response json_answer(std::string body) {
  http_response result;
  result.body = std::move(body);
  return result;
}

http_response list_answer(std::string body, std::int64_t total) {
  auto result = json_answer(std::move(body));
  result.set("X-Total-Count", std::to_string(total));
  return result;
}

} // namespace lakegate::gateway
