#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include <sys/types.h>

namespace lakegate::test {

/// A throw-away PostgreSQL cluster of its own on a free loopback port, with a password
/// and a default collation that is not byte order. Starts in well under a second: the
/// result of one `initdb` is kept per machine and copied. It is stopped and its files are
/// removed by the destructor, and by a watcher process if the test process dies without
/// running it.
///
/// All members throw std::runtime_error with a sentence if PostgreSQL does not do what is
/// asked within ten seconds. Not thread safe, apart from the accessors.
class temporary_postgres {
public:
  temporary_postgres();
  ~temporary_postgres();
  temporary_postgres(const temporary_postgres&) = delete;
  temporary_postgres& operator=(const temporary_postgres&) = delete;

  /// The cluster of this process, started at its first use. A test that stops or breaks
  /// its cluster makes one of its own instead.
  static temporary_postgres& shared();

  const std::string& host() const noexcept { return host_; }
  std::uint16_t port() const noexcept { return port_; }
  /// The superuser and its password.
  const std::string& user() const noexcept { return user_; }
  const std::string& password() const noexcept { return password_; }

  /// Creates an empty database with a name of its own, or a copy of `model`.
  std::string create_database(std::string_view model = "template1");

  /// Runs SQL through psql, as a witness that shares no code with ours. The rows come as
  /// lines, columns separated by `|`, without headers; NULL is empty.
  std::string run(const std::string& database, const std::string& sql) const;

  void stop();  ///< Fast shutdown: clients get 57P01.
  void crash(); ///< SIGKILL of the postmaster and of every backend.
  void start(); ///< Returns when connections are accepted.
  void restart() { stop(), start(); }
  void freeze(); ///< SIGSTOP: it holds its connections and answers nothing.
  void thaw();
  void kill_backends() const; ///< Ends every client's connection with 57P01.

  /// Appends to postgresql.conf; holds from the next start on.
  void configure(const std::string& line) const;

private:
  void launch();
  bool accepts_before(std::chrono::steady_clock::time_point deadline);
  void signal_all(int signal) const;
  void wait_for_end();

  std::string host_ = "127.0.0.1";
  std::uint16_t port_ = 0;
  std::string user_ = "postgres";
  std::string password_;
  std::string directory_;
  pid_t postmaster_ = -1;
  int lifeline_ = -1; ///< Write end of the watcher's pipe: closed by the kernel with us.
  int databases_ = 0;
};

} // namespace lakegate::test
