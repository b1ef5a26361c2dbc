#include "integration-tests/support/reference_workspace.hpp"

#include "integration-tests/support/http.hpp"

#include <algorithm>
#include <utility>

namespace lakegate::integration {

using databricks::failure_kind;
using databricks::upstream_failure;
using testing::_;

namespace {

constexpr std::string_view token_prefix = "token-of-";

upstream_failure missing(const std::string& what, const std::string& name) {
  auto x =
      Failing(failure_kind::not_found, 404, what + " '" + name + "' does not exist.");
  x.error_code = what + "_DOES_NOT_EXIST";
  return x;
}

upstream_failure denied(const std::string& type, const std::string& name,
                        const std::string& privilege) {
  auto x =
      Failing(failure_kind::permission_denied, 403,
              "User does not have " + privilege + " on " + type + " '" + name + "'.");
  x.error_code = "PERMISSION_DENIED";
  x.resource_type = type;
  x.resource_name = name;
  x.privilege = privilege;
  return x;
}

databricks::table_info info_of(const reference_table& t) {
  databricks::table_info x;
  x.catalog = t.catalog;
  x.schema = t.schema;
  x.name = t.name;
  x.table_type = "MANAGED";
  x.owner = "owner@example.com";
  x.columns = t.columns;
  x.primary_key = t.primary_key;
  x.updated_at_ms = 1767225600000;
  return x;
}

} // namespace

upstream_failure Failing(failure_kind kind, int http_status, std::string message) {
  upstream_failure x;
  x.kind = kind;
  x.http_status = http_status;
  x.message = std::move(message);
  return x;
}

reference_workspace::reference_workspace() {
  grants_[user_a] = {"main.default.*"};
  grants_[user_b] = {"samples.tpch.nation"};
  for (const auto& user : SevenUsers())
    grants_[user] = {"main.default.*"};
  ON_CALL(identity, get_current_user(_)).WillByDefault([this](const auto& x) {
    return who_is(x.ctx.token);
  });
  answer_catalog();
  answer_sql();
  answer_serving();
}

void reference_workspace::Grant(const std::string& user, const std::string& what) {
  std::lock_guard guard{mutex_};
  grants_[user].insert(what);
}

void reference_workspace::Revoke(const std::string& user, const std::string& what) {
  std::lock_guard guard{mutex_};
  grants_[user].erase(what);
}

void reference_workspace::Add(reference_table table) {
  std::lock_guard guard{mutex_};
  tables_.push_back(std::move(table));
}

std::vector<databricks::execute_statement> reference_workspace::Statements() const {
  std::lock_guard guard{mutex_};
  return statements_;
}

std::vector<databricks::invoke_endpoint> reference_workspace::Invocations() const {
  std::lock_guard guard{mutex_};
  return invocations_;
}

test::reply<databricks::workspace_user>
reference_workspace::who_is(const access_token& token) const {
  const auto& text = token.reveal();
  if (!text.starts_with(token_prefix)) {
    auto kind =
        text == "expired" ? failure_kind::token_expired : failure_kind::token_invalid;
    return test::fails<databricks::workspace_user>(
        Failing(kind, 403, "Invalid access token."));
  }
  databricks::workspace_user user;
  user.id = "4711";
  user.user_name = text.substr(token_prefix.size());
  user.display_name = "User " + user.user_name;
  user.active = true;
  user.emails = {user.user_name};
  user.workspace_id = "1234567890";
  return caf::expected<databricks::workspace_user>{user};
}

std::string reference_workspace::user_of(const databricks::call_context& ctx) const {
  return ctx.token.reveal().substr(token_prefix.size());
}

bool reference_workspace::may_read(const std::string& user,
                                   const reference_table& t) const {
  auto found = grants_.find(user);
  return found != grants_.end()
         && (found->second.contains(t.full_name())
             || found->second.contains(t.catalog + "." + t.schema + ".*"));
}

/// Two names a page; the second page is empty and has a token, as Databricks' may.
test::reply<databricks::name_page>
reference_workspace::page_of(std::set<std::string> names,
                             const std::string& token) const {
  databricks::name_page page;
  if (token == "2") {
    page.next_page_token = "3";
    return caf::expected<databricks::name_page>{page};
  }
  std::vector<std::string> all{names.rbegin(), names.rend()}; // no order is promised
  auto first = std::min<std::size_t>(token.empty() ? 0 : 2, all.size());
  auto last = token.empty() ? std::min<std::size_t>(2, all.size()) : all.size();
  page.names.assign(all.begin() + static_cast<std::ptrdiff_t>(first),
                    all.begin() + static_cast<std::ptrdiff_t>(last));
  if (token.empty() && all.size() > 2)
    page.next_page_token = "2";
  return caf::expected<databricks::name_page>{page};
}

test::reply<databricks::name_page>
reference_workspace::catalogs(const databricks::list_catalogs& x) const {
  std::lock_guard guard{mutex_};
  std::set<std::string> names;
  for (const auto& t : tables_)
    if (may_read(user_of(x.ctx), t))
      names.insert(t.catalog);
  return page_of(std::move(names), x.page_token);
}

test::reply<databricks::name_page>
reference_workspace::schemas(const databricks::list_schemas& x) const {
  std::lock_guard guard{mutex_};
  auto why = denial(user_of(x.ctx), x.catalog, {}, {});
  if (why.kind != failure_kind::none)
    return test::fails<databricks::name_page>(why);
  std::set<std::string> names;
  for (const auto& t : tables_)
    if (t.catalog == x.catalog && may_read(user_of(x.ctx), t))
      names.insert(t.schema);
  return page_of(std::move(names), x.page_token);
}

test::reply<databricks::table_page>
reference_workspace::tables(const databricks::list_tables& x) const {
  std::lock_guard guard{mutex_};
  auto why = denial(user_of(x.ctx), x.catalog, x.schema, {});
  if (why.kind != failure_kind::none)
    return test::fails<databricks::table_page>(why);
  databricks::table_page page;
  for (auto t = tables_.rbegin(); t != tables_.rend(); ++t)
    if (t->catalog == x.catalog && t->schema == x.schema && may_read(user_of(x.ctx), *t))
      page.tables.push_back(info_of(*t));
  return caf::expected<databricks::table_page>{page};
}

test::reply<databricks::table_info>
reference_workspace::table(const databricks::get_table& x) const {
  std::lock_guard guard{mutex_};
  auto why = denial(user_of(x.ctx), x.catalog, x.schema, x.table);
  if (why.kind != failure_kind::none)
    return test::fails<databricks::table_info>(why);
  for (const auto& t : tables_)
    if (t.catalog == x.catalog && t.schema == x.schema && t.name == x.table)
      return caf::expected<databricks::table_info>{info_of(t)};
  return std::nullopt;
}

upstream_failure reference_workspace::denial(const std::string& user,
                                             const std::string& c, const std::string& s,
                                             const std::string& t) const {
  auto any = [&](auto&& predicate) {
    return std::any_of(tables_.begin(), tables_.end(), predicate);
  };
  auto in_catalog = [&](const auto& x) { return x.catalog == c; };
  auto in_schema = [&](const auto& x) { return in_catalog(x) && x.schema == s; };
  auto is_table = [&](const auto& x) { return in_schema(x) && x.name == t; };
  auto readable = [&](const auto& x) { return may_read(user, x); };
  if (!any(in_catalog))
    return missing("CATALOG", c);
  if (!any([&](const auto& x) { return in_catalog(x) && readable(x); }))
    return denied("Catalog", c, "USE CATALOG");
  if (s.empty())
    return {};
  if (!any(in_schema))
    return missing("SCHEMA", c + "." + s);
  if (!any([&](const auto& x) { return in_schema(x) && readable(x); }))
    return denied("Schema", c + "." + s, "USE SCHEMA");
  if (t.empty())
    return {};
  if (!any(is_table))
    return missing("TABLE", c + "." + s + "." + t);
  if (!any([&](const auto& x) { return is_table(x) && readable(x); }))
    return denied("Table", c + "." + s + "." + t, "SELECT");
  return {};
}

void reference_workspace::answer_catalog() {
  ON_CALL(catalog, list_catalogs(_)).WillByDefault([this](const auto& x) {
    return catalogs(x);
  });
  ON_CALL(catalog, list_schemas(_)).WillByDefault([this](const auto& x) {
    return schemas(x);
  });
  ON_CALL(catalog, list_tables(_)).WillByDefault([this](const auto& x) {
    return tables(x);
  });
  ON_CALL(catalog, get_table(_)).WillByDefault([this](const auto& x) {
    return table(x);
  });
}

} // namespace lakegate::integration
