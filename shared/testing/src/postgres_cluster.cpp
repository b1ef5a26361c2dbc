#include <lakegate/testing/postgres_cluster.hpp>
#include <lakegate/testing/temporary_postgres.hpp>

#include "shared/testing/src/cluster_template.hpp"
#include "shared/testing/src/process.hpp"
#include "shared/testing/src/run_cluster.hpp"

#include <cstdlib>
#include <memory>

#include <unistd.h>

namespace lakegate::test {

namespace {

std::optional<std::uint16_t> port_of_this_run() {
  const auto* folder = std::getenv(run_clusters_variable);
  return folder ? read_port(file_of_run(folder, ::getppid())) : std::nullopt;
}

std::unique_ptr<postgres_cluster> find_or_start() {
  if (auto port = port_of_this_run())
    return std::make_unique<run_cluster>(*port);
  return std::make_unique<temporary_postgres>();
}

} // namespace

postgres_cluster::postgres_cluster(std::uint16_t port)
    : port_{port}, password_{cluster_password} {}

postgres_cluster& postgres_cluster::shared() {
  static const auto cluster = find_or_start();
  return *cluster;
}

std::string postgres_cluster::create_database() {
  // Process ids come again within a run, but not at the same time.
  static const auto prefix =
      "test_" + std::to_string(::getpid()) + "_" + start_of(::getpid()) + "_";
  auto name = prefix + std::to_string(databases_.size() + 1);
  // Half the work of the write-ahead log's way, which is for large models.
  run("postgres", "CREATE DATABASE " + name + " STRATEGY = file_copy");
  databases_.push_back(name);
  return name;
}

std::string postgres_cluster::run(const std::string& database,
                                  const std::string& sql) const {
  command psql{{postgres_program("psql"), "--no-psqlrc", "--quiet", "--no-align",
                "--tuples-only", "--set=ON_ERROR_STOP=1", "--command=" + sql},
               {{"PGHOST", host_},
                {"PGPORT", std::to_string(port_)},
                {"PGUSER", user_},
                {"PGPASSWORD", password_},
                {"PGDATABASE", database}},
               {},
               -1,
               false};
  auto output = must_run(psql);
  if (!output.empty() && output.back() == '\n')
    output.pop_back();
  return output;
}

void postgres_cluster::kill_backends(const std::string& database) const {
  run("postgres",
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '"
          + database + "' AND pid <> pg_backend_pid()");
}

} // namespace lakegate::test
