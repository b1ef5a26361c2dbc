#include <lakegate/databricks/oauth.hpp>

#include "shared/databricks/src/classify.hpp"
#include "shared/databricks/src/token_requests.hpp"

#include <lakegate/runtime/log.hpp>

#include <utility>

namespace lakegate::databricks {

namespace {

using token_ptr = std::shared_ptr<renewing_token>;
using reader = caf::expected<issued_token> (*)(http::response&);

// What waits for an answer refers to the workspace, and does not own it: the last to let
// go of one ends its HTTP thread, which calls what waits, and must be another thread.

/// Sends `request`, reads the answer, tells metrics and log, hands the token on.
void ask(workspace& where, std::string_view operation, http::request request, reader read,
         renewing_token::issue_receiver then) {
  where.client().send(
      std::move(request), [&where, operation, read, then](http::response answer) {
        auto issued = read(answer);
        auto kind = issued ? failure_kind::none : failure_in(issued.error()).kind;
        where.metrics().call_finished(operation, kind, answer.took);
        log::event(issued ? log::level::info : log::level::warn,
                   issued ? "token_renewed" : "token_renewal_failed",
                   {{"operation", operation},
                    {"outcome", outcome_of(kind)},
                    {"status", answer.status}});
        then(std::move(issued));
      });
}

bool can_be_asked(const workspace& where, const service_principal& who) {
  return where.is_configured() && who.exists();
}

caf::error not_configured() {
  upstream_failure failure;
  failure.kind = failure_kind::not_configured;
  failure.sent = false;
  return make_error(std::move(failure));
}

token_ptr make_workspace_token(workspace& where, const service_principal& who) {
  return std::make_shared<renewing_token>([&where,
                                           who](renewing_token::issue_receiver then) {
    if (!can_be_asked(where, who))
      return then(not_configured());
    ask(where, "get_token", make_token_request(where, who), read_token, std::move(then));
  });
}

bool is_refused_token(const caf::error& err) {
  auto kind = failure_in(err).kind;
  return kind == failure_kind::token_invalid || kind == failure_kind::token_expired;
}

/// A workspace token that the workspace refuses is replaced, once.
void ask_for_credential(workspace& where, const service_principal& who,
                        const token_ptr& workspace_token,
                        renewing_token::issue_receiver then) {
  auto ask_with = [&where, who](const access_token& token,
                                renewing_token::issue_receiver next) {
    ask(where, "get_database_credential", make_credential_request(where, who, token),
        read_credential, std::move(next));
  };
  auto second_try = [ask_with, then](caf::expected<access_token> token) {
    token ? ask_with(*token, then) : then(token.error());
  };
  auto first_try = [=](caf::expected<access_token> token) {
    if (!token)
      return then(token.error());
    ask_with(*token, [=](caf::expected<issued_token> issued) {
      if (issued || !is_refused_token(issued.error()))
        return then(std::move(issued));
      workspace_token->replace(*token, second_try);
    });
  };
  workspace_token->get(first_try, false);
}

token_ptr make_credential(workspace& where, const service_principal& who,
                          const token_ptr& workspace_token) {
  return std::make_shared<renewing_token>(
      [&where, who, workspace_token](renewing_token::issue_receiver then) {
        ask_for_credential(where, who, workspace_token, std::move(then));
      });
}

token_source source_of(workspace_ptr where, token_ptr token) {
  return [where, token](std::chrono::milliseconds limit, bool fresh) {
    return token->wait(limit, fresh);
  };
}

} // namespace

std::vector<runtime::setting> service_principal_settings() {
  return {
      {"databricks.client-id",
       {"DATABRICKS_CLIENT_ID"},
       "",
       runtime::anything(),
       "The app's service principal; signs in to Lakebase where no password is set"},
      {"databricks.client-secret",
       {"DATABRICKS_CLIENT_SECRET"},
       "",
       runtime::anything(),
       "Its OAuth secret",
       true},
      {"database.endpoint",
       {"LAKEBASE_ENDPOINT"},
       "",
       runtime::anything(),
       "The Lakebase endpoint, projects/…/endpoints/…, for credentials of its own"},
  };
}

service_principal read_service_principal(const runtime::settings& values,
                                         std::string lakebase_instance) {
  if (values.text("databricks.host").empty())
    return {};
  return {values.text("databricks.client-id"),
          access_token{values.text("databricks.client-secret")},
          std::move(lakebase_instance), values.text("database.endpoint")};
}

token_source make_workspace_token_source(workspace_ptr where, service_principal who) {
  auto token = make_workspace_token(*where, who);
  return source_of(std::move(where), std::move(token));
}

token_source make_database_password_source(workspace_ptr where, service_principal who) {
  auto workspace_token = make_workspace_token(*where, who);
  if (who.lakebase_instance.empty() && who.lakebase_endpoint.empty())
    return source_of(std::move(where), std::move(workspace_token));
  auto credential = make_credential(*where, who, workspace_token);
  return source_of(std::move(where), std::move(credential));
}

} // namespace lakegate::databricks
