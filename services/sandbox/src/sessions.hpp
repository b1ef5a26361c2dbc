#pragma once

#include <lakegate/core/access_token.hpp>
#include <lakegate/postgres/connection.hpp>

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace lakegate::sandbox {

/// The PostgreSQL that holds the sandbox's data, and its superuser.
struct postgres_address {
  std::string host;
  std::uint16_t port = 5432;
  std::string user = "postgres";
  access_token password;
};

class sessions;

/// A session of one thread; goes back to be used again when it ends.
class session_lease {
public:
  session_lease(sessions& pool, std::pair<std::string, std::string> key,
                postgres::connection session);
  session_lease(session_lease&&) = default;
  session_lease& operator=(session_lease&&) = delete;
  ~session_lease();

  postgres::connection* operator->() noexcept { return &session_; }
  /// Its settings were changed: it is closed instead of used again.
  void spoil() noexcept { spoilt_ = true; }

private:
  sessions* pool_;
  std::pair<std::string, std::string> key_;
  postgres::connection session_;
  bool spoilt_ = false;
};

/// Sessions by database and role; a few idle ones of each are kept. Thread safe.
class sessions {
public:
  explicit sessions(postgres_address where);

  using opened = std::variant<session_lease, postgres::sql_failure>;
  opened as_superuser(const std::string& database);
  /// Logs in as the user's own role, so PostgreSQL itself decides what it may.
  opened as_user(const std::string& database, const std::string& user);

  /// One statement of the superuser.
  postgres::answer run(const std::string& database, const std::string& sql,
                       const std::vector<postgres::parameter>& parameters = {});

  /// The password of a user's role: derived from the superuser's, so nobody has to keep
  /// it.
  access_token password_of(std::string_view user) const;

private:
  friend class session_lease;
  using key = std::pair<std::string, std::string>;
  opened open(const key& k, const access_token& password);
  void give_back(const key& k, postgres::connection session);

  postgres_address where_;
  std::mutex lock_;
  std::map<key, std::vector<postgres::connection>> idle_;
};

/// The database that every cluster has.
inline constexpr std::string_view maintenance_database = "postgres";
/// Schema of the functions and types that Databricks has and PostgreSQL lacks.
inline constexpr std::string_view helper_schema = "lakegate_sandbox";

} // namespace lakegate::sandbox
