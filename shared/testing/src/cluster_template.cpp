#include "shared/testing/src/cluster_template.hpp"

#include "shared/testing/src/process.hpp"

#include <filesystem>
#include <fstream>
#include <functional>
#include <stdexcept>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace lakegate::test {

namespace {

namespace fs = std::filesystem;

// A default collation other than byte order, so that a missing COLLATE "C" shows; a small
// write-ahead log, since it is copied for every cluster.
const std::vector<std::string> initdb_options{
    "--username=postgres",   "--auth=scram-sha-256",
    "--encoding=UTF8",       "--locale=C.UTF-8",
    "--locale-provider=icu", "--icu-locale=en-US",
    "--wal-segsize=1",       "--no-sync",
    "--no-instructions"};

const char* const server_options = R"(
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
fsync = off
synchronous_commit = off
full_page_writes = off
autovacuum = off
max_connections = 60
shared_buffers = 16MB
dynamic_shared_memory_type = mmap
max_wal_senders = 0
wal_level = minimal
log_min_messages = warning
log_min_error_statement = error
)";

// `cluster_password` as PostgreSQL stores it, hashed once instead of 4,096 times: each
// login of a client costs 1 ms then, not 3.
const char* const stored_password = "SCRAM-SHA-256$1:b2YgYWxsIGNsdXN0ZXJzIQ==$"
                                    "4uYTms9+ATJt0d5Dk5Gsrzj+9rpxJrKXkIeRJT8u1C0=:"
                                    "BFpRh0woXlzEAuHLpO4ZwFUQZ/KCdUFI+MsTT6t/oeY=";

std::string bin_directory() {
  for (int version = 30; version >= 15; --version) {
    auto path = "/usr/lib/postgresql/" + std::to_string(version) + "/bin";
    if (fs::exists(path + "/initdb"))
      return path;
  }
  throw std::runtime_error{"PostgreSQL's server programs are not installed"};
}

std::string template_path() {
  auto recipe = bin_directory() + server_options + stored_password;
  for (const auto& option : initdb_options)
    recipe += option;
  auto name = "lakegate-postgres-" + std::to_string(::geteuid()) + "-"
              + std::to_string(std::hash<std::string>{}(recipe));
  return cluster_base() + "/" + name;
}

void run_initdb(const std::string& directory) {
  auto password_file = directory + ".pw";
  must_run({{"install", "-d", "-m", "0700", directory}, {}, {}, -1, false});
  if (::geteuid() == 0)
    must_run({{"chown", "postgres:", directory}, {}, {}, -1, false});
  std::ofstream{password_file} << stored_password << "\n";
  command initdb{
      {postgres_program("initdb"), "--pgdata=" + directory, "--pwfile=" + password_file},
      {},
      {},
      -1,
      true};
  initdb.arguments.insert(initdb.arguments.end(), initdb_options.begin(),
                          initdb_options.end());
  must_run(initdb);
  fs::remove(password_file);
  std::ofstream{directory + "/postgresql.conf", std::ios::app} << server_options;
}

/// One process at a time makes it; the others wait and find it made.
std::string kept_template() {
  auto path = template_path();
  if (fs::exists(path))
    return path;
  auto lock = ::open((path + ".lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock < 0 || ::flock(lock, LOCK_EX) != 0)
    throw std::runtime_error{"can't lock " + path + ".lock"};
  if (!fs::exists(path)) {
    auto draft = path + ".draft";
    fs::remove_all(draft);
    run_initdb(draft);
    fs::rename(draft, path);
  }
  ::close(lock);
  return path;
}

} // namespace

std::string postgres_program(const std::string& name) {
  return bin_directory() + "/" + name;
}

std::string cluster_base() {
  constexpr auto enough = std::uintmax_t{1} << 30;
  std::error_code none;
  const fs::path memory{"/dev/shm"};
  if (::access(memory.c_str(), W_OK) == 0 && fs::space(memory, none).available >= enough
      && !none)
    return memory;
  return fs::temp_directory_path();
}

void make_data_directory(const std::string& directory, const std::string& options) {
  must_run(
      {{"cp", "-a", "--reflink=auto", kept_template(), directory}, {}, {}, -1, false});
  std::ofstream{directory + "/postgresql.conf", std::ios::app} << options;
}

} // namespace lakegate::test
