// Started by ctest before the first test that needs PostgreSQL: leaves a cluster behind
// that ends with ctest.

#include <lakegate/testing/temporary_postgres.hpp>

#include "shared/testing/src/run_cluster.hpp"

#include <cerrno>
#include <cstring>
#include <iostream>
#include <stdexcept>
#include <string>
#include <string_view>

#include <fcntl.h>
#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace lakegate::test {

namespace {

// For as many tests at a time as a machine has cores.
const char* const options = R"(
max_connections = 300
shared_buffers = 64MB
)";

constexpr std::string_view done = "ready";

void must(bool ok, const char* what) {
  if (!ok)
    throw std::runtime_error{what + std::string{": "} + std::strerror(errno)};
}

/// Keeps nothing that ctest waits for or signals: its session, its pipes.
void leave_the_test() {
  must(::setsid() >= 0, "setsid");
  const int nothing = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  for (int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    must(::dup2(nothing, stream) >= 0, "dup2");
}

void tell(int starter, std::string_view text) {
  const auto told = ::write(starter, text.data(), text.size());
  ::close(starter);
  must(told == static_cast<ssize_t>(text.size()), "write");
}

/// Holds the cluster until ctest has ended, however it does.
void keep(int ctest, const std::filesystem::path& file, int starter) {
  leave_the_test();
  temporary_postgres cluster{options};
  write_port(file, cluster.port());
  tell(starter, done);
  pollfd end{ctest, POLLIN, 0};
  while (::poll(&end, 1, -1) < 0 && errno == EINTR) {
  }
  std::error_code gone_with_its_folder;
  std::filesystem::remove(file, gone_with_its_folder);
}

std::string read_all(int from) {
  std::string result;
  char buffer[4096];
  for (ssize_t n = 0; (n = ::read(from, buffer, sizeof buffer)) > 0;)
    result.append(buffer, static_cast<std::size_t>(n));
  return result;
}

int start(const std::filesystem::path& folder) {
  const auto ctest = ::getppid();
  const auto file = file_of_run(folder, ctest);
  if (read_port(file))
    return 0; // ctest repeats its tests.
  const auto end_of_ctest = static_cast<int>(::syscall(SYS_pidfd_open, ctest, 0));
  must(end_of_ctest >= 0, "pidfd_open");
  int ends[2];
  must(::pipe2(ends, O_CLOEXEC) == 0, "pipe");
  const auto keeper = ::fork();
  must(keeper >= 0, "fork");
  if (keeper == 0) {
    ::close(ends[0]);
    try {
      keep(end_of_ctest, file, ends[1]);
    } catch (const std::exception& e) {
      tell(ends[1], e.what());
    }
    // Nobody waits for this end: what a build adds to it (coverage) would be written
    // while it is read.
    ::_exit(0);
  }
  ::close(ends[1]);
  const auto told = read_all(ends[0]);
  if (told == done)
    return 0;
  std::cerr << "No PostgreSQL for this run's tests: " << told << "\n";
  return 1;
}

} // namespace

} // namespace lakegate::test

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: lakegate-test-cluster FOLDER\n";
    return 2;
  }
  try {
    return lakegate::test::start(argv[1]);
  } catch (const std::exception& e) {
    std::cerr << e.what() << "\n";
    return 1;
  }
}
