#include "gateway/src/identity.hpp"

#include "gateway/src/token.hpp"

#include <lakegate/databricks/upstream_errors.hpp>

#include <algorithm>
#include <optional>
#include <utility>

namespace lakegate::gateway {

namespace {

using clock = identity_cache::clock;

/// How far the clocks of token issuer and gateway may differ.
constexpr auto expiry_tolerance = std::chrono::seconds{30};

constexpr databricks::error_mapping mapping{
    errc::auth_user_identity_failed, errc::auth_user_identity_failed,
    errc::identity_unavailable, errc::identity_unavailable, errc::auth_invalid};

databricks::get_current_user question(const request_context& request,
                                      std::chrono::milliseconds budget) {
  databricks::get_current_user result;
  result.ctx.token = request.token;
  result.ctx.correlation_id = request.correlation_id;
  result.ctx.traceparent = request.traceparent;
  result.ctx.time_left = budget;
  result.ctx.meter = request.meter;
  return result;
}

user_ptr to_user(databricks::workspace_user& x) {
  auto result = std::make_shared<user>();
  result->hash = short_hash(x.user_name);
  result->user_id = std::move(x.user_name);
  result->display_name = std::move(x.display_name);
  result->emails = std::move(x.emails);
  result->workspace_id = std::move(x.workspace_id);
  return result;
}

caf::error identity_failed(const char* message) {
  return make_error(failure{errc::auth_user_identity_failed, message, {}, caf::none});
}

/// The steady moment after which the token is not good any more.
clock::time_point latest_of(const access_token& token) {
  auto expiry = jwt_expiry(token.reveal());
  if (!expiry)
    return clock::time_point::max();
  auto left = *expiry + expiry_tolerance - std::chrono::system_clock::now();
  return clock::now() + std::chrono::duration_cast<clock::duration>(left);
}

/// Worth a second try: the workspace has not said anything about the token.
bool is_transient(const caf::error& why) {
  return databricks::failure_in(why).kind == databricks::failure_kind::unavailable;
}

} // namespace

identity::identity(identity_config config, ask_workspace ask, gateway_metrics& metrics)
    : config_{config}, ask_{std::move(ask)}, metrics_{metrics}, cache_{
                                                                    config.max_entries} {}

identity_cache::finding identity::find(const token_key& key) {
  auto found = cache_.find(key, clock::now());
  if (found.what != nullptr)
    metrics_.identity_looked_up(identity_source::cache);
  return found;
}

void identity::resolve(const token_key& key, request_context& request, done then) {
  auto running = flights_.find(key);
  if (running != flights_.end()) {
    metrics_.identity_looked_up(identity_source::shared_call);
    request.identity_cache = cache_verdict::shared;
    running->second.waiting.push_back(
        {std::move(then), hop_timer{request.meter, hop::upstream}});
    return;
  }
  auto latest = latest_of(request.token);
  if (latest <= clock::now()) {
    metrics_.identity_looked_up(identity_source::claim);
    return then(make_error(errc::auth_expired));
  }
  metrics_.identity_looked_up(identity_source::workspace);
  auto& opened = flights_[key];
  opened.latest = latest;
  opened.waiting.push_back({std::move(then)});
  start(key, question(request, config_.upstream_budget), true);
}

void identity::start(const token_key& key, databricks::get_current_user what,
                     bool may_retry) {
  auto again = what;
  auto began = clock::now();
  ask_(std::move(what), [self = shared_from_this(), key, again, began, may_retry](
                            caf::expected<databricks::workspace_user> got) mutable {
    if (got)
      return self->on_user(key, *got);
    auto spent =
        std::chrono::duration_cast<std::chrono::milliseconds>(clock::now() - began);
    if (may_retry && is_transient(got.error()) && spent < again.ctx.time_left / 2) {
      again.ctx.time_left -= spent;
      return self->start(key, std::move(again), false);
    }
    self->on_failure(key, got.error());
  });
}

void identity::on_user(const token_key& key, databricks::workspace_user& found) {
  auto now = clock::now();
  if (found.user_name.empty())
    return conclude(key,
                    {nullptr, identity_failed("The workspace names no user for this "
                                              "token.")},
                    now + std::min(config_.ttl, config_.failure_ttl));
  if (!found.active)
    return conclude(key,
                    {nullptr, identity_failed("The workspace has deactivated this "
                                              "user.")},
                    now + std::min(config_.ttl, config_.failure_ttl));
  auto until = std::min(now + config_.ttl, flights_[key].latest);
  conclude(key, {to_user(found), {}}, until);
}

void identity::on_failure(const token_key& key, const caf::error& why) {
  conclude(key, {nullptr, databricks::translate(why, mapping)},
           clock::now() + std::min(config_.ttl, config_.failure_ttl));
}

void identity::conclude(const token_key& key, identity_cache::entry what,
                        clock::time_point until) {
  auto ended = flights_.extract(key);
  if (config_.ttl.count() > 0)
    cache_.remember(key, what, until);
  if (ended.empty())
    return;
  for (auto& [then, wait] : ended.mapped().waiting) {
    wait.end();
    if (what.who)
      then(what.who);
    else
      then(what.why);
  }
}

} // namespace lakegate::gateway
