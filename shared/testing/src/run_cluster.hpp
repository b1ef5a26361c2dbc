#pragma once

#include <lakegate/testing/postgres_cluster.hpp>

#include <filesystem>
#include <optional>

#include <sys/types.h>

namespace lakegate::test {

/// Names the folder where each run of ctest says how to reach its cluster.
inline constexpr auto run_clusters_variable = "LAKEGATE_TEST_CLUSTERS";

/// The file that says it for the run that the process `ctest` is. No other run has that
/// name, even if a dead one left its file behind and had the same process id.
std::filesystem::path file_of_run(const std::filesystem::path& folder, pid_t ctest);

void write_port(const std::filesystem::path& file, std::uint16_t port);
std::optional<std::uint16_t> read_port(const std::filesystem::path& file);

/// The cluster of a whole run, as one process of it sees it. Drops the databases that it
/// made.
class run_cluster final : public postgres_cluster {
public:
  explicit run_cluster(std::uint16_t port);
  ~run_cluster() override;

private:
  pid_t owner_; ///< A process forked off leaves the databases to this one.
};

} // namespace lakegate::test
