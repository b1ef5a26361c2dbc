#include "services/preferences/src/parameters.hpp"

#include <lakegate/core/rules.hpp>

namespace lakegate::preferences {

postgres::parameter tags_parameter(const precondition& require) {
  std::vector<std::string> tags;
  for (const auto& x : require.if_match) {
    const bool is_text = rules::is_utf8(x) && x.find('\0') == std::string::npos;
    tags.push_back(is_text ? x : std::string{});
  }
  return postgres::array_literal(tags);
}

} // namespace lakegate::preferences
