#include "gateway/src/json/user.hpp"

#include <lakegate/core/json_writer.hpp>

#include <utility>

namespace lakegate::gateway::json {

namespace {

void write_members(json_writer& w, const user& x) {
  w.member("userName", x.user_id).key("displayName");
  if (x.display_name.empty())
    w.value(nullptr);
  else
    w.value(x.display_name);
  w.member("active", true); // an inactive user is refused
}

/// `adb-984752964297111` of `https://adb-984752964297111.11.azuredatabricks.net`.
std::string_view name_of(std::string_view url) {
  auto scheme = url.find("://");
  if (scheme != std::string_view::npos)
    url.remove_prefix(scheme + 3);
  auto host = url.substr(0, url.find_first_of(":/"));
  auto is_address = host.find_first_not_of("0123456789.") == std::string_view::npos;
  return is_address ? host : host.substr(0, host.find('.'));
}

} // namespace

std::string render_user(const user& x) {
  json_writer w;
  w.begin_object();
  write_members(w, x);
  w.key("emails").begin_array();
  for (const auto& email : x.emails)
    w.value(email);
  w.end_array().end_object();
  return std::move(w).str();
}

std::string render_user_and_workspace(const user& x, std::string_view url) {
  json_writer w;
  w.begin_object().key("user").begin_object();
  write_members(w, x);
  w.end_object().key("workspace").begin_object();
  w.member("name", name_of(url)).member("url", url);
  w.end_object().end_object();
  return std::move(w).str();
}

std::string render_auth_status(bool accepted, const user* who) {
  json_writer w;
  w.begin_object().member("authenticated", accepted).member("auth_mode", "obo");
  w.member("has_user_identity", who != nullptr).key("user_id");
  if (who != nullptr)
    w.value(who->user_id);
  else
    w.value(nullptr);
  w.end_object();
  return std::move(w).str();
}

} // namespace lakegate::gateway::json
