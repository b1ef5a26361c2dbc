#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace lakegate::test {

/// A real PostgreSQL cluster, maybe in use by other tests at the same time: what it
/// offers concerns one database. A test that changes what is global in a server (roles,
/// settings, whether it runs) makes a `temporary_postgres`.
///
/// All members throw std::runtime_error with PostgreSQL's words if it does not do what is
/// asked. Not thread safe, apart from `const` members.
class postgres_cluster {
public:
  /// The one that ctest started for all tests of its run; in a process that was started
  /// otherwise, one of this process, started at the first use.
  static postgres_cluster& shared();

  virtual ~postgres_cluster() = default;
  postgres_cluster(const postgres_cluster&) = delete;
  postgres_cluster& operator=(const postgres_cluster&) = delete;

  const std::string& host() const noexcept { return host_; }
  std::uint16_t port() const noexcept { return port_; }
  /// The superuser and its password.
  const std::string& user() const noexcept { return user_; }
  const std::string& password() const noexcept { return password_; }

  /// Creates an empty database, whose name no other process uses. It goes at the end of
  /// this process at the latest.
  std::string create_database();

  /// Runs SQL through psql, as a witness that shares no code with ours. The rows come as
  /// lines, columns separated by `|`, without headers; NULL is empty.
  std::string run(const std::string& database, const std::string& sql) const;

  /// Ends every client's connection to a database with 57P01.
  void kill_backends(const std::string& database) const;

protected:
  explicit postgres_cluster(std::uint16_t port);

  void port(std::uint16_t x) noexcept { port_ = x; }
  /// What `create_database` made.
  const std::vector<std::string>& databases() const noexcept { return databases_; }

private:
  std::string host_ = "127.0.0.1";
  std::uint16_t port_;
  std::string user_ = "postgres";
  std::string password_;
  std::vector<std::string> databases_;
};

} // namespace lakegate::test
