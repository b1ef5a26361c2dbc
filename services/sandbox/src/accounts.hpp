#pragma once

#include "services/sandbox/src/http.hpp"

#include <lakegate/core/access_token.hpp>

#include <array>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace lakegate::sandbox {

/// A user or service principal of the sandbox. The name is also its role in PostgreSQL.
struct account {
  std::string_view id;        ///< SCIM id, digits.
  std::string_view user_name; ///< E-mail, or the client id of a service principal.
  std::string_view display_name;
  std::string_view given_name;
  std::string_view family_name;
  std::string_view token; ///< Its personal access token; empty: none.
  bool is_service_principal = false;
};

/// Everybody there is.
inline constexpr std::array<account, 4> everybody{{
    {"1000000000000001", "engineer@example.com", "Erin Engineer", "Erin", "Engineer",
     "sandbox-engineer"},
    {"1000000000000002", "analyst@example.com", "Ana Analyst", "Ana", "Analyst",
     "sandbox-analyst"},
    {"1000000000000003", "guest@example.com", "Gus Guest", "Gus", "Guest",
     "sandbox-guest"},
    {"1000000000000004", "sandbox-client", "Sandbox App", "", "", "", true},
}};

/// The owner of all data, a role that nobody logs in as.
inline constexpr std::string_view owner_name = "admin@example.com";
inline constexpr std::string_view workspace_id = "1234567890123456";

const account* find_account(std::string_view user_name);

/// Which token is whose. Thread safe.
class accounts {
public:
  /// `client_secret` is that of the service principal `sandbox-client`.
  accounts(access_token client_secret, std::chrono::seconds token_lifetime,
           std::function<std::chrono::steady_clock::time_point()> now);

  /// Whose token `Authorization` carries, or the refusal that Databricks sends.
  std::variant<const account*, http_response>
  authenticate(std::string_view authorization) const;

  struct issued {
    access_token token;
    std::chrono::seconds lifetime;
  };
  /// An OAuth token for the service principal; nothing: `invalid_client`.
  std::optional<issued> issue(std::string_view client_id, std::string_view client_secret);

  /// From now on `token` is refused as expired, or no longer.
  void set_expired(std::string_view token, bool expired);
  /// All of a user's tokens.
  void set_user_expired(std::string_view user_name, bool expired);

private:
  const account* owner_of(std::string_view token) const;

  access_token client_secret_;
  std::chrono::seconds lifetime_;
  std::function<std::chrono::steady_clock::time_point()> now_;
  mutable std::mutex lock_;
  std::map<std::string, std::chrono::steady_clock::time_point, std::less<>> issued_;
  std::set<std::string, std::less<>> expired_;
  std::set<std::string, std::less<>> expired_users_;
};

} // namespace lakegate::sandbox
