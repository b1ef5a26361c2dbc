#include "gateway/src/json/preference.hpp"

#include <lakegate/core/json_view.hpp>
#include <lakegate/core/json_writer.hpp>
#include <lakegate/core/rules.hpp>

#include <utility>

namespace lakegate::gateway::json {

namespace {

void write(json_writer& w, const preferences::preference& x) {
  w.begin_object();
  w.member("id", x.id).member("user_id", x.user_id).member("preference_key", x.key);
  w.member("preference_value", x.value);
  w.member("created_at", x.created_at).member("updated_at", x.updated_at);
  w.end_object();
}

} // namespace

std::string render(const preferences::preference& x) {
  json_writer w;
  write(w, x);
  return std::move(w).str();
}

std::string render(const std::vector<preferences::preference>& items) {
  json_writer w;
  w.begin_array();
  for (const auto& x : items)
    write(w, x);
  w.end_array();
  return std::move(w).str();
}

preferences::save_preference parse_save_preference(const json_text& body, faults& found) {
  preferences::save_preference result;
  auto key = json_view{body}["preference_key"];
  if (!key.exists())
    found.push_back({"preference_key", "is required"});
  else if (auto text = key.string())
    rules::check_preference_key("preference_key", result.key = std::move(*text), found);
  else
    found.push_back({"preference_key", "must be a string"});
  result.value = parse_preference_value(body, found);
  return result;
}

json_text parse_preference_value(const json_text& body, faults& found) {
  constexpr auto field = "preference_value";
  auto value = json_view{body}[field];
  if (!value.exists())
    found.push_back({field, "is required"});
  else if (!value.is_object())
    found.push_back({field, "must be a JSON object"});
  else if (value.raw().size() > rules::max_preference_value_bytes)
    found.push_back({field, "must be at most 1 MiB (1048576 bytes), is "
                                + std::to_string(value.raw().size())});
  else
    return json_text::trusted(std::string{value.raw()});
  return {};
}

} // namespace lakegate::gateway::json
