#include "services/model-serving/tests/journal_fixture.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <set>

namespace lakegate::model_serving {

using test::journal_directory;
using test::Record;
using test::Reserve;
using test::Write;

namespace {

/// A process that appends records for ever and reports each finished one by a byte, until
/// it is killed with SIGKILL after `count` reports. How many it reported in all.
int AppendUntilKilled(const journal_config& config, int count) {
  int reports[2];
  if (::pipe(reports) != 0)
    throw std::runtime_error{"pipe"};
  auto child = ::fork();
  if (child == 0) {
    ::close(reports[0]);
    auto j = journal::open(config);
    for (int i = 0; j; ++i) {
      auto x = Record("r" + std::to_string(i));
      x.inputs = "{\"pad\":\"" + std::string(static_cast<std::size_t>(i * 37 % 3000), 'x')
                 + "\"}";
      if (Write(**j, x) != journal::outcome::written || ::write(reports[1], "+", 1) != 1)
        break;
    }
    ::_exit(1);
  }
  ::close(reports[1]);
  int seen = 0;
  char byte = 0;
  while (seen < count && ::read(reports[0], &byte, 1) == 1)
    ++seen;
  ::kill(child, SIGKILL);
  while (::read(reports[0], &byte, 1) == 1)
    ++seen;
  ::close(reports[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status));
  return seen;
}

} // namespace

TEST(KillingTheProcess, LosesNoRecordThatWasReportedWritten) {
  for (auto count : {1, 2, 50, 500}) {
    journal_directory place;
    auto reported = AppendUntilKilled(place.config, count);

    auto j = place.Open();
    auto batch = place.Read(*j, j->begin(), 1 << 20);

    ASSERT_GE(reported, count);
    ASSERT_GE(batch.records.size(), static_cast<std::size_t>(reported));
    for (std::size_t i = 0; i < batch.records.size(); ++i)
      ASSERT_EQ(batch.records[i].request_id, "r" + std::to_string(i));
  }
}

TEST(KillingTheProcess, LeavesTheDirectoryFreeForTheNext) {
  journal_directory place;
  AppendUntilKilled(place.config, 3);
  AppendUntilKilled(place.config, 3);

  auto j = place.Open();

  EXPECT_GE(j->get_state().records, 6u);
}

TEST(FillingTheJournal, RefusesRoomBeyondItsBoundAndTakesWhatWasPromised) {
  journal_directory place;
  place.config.segment_bytes = 4096;
  place.config.max_bytes = 8192;
  auto j = place.Open();
  auto frame = encode_frame(Record("last"));
  ASSERT_TRUE(Reserve(*j, frame.size()));
  ASSERT_TRUE(Reserve(*j, 8192 - frame.size()));

  EXPECT_FALSE(Reserve(*j, 1));
  EXPECT_TRUE(j->get_state().is_full);

  EXPECT_EQ(test::Await<journal::outcome>(
                [&](auto done) { j->append(frame, {}, frame.size(), std::move(done)); }),
            journal::outcome::written);
}

TEST(FillingTheJournal, WritesTheFallbackOfARecordThatGrewTooLarge) {
  journal_directory place;
  place.config.segment_bytes = 4096;
  place.config.max_bytes = 4096;
  auto j = place.Open();
  auto small = Record("r1");
  small.status = "ERROR";
  auto large = Record("r1");
  large.predictions = "[\"" + std::string(8000, 'x') + "\"]";
  auto fallback = encode_frame(small);
  ASSERT_TRUE(Reserve(*j, fallback.size()));

  auto outcome = test::Await<journal::outcome>([&](auto done) {
    j->append(encode_frame(large), fallback, fallback.size(), std::move(done));
  });

  EXPECT_EQ(outcome, journal::outcome::fallback_written);
  auto batch = place.Read(*j, j->begin());
  ASSERT_EQ(batch.records.size(), 1u);
  EXPECT_EQ(batch.records[0].status, "ERROR");
}

TEST(FillingTheJournal, HasRoomAgainOnceRecordsAreCommitted) {
  journal_directory place;
  place.config.segment_bytes = 1024;
  place.config.max_bytes = 4096;
  auto j = place.Open();
  while (Write(*j, Record("r")) == journal::outcome::written) {
  }
  ASSERT_TRUE(j->get_state().is_full);

  auto batch = place.Read(*j, j->begin());
  j->commit(batch.end, batch.records.size());
  place.Read(*j, j->end());

  EXPECT_EQ(Write(*j, Record("again")), journal::outcome::written);
  EXPECT_FALSE(j->get_state().is_full);
}

TEST(FillingTheDisk, RefusesRoomBeforeAnythingIsWritten) {
  // A file size limit stands for a full disk: posix_fallocate fails, in a child process
  // so that no other test is limited.
  journal_directory place;
  auto child = ::fork();
  if (child == 0) {
    ::signal(SIGXFSZ, SIG_IGN);
    rlimit limit{32 * 1024, 32 * 1024};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    auto j = place.Open();
    auto refused = !Reserve(*j, 64 * 1024) && j->get_state().is_full;
    auto served = Write(*j, Record("small")) == journal::outcome::written;
    ::_exit(refused && served ? 0 : 1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);

  EXPECT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

} // namespace lakegate::model_serving
