#include "services/sandbox/src/accounts.hpp"

#include "services/sandbox/src/answers.hpp"

#include <lakegate/core/ids.hpp>

#include <algorithm>
#include <optional>

namespace lakegate::sandbox {

namespace {

constexpr std::string_view client_id = "sandbox-client";
constexpr std::string_view always_expired = "sandbox-expired";

/// Texts recorded from a workspace, the last one in databricks-sdk-go#1061.
constexpr std::string_view not_sent =
    "Credential was not sent or was of an unsupported type for this API.";
constexpr std::string_view not_valid = "Invalid access token.";
constexpr std::string_view has_expired = "JWT has expired";

std::string_view bearer_token(std::string_view authorization) {
  constexpr std::string_view scheme = "Bearer ";
  return authorization.starts_with(scheme) ? authorization.substr(scheme.size())
                                           : std::string_view{};
}

} // namespace

const account* find_account(std::string_view user_name) {
  const auto* found =
      std::find_if(everybody.begin(), everybody.end(),
                   [&](const auto& a) { return a.user_name == user_name; });
  return found == everybody.end() ? nullptr : found;
}

accounts::accounts(access_token client_secret, std::chrono::seconds token_lifetime,
                   std::function<std::chrono::steady_clock::time_point()> now)
    : client_secret_{std::move(client_secret)}, lifetime_{token_lifetime}, now_{std::move(
                                                                               now)} {}

const account* accounts::owner_of(std::string_view token) const {
  if (issued_.contains(token))
    return find_account(client_id);
  const auto* found =
      std::find_if(everybody.begin(), everybody.end(),
                   [&](const auto& a) { return !a.token.empty() && a.token == token; });
  return found == everybody.end() ? nullptr : found;
}

std::variant<const account*, http_response>
accounts::authenticate(std::string_view authorization) const {
  const auto token = bearer_token(authorization);
  if (token.empty())
    return refused_credential(401, not_sent);
  const std::lock_guard guard{lock_};
  const auto* owner = owner_of(token);
  if (token == always_expired || expired_.contains(token)
      || (owner && expired_users_.contains(owner->user_name)))
    return refused_credential(403, has_expired);
  if (!owner)
    return refused_credential(403, not_valid);
  const auto issue = issued_.find(token);
  if (issue != issued_.end() && issue->second <= now_())
    return refused_credential(403, has_expired);
  return owner;
}

std::optional<accounts::issued> accounts::issue(std::string_view id,
                                                std::string_view secret) {
  if (id != client_id || secret != client_secret_.reveal())
    return std::nullopt;
  const std::lock_guard guard{lock_};
  auto token = "sandbox-oauth-" + make_uuid();
  issued_[token] = now_() + lifetime_;
  return issued{access_token{std::move(token)}, lifetime_};
}

void accounts::set_expired(std::string_view token, bool expired) {
  const std::lock_guard guard{lock_};
  if (expired)
    expired_.insert(std::string{token});
  else
    expired_.erase(std::string{token});
}

void accounts::set_user_expired(std::string_view user_name, bool expired) {
  const std::lock_guard guard{lock_};
  if (expired)
    expired_users_.insert(std::string{user_name});
  else
    expired_users_.erase(std::string{user_name});
}

} // namespace lakegate::sandbox
