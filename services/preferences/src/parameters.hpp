#pragma once

#include <lakegate/contracts/preferences.hpp>
#include <lakegate/postgres/query.hpp>

#include <string>
#include <vector>

namespace lakegate::preferences {

/// The most bytes of text that can be a value: what is sent is at most 1 MiB, which jsonb
/// may write longer. The same number is in the migration's CHECK.
inline constexpr std::int64_t max_stored_value_bytes = 4 * 1024 * 1024;

inline postgres::parameter number(std::int64_t x) {
  return std::to_string(x);
}

inline postgres::parameter boolean(bool x) {
  return x ? "true" : "false";
}

inline postgres::parameter optional_text(const caf::optional<std::string>& x) {
  return x ? postgres::parameter{*x} : std::nullopt;
}

/// `$2` to `$4` of the lists.
inline std::vector<postgres::parameter> page_parameters(const list_preferences& cmd) {
  return {cmd.who.user_id, optional_text(cmd.key), number(cmd.limit), number(cmd.offset)};
}

/// `$4` of a save, `$3` of a delete: If-Match as an array. A tag that is no UTF-8 is none
/// of ours and matches nothing.
postgres::parameter tags_parameter(const precondition& require);

} // namespace lakegate::preferences
