#include <lakegate/testing/temporary_postgres.hpp>

#include <gtest/gtest.h>

#include <chrono>

namespace lakegate::test {

TEST(UsingATemporaryPostgres, StartsWithinTwoSeconds) {
  { const temporary_postgres brings_the_files_into_memory; }
  auto begin = std::chrono::steady_clock::now();

  temporary_postgres cluster;

  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds{2});
  EXPECT_EQ(cluster.run("postgres", "SELECT 1, NULL, 'a'"), "1||a");
}

TEST(UsingATemporaryPostgres, KeepsDatabasesApart) {
  temporary_postgres cluster;
  auto one = cluster.create_database();
  auto other = cluster.create_database();

  cluster.run(one, "CREATE TABLE t ()");

  EXPECT_EQ(cluster.run(other, "SELECT to_regclass('t') IS NULL"), "t");
}

TEST(UsingATemporaryPostgres, KeepsDataOverAStopAndACrash) {
  temporary_postgres cluster;
  auto database = cluster.create_database();
  cluster.run(database, "CREATE TABLE t AS SELECT 7 AS x; CHECKPOINT");

  cluster.restart();
  cluster.crash();
  cluster.start();

  EXPECT_EQ(cluster.run(database, "SELECT x FROM t"), "7");
}

TEST(UsingATemporaryPostgres, TakesFurtherOptions) {
  temporary_postgres cluster{"max_connections = 7"};

  EXPECT_EQ(cluster.run("postgres", "SHOW max_connections"), "7");
}

TEST(UsingATemporaryPostgres, FailsWithASentenceWhileItIsDown) {
  temporary_postgres cluster;
  cluster.stop();

  EXPECT_THROW(cluster.run("postgres", "SELECT 1"), std::runtime_error);
}

TEST(UsingATemporaryPostgres, SortsNotByBytesUnlessTold) {
  temporary_postgres cluster;

  EXPECT_EQ(cluster.run("postgres", "SELECT 'a' < 'B', 'a' < 'B' COLLATE \"C\""), "t|f");
}

} // namespace lakegate::test
