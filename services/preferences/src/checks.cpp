#include "services/preferences/src/checks.hpp"

#include <lakegate/core/rules.hpp>

namespace lakegate::preferences {

namespace {

constexpr auto key_field = "preference_key";
constexpr auto value_field = "preference_value";

caf::error error_of(errc code, const faults& found) {
  return found.empty() ? caf::error{} : make_error(code, found);
}

caf::error check_key(const std::string& key) {
  faults found;
  rules::check_preference_key(key_field, key, found);
  return error_of(errc::invalid_preference, found);
}

void check_value(const json_text& value, faults& found) {
  if (value.size() > rules::max_preference_value_bytes)
    found.push_back({value_field, "must be at most "
                                      + std::to_string(rules::max_preference_value_bytes)
                                      + " bytes"});
  else if (auto fault = find_json_fault(value.str()); !fault.reason.empty())
    found.push_back({value_field, "must be JSON, but " + fault.reason});
  else if (!value.is_object())
    found.push_back({value_field, "must be a JSON object"});
}

} // namespace

caf::error check(const list_preferences& cmd) {
  faults bad_key, found;
  if (cmd.key)
    rules::check_preference_key(key_field, *cmd.key, bad_key);
  rules::check_limit("limit", cmd.limit, found);
  rules::check_offset("offset", cmd.offset, found);
  const auto code = bad_key.empty() ? errc::invalid_request : errc::invalid_preference;
  found.insert(found.end(), bad_key.begin(), bad_key.end());
  return error_of(code, found);
}

caf::error check(const get_preference& cmd) {
  return check_key(cmd.key);
}

caf::error check(const save_preference& cmd) {
  faults found;
  rules::check_preference_key(key_field, cmd.key, found);
  check_value(cmd.value, found);
  return error_of(errc::invalid_preference, found);
}

caf::error check(const delete_preference& cmd) {
  return check_key(cmd.key);
}

} // namespace lakegate::preferences
