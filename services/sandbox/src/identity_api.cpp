#include "services/sandbox/src/identity_api.hpp"

#include "services/sandbox/src/answers.hpp"

#include <optional>

namespace lakegate::sandbox {

namespace {

/// Where the client thinks the workspace is, so that what we send it works for it.
std::string origin_of(const call& c) {
  return "http://" + std::string{c.request->header_value("Host")};
}

http_response me(const call& c) {
  const auto& who = *c.caller;
  json_writer w;
  w.begin_object().key("schemas").begin_array();
  w.value("urn:ietf:params:scim:schemas:core:2.0:User");
  w.value("urn:ietf:params:scim:schemas:extension:workspace:2.0:User").end_array();
  w.member("id", who.id).member("userName", who.user_name);
  w.member("displayName", who.display_name).member("active", true);
  if (!who.is_service_principal) {
    w.key("emails").begin_array().begin_object().member("type", "work");
    w.member("value", who.user_name).member("primary", true).end_object().end_array();
    w.key("name").begin_object().member("givenName", who.given_name);
    w.member("familyName", who.family_name).end_object();
  }
  w.key("groups")
      .begin_array()
      .begin_object()
      .member("display", "users")
      .member("type", "direct");
  w.member("value", "99").member("$ref", "Groups/99").end_object().end_array();
  w.key("entitlements").begin_array().begin_object().member("value", "workspace-access");
  w.end_object().end_array().end_object();
  auto answer = json_answer(std::move(w));
  answer.content_type = "application/scim+json";
  return answer;
}

http_response authorization_server(const call& c) {
  const auto oidc = origin_of(c) + "/oidc";
  json_writer w;
  w.begin_object().member("authorization_endpoint", oidc + "/v1/authorize");
  w.member("token_endpoint", oidc + "/v1/token").member("issuer", oidc);
  w.member("jwks_uri", oidc + "/jwks.json");
  const auto list = [&](std::string_view name,
                        std::initializer_list<std::string_view> items) {
    w.key(name).begin_array();
    for (const auto item : items)
      w.value(item);
    w.end_array();
  };
  list("scopes_supported",
       {"all-apis", "email", "offline_access", "openid", "profile", "sql"});
  list("response_types_supported", {"code", "id_token"});
  list("grant_types_supported",
       {"client_credentials", "authorization_code", "refresh_token"});
  list("token_endpoint_auth_methods_supported",
       {"client_secret_basic", "client_secret_post", "none"});
  w.end_object();
  return json_answer(std::move(w));
}

http_response workspace_config(const call& c) {
  json_writer w;
  w.begin_object().member("oidc_endpoint", origin_of(c) + "/oidc");
  w.member("workspace_id", workspace_id).member("cloud", "AWS");
  w.member("host_type", "workspace").end_object();
  return json_answer(std::move(w));
}

http_response oauth_error(int status, std::string_view error,
                          std::string_view description) {
  json_writer w;
  w.begin_object()
      .member("error", error)
      .member("error_description", description)
      .end_object();
  auto answer = json_answer(std::move(w));
  answer.status = status;
  return answer;
}

struct client_credentials {
  std::string id;
  std::string secret;
};

/// From `Authorization: Basic` (RFC 6749, 2.3.1: both form-encoded), else from the form.
client_credentials credentials_of(const call& c, const query_values& form) {
  constexpr std::string_view scheme = "Basic ";
  const auto header_text = c.request->header_value("Authorization");
  if (header_text.starts_with(scheme)) {
    const auto pair = base64_decoded(header_text.substr(scheme.size())).value_or("");
    const auto colon = std::min(pair.find(':'), pair.size());
    return {percent_decoded(pair.substr(0, colon), true).value_or(""),
            percent_decoded(
                std::string_view{pair}.substr(std::min(colon + 1, pair.size())), true)
                .value_or("")};
  }
  const auto value = [&](std::string_view name) {
    const auto found = form.find(name);
    return found == form.end() ? std::string{} : found->second;
  };
  return {value("client_id"), value("client_secret")};
}

http_response issue_token(const call& c, accounts& who) {
  const auto form = parse_query(c.request->body);
  const auto grant = form.find("grant_type");
  if (grant == form.end() || grant->second != "client_credentials")
    return oauth_error(400, "unsupported_grant_type",
                       "The sandbox grants client_credentials only.");
  const auto given = credentials_of(c, form);
  const auto issued = who.issue(given.id, given.secret);
  if (!issued)
    return oauth_error(401, "invalid_client", "Client authentication failed");
  json_writer w;
  w.begin_object().member("access_token", issued->token.reveal());
  w.member("token_type", "Bearer");
  w.member("expires_in", static_cast<std::int64_t>(issued->lifetime.count()));
  w.member("scope", "all-apis").end_object();
  return json_answer(std::move(w));
}

} // namespace

void add_identity_routes(route_table& routes, accounts& who) {
  routes.add("GET", "/api/2.0/preview/scim/v2/Me", me);
  routes.add("GET", "/oidc/.well-known/oauth-authorization-server", authorization_server,
             needs::nothing);
  routes.add("GET", "/.well-known/databricks-config", workspace_config, needs::nothing);
  routes.add(
      "POST", "/oidc/v1/token", [&who](const call& c) { return issue_token(c, who); },
      needs::nothing);
}

} // namespace lakegate::sandbox
