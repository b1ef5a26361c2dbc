#pragma once

#include <lakegate/testing/postgres_cluster.hpp>

#include <chrono>
#include <string>

#include <sys/types.h>

namespace lakegate::test {

/// A throw-away PostgreSQL cluster of its own on a free loopback port, with a password
/// and a default collation that is not byte order. Starts in well under a second: the
/// result of one `initdb` is kept per machine and copied. It is stopped and its files are
/// removed by the destructor, and by a watcher process if the test process dies without
/// running it.
///
/// All members throw std::runtime_error with a sentence if PostgreSQL does not do what is
/// asked within ten seconds. Not thread safe, apart from `const` members.
class temporary_postgres final : public postgres_cluster {
public:
  /// `options` are further lines of postgresql.conf.
  explicit temporary_postgres(const std::string& options = {});
  ~temporary_postgres() override;

  void stop();  ///< Fast shutdown: clients get 57P01.
  void crash(); ///< SIGKILL of the postmaster and of every backend.
  void start(); ///< Returns when connections are accepted.
  void restart() { stop(), start(); }
  void freeze(); ///< SIGSTOP: it holds its connections and answers nothing.
  void thaw();

private:
  void launch();
  bool accepts_before(std::chrono::steady_clock::time_point deadline);
  void signal_all(int signal) const;
  void wait_for_end();

  std::string directory_;
  pid_t postmaster_ = -1;
  int lifeline_ = -1; ///< Write end of the watcher's pipe: closed by the kernel with us.
};

} // namespace lakegate::test
