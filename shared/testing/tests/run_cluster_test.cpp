#include "shared/testing/src/run_cluster.hpp"

#include "shared/testing/src/process.hpp"

#include <lakegate/testing/temporary_folder.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <future>

#include <unistd.h>

namespace lakegate::test {

namespace {

namespace fs = std::filesystem;

/// Waits until it holds, at most ten seconds.
bool Eventually(const std::function<bool()>& holds) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{10};
  while (!holds())
    if (std::chrono::steady_clock::now() > deadline)
      return false;
  return true;
}

bool Answers(std::uint16_t port) {
  try {
    return run_cluster{port}.run("postgres", "SELECT 1") == "1";
  } catch (const std::runtime_error&) {
    return false;
  }
}

class StartingTheClusterOfARun : public ::testing::Test {
protected:
  /// A shell stands for ctest: it may start the cluster by `"$0" "$1"`, and is gone when
  /// this returns.
  finished InARun(const std::string& script) const {
    return run_to_end(
        {{"sh", "-c", script, LAKEGATE_TEST_CLUSTER, clusters}, {}, {}, -1, false});
  }

  /// This process stands for ctest.
  finished InThisRun() const {
    return run_to_end({{LAKEGATE_TEST_CLUSTER, clusters}, {}, {}, -1, false});
  }
  std::uint16_t PortOfThisRun() const {
    return read_port(file_of_run(clusters, ::getpid())).value();
  }

  temporary_folder folder;
  fs::path clusters = folder.path() / "clusters";
};

} // namespace

TEST_F(StartingTheClusterOfARun, LeavesOneThatAnswers) {
  auto first = InThisRun();
  auto port = PortOfThisRun();
  auto repeated = InThisRun();

  EXPECT_EQ(first.status, 0) << first.output;
  EXPECT_EQ(repeated.status, 0) << repeated.output;
  EXPECT_EQ(PortOfThisRun(), port);
  EXPECT_TRUE(Answers(port));
}

TEST_F(StartingTheClusterOfARun, TakesItAwayHoweverTheRunEnds) {
  for (const auto* end : {"true", "kill -9 $$"}) {
    auto run = InARun(R"("$0" "$1"; cat "$1"/*; )" + std::string{end});
    auto port = static_cast<std::uint16_t>(std::stoi(run.output));

    EXPECT_TRUE(Eventually([&] { return fs::is_empty(clusters); })) << end;
    EXPECT_TRUE(Eventually([&] { return !Answers(port); })) << end;
  }
}

TEST_F(StartingTheClusterOfARun, LeavesOtherRunsAlone) {
  InThisRun();
  const auto ours = PortOfThisRun();

  auto other = InARun(R"("$0" "$1"; ls "$1" | wc -l)");

  EXPECT_EQ(other.output, "2\n");
  ASSERT_TRUE(Eventually(
      [&] { return std::distance(fs::directory_iterator{clusters}, {}) == 1; }));
  EXPECT_EQ(PortOfThisRun(), ours);
  EXPECT_TRUE(Answers(ours));
}

TEST_F(StartingTheClusterOfARun, SaysWhyThereIsNone) {
  folder.with("clusters", "a file where the folder should be");

  auto failed = InThisRun();

  EXPECT_EQ(failed.status, 1);
  EXPECT_EQ(failed.output.find("No PostgreSQL for this run's tests: "), 0U)
      << failed.output;
}

TEST_F(StartingTheClusterOfARun, LeavesNoDatabaseOfAProcessThatEnded) {
  InThisRun();
  run_cluster witness{PortOfThisRun()};
  std::string name;
  {
    run_cluster process{PortOfThisRun()};
    name = process.create_database();
    process.run(name, "CREATE TABLE t ()");
  }

  EXPECT_EQ(witness.run("postgres", "SELECT count(*) FROM pg_database WHERE datname = '"
                                        + name + "'"),
            "0");
}

TEST_F(StartingTheClusterOfARun, HasRoomForManyTestsAtATime) {
  InThisRun();

  EXPECT_EQ(run_cluster{PortOfThisRun()}.run("postgres", "SHOW max_connections"), "300");
}

TEST(UsingTheSharedCluster, IsUsingTheRunsOneUnderCtest) {
  const auto parent = ::getppid();
  std::string name;
  std::ifstream{"/proc/" + std::to_string(parent) + "/comm"} >> name;
  if (name != "ctest")
    GTEST_SKIP() << "started by " << name;

  EXPECT_EQ(postgres_cluster::shared().port(),
            read_port(file_of_run(std::getenv(run_clusters_variable), parent)));
}

TEST(UsingTheSharedCluster, KeepsDatabasesApart) {
  auto& cluster = postgres_cluster::shared();
  auto one = cluster.create_database();
  auto other = cluster.create_database();

  cluster.run(one, "CREATE TABLE t ()");

  EXPECT_EQ(cluster.run(other, "SELECT to_regclass('t') IS NULL"), "t");
}

TEST(UsingTheSharedCluster, EndsTheConnectionsToOneDatabaseOnly) {
  auto& cluster = postgres_cluster::shared();
  const auto one = cluster.create_database();
  const auto other = cluster.create_database();
  const auto sleep_in = [&](const std::string& database, const std::string& seconds) {
    return std::async(std::launch::async, [&cluster, database, seconds] {
      return cluster.run(database, "SELECT 'awake' FROM pg_sleep(" + seconds + ")");
    });
  };
  auto ended = sleep_in(one, "60");
  auto left = sleep_in(other, "1");
  ASSERT_TRUE(Eventually([&] {
    return cluster.run("postgres",
                       "SELECT count(*) FROM pg_stat_activity WHERE query LIKE "
                       "'%pg_sleep%' AND datname IN ('"
                           + one + "', '" + other + "')")
           == "2";
  }));

  cluster.kill_backends(one);

  EXPECT_THROW(ended.get(), std::runtime_error);
  EXPECT_EQ(left.get(), "awake");
}

} // namespace lakegate::test
