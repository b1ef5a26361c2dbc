#include <lakegate/testing/temporary_postgres.hpp>

#include "shared/testing/src/cluster_template.hpp"
#include "shared/testing/src/process.hpp"

#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace lakegate::test {

namespace {

namespace fs = std::filesystem;
using clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr auto patience = 10s;

std::uint16_t free_port() {
  int probe = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* plain = reinterpret_cast<sockaddr*>(&address);
  auto ok = ::bind(probe, plain, size) == 0 && ::getsockname(probe, plain, &size) == 0;
  ::close(probe);
  if (!ok)
    throw std::runtime_error{"no free port to be had"};
  return ntohs(address.sin_port);
}

std::string make_directory() {
  auto pattern = cluster_base() + "/lakegate-cluster-XXXXXX";
  if (::mkdtemp(pattern.data()) == nullptr)
    throw std::runtime_error{"can't make " + pattern};
  fs::permissions(pattern, fs::perms{0755});
  return pattern;
}

/// Waits for the end of this process, however it comes (its end of the pipe closes), then
/// ends the cluster and removes its files. In a session of its own and nobody's child,
/// since ctest kills the whole tree of a test that takes too long.
int start_watcher(const std::string& directory) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0)
    throw std::runtime_error{"no pipe to be had"};
  const std::string script = R"(exec 3<&0; setsid sh -c '
    read _ <&3
    pid=$(head -n 1 "$0/data/postmaster.pid" 2>/dev/null)
    if [ -n "$pid" ]; then
      segment=$(sed -n 7p "$0/data/postmaster.pid" | awk "{print \$2}")
      kill -CONT "$pid" && kill -QUIT "$pid" && timeout 7 tail --pid="$pid" -f /dev/null
      kill -KILL "$pid"; [ -n "$segment" ] && ipcrm -m "$segment"
    fi
    rm -rf "$0"' "$1" &)";
  command sh{{"sh", "-c", script, "sh", directory}, {}, {}, ends[0], false};
  auto child = spawn(sh);
  ::close(ends[0]);
  ::waitpid(child, nullptr, 0);
  return ends[1];
}

std::vector<pid_t> children_of(pid_t parent) {
  std::vector<pid_t> result;
  for (const auto& entry : fs::directory_iterator{"/proc"}) {
    auto name = entry.path().filename().string();
    if (name.find_first_not_of("0123456789") != std::string::npos)
      continue;
    auto stat = stat_of(std::stoi(name));
    if (!stat.empty() && stat[1] == std::to_string(parent))
      result.push_back(std::stoi(name));
  }
  return result;
}

void nap() {
  ::poll(nullptr, 0, 5);
}

} // namespace

temporary_postgres::temporary_postgres(const std::string& options)
    : postgres_cluster{0}, directory_{make_directory()} {
  lifeline_ = start_watcher(directory_);
  make_data_directory(directory_ + "/data", options);
  start();
}

temporary_postgres::~temporary_postgres() {
  if (postmaster_ > 0) {
    thaw();
    ::kill(postmaster_, SIGQUIT);
    ::waitpid(postmaster_, nullptr, 0);
  }
  // The watcher sees the pipe's end and removes the files.
  ::close(lifeline_);
}

void temporary_postgres::launch() {
  if (port() == 0)
    port(free_port());
  postmaster_ = spawn({{postgres_program("postgres"), "-D", directory_ + "/data", "-p",
                        std::to_string(port())},
                       {},
                       directory_ + "/log",
                       -1,
                       true});
}

/// The eighth line of postmaster.pid tells the state (what pg_ctl goes by).
bool temporary_postgres::accepts_before(clock::time_point deadline) {
  auto expected = std::to_string(postmaster_);
  for (; clock::now() < deadline; nap()) {
    if (::waitpid(postmaster_, nullptr, WNOHANG) == postmaster_)
      return postmaster_ = -1, false;
    std::ifstream file{directory_ + "/data/postmaster.pid"};
    std::string line;
    std::getline(file, line);
    if (line != expected)
      continue;
    for (int i = 0; i < 7 && std::getline(file, line); ++i) {
    }
    if (line.starts_with("ready"))
      return true;
  }
  return false;
}

void temporary_postgres::start() {
  const auto deadline = clock::now() + patience;
  const auto first = port() == 0;
  while (clock::now() < deadline) {
    launch();
    if (accepts_before(deadline))
      return;
    if (first)
      port(0); // Another process may have taken it.
    nap();
  }
  std::ifstream log{directory_ + "/log"};
  throw std::runtime_error{"PostgreSQL does not start: "
                           + std::string{std::istreambuf_iterator<char>{log}, {}}};
}

void temporary_postgres::signal_all(int signal) const {
  for (auto child : children_of(postmaster_))
    ::kill(child, signal);
  ::kill(postmaster_, signal);
}

void temporary_postgres::wait_for_end() {
  for (auto deadline = clock::now() + patience; clock::now() < deadline; nap())
    if (::waitpid(postmaster_, nullptr, WNOHANG) == postmaster_) {
      postmaster_ = -1;
      return;
    }
  throw std::runtime_error{"PostgreSQL does not end"};
}

void temporary_postgres::stop() {
  ::kill(postmaster_, SIGINT);
  wait_for_end();
}

void temporary_postgres::crash() {
  // Held first, or it starts new processes for the killed ones, which would outlive it.
  ::kill(postmaster_, SIGSTOP);
  signal_all(SIGKILL);
  wait_for_end();
}

void temporary_postgres::freeze() {
  ::kill(postmaster_, SIGSTOP);
  signal_all(SIGSTOP);
}

void temporary_postgres::thaw() {
  signal_all(SIGCONT);
}

} // namespace lakegate::test
