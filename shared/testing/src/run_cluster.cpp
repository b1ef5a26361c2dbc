#include "shared/testing/src/run_cluster.hpp"

#include "shared/testing/src/process.hpp"

#include <fstream>
#include <iostream>
#include <stdexcept>

#include <unistd.h>

namespace lakegate::test {

std::filesystem::path file_of_run(const std::filesystem::path& folder, pid_t ctest) {
  return folder / (std::to_string(ctest) + "-" + start_of(ctest));
}

void write_port(const std::filesystem::path& file, std::uint16_t port) {
  std::filesystem::create_directories(file.parent_path());
  auto draft = file;
  draft += ".draft";
  std::ofstream out{draft};
  out << port << "\n";
  out.close();
  if (!out)
    throw std::runtime_error{"can't write " + draft.string()};
  std::filesystem::rename(draft, file);
}

std::optional<std::uint16_t> read_port(const std::filesystem::path& file) {
  std::ifstream in{file};
  std::uint16_t port = 0;
  return in >> port ? std::optional{port} : std::nullopt;
}

run_cluster::run_cluster(std::uint16_t port)
    : postgres_cluster{port}, owner_{::getpid()} {}

run_cluster::~run_cluster() {
  if (::getpid() != owner_)
    return;
  for (const auto& name : databases())
    try {
      run("postgres", "DROP DATABASE IF EXISTS " + name + " WITH (FORCE)");
    } catch (const std::exception& e) {
      // It goes with the cluster at the end of the run.
      std::cerr << "A test's database stays for now: " << e.what() << "\n";
    }
}

} // namespace lakegate::test
