#include <lakegate/databricks/upstream_errors.hpp>

#include <lakegate/core/json_writer.hpp>

#include <utility>

namespace lakegate::databricks {

namespace {

constexpr auto api_category = caf::atom("lakegate");

errc code_of(failure_kind kind, const error_mapping& mapping) {
  switch (kind) {
  case failure_kind::not_configured:
    return errc::workspace_not_configured;
  case failure_kind::token_invalid:
    return errc::auth_invalid;
  case failure_kind::token_expired:
    return errc::auth_expired;
  case failure_kind::scope_missing:
    return errc::token_scope_missing;
  case failure_kind::permission_denied:
    return mapping.permission_denied;
  case failure_kind::not_found:
    return mapping.not_found;
  case failure_kind::invalid_argument:
    return mapping.invalid_argument;
  case failure_kind::rate_limited:
    return errc::rate_limited;
  case failure_kind::unavailable:
  case failure_kind::cancelled:
  case failure_kind::held_back:
    return mapping.unavailable;
  case failure_kind::timeout:
    return mapping.timeout;
  case failure_kind::invalid_response:
    return errc::upstream_invalid_response;
  case failure_kind::overloaded:
    return errc::overloaded;
  case failure_kind::none:
  case failure_kind::count_:
    break;
  }
  return errc::internal_error;
}

void add(json_writer& w, std::string_view name, const std::string& value) {
  if (!value.empty())
    w.member(name, value);
}

/// Of failures that are about the caller's request; those of the workspace's own health
/// carry nothing that would help a client.
std::string details_of(const upstream_failure& x) {
  json_writer w;
  w.begin_object();
  if (x.kind == failure_kind::scope_missing)
    add(w, "required_scope", x.scope);
  if (x.kind == failure_kind::permission_denied) {
    add(w, "securable_type", x.resource_type);
    add(w, "securable", x.resource_name);
    add(w, "missing_privilege", x.privilege);
  }
  if (x.kind == failure_kind::permission_denied || x.kind == failure_kind::not_found
      || x.kind == failure_kind::invalid_argument) {
    add(w, "upstream_error_code", x.error_code);
    add(w, "upstream_message", x.message);
  }
  w.end_object();
  return std::move(w).str();
}

std::string_view take_word_before(std::string_view& text, std::string_view mark) {
  auto at = text.find(mark);
  if (at == std::string_view::npos)
    return {};
  auto word = text.substr(0, at);
  text.remove_prefix(at + mark.size());
  return word;
}

/// Model Serving writes "permission 'CAN_QUERY'" where Unity Catalog has "USE SCHEMA".
std::string_view privilege_in(std::string_view text) {
  constexpr std::string_view opening = "permission '";
  if (!text.starts_with(opening) || !text.ends_with('\''))
    return text;
  text.remove_prefix(opening.size());
  text.remove_suffix(1);
  return text;
}

} // namespace

caf::error translate(const caf::error& upstream, const error_mapping& mapping) {
  if (!upstream) // CAF's "no error" has no category to ask for.
    return make_error(errc::internal_error);
  return upstream.category() == api_category ? upstream
                                             : translate(failure_in(upstream), mapping);
}

caf::error translate(const upstream_failure& upstream, const error_mapping& mapping) {
  failure result;
  result.code = code_of(upstream.kind, mapping);
  result.details = details_of(upstream);
  result.retry_after = upstream.retry_after;
  return make_error(std::move(result));
}

caf::optional<denial> find_denial(std::string_view text) {
  constexpr std::string_view opening = "does not have ";
  auto at = text.find(opening);
  if (at == std::string_view::npos)
    return caf::none;
  text.remove_prefix(at + opening.size());
  denial result;
  result.privilege = privilege_in(take_word_before(text, " on "));
  result.resource_type = take_word_before(text, " '");
  // A name may hold an apostrophe: the closing one is followed by the end of the
  // sentence.
  auto end = text.find("'.");
  if (end == std::string_view::npos)
    end = text.rfind('\'');
  if (result.privilege.empty() || result.resource_type.empty()
      || result.privilege.find('\n') != std::string::npos
      || result.resource_type.find('\n') != std::string::npos
      || end == std::string_view::npos)
    return caf::none;
  result.resource_name = text.substr(0, end);
  return result;
}

} // namespace lakegate::databricks
