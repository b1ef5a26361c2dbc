#include "services/model-serving/tests/journal_fixture.hpp"
#include "services/model-serving/tests/killed_process.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <set>

namespace lakegate::model_serving {

using test::AppendUntilKilled;
using test::journal_directory;
using test::Record;
using test::Reserve;
using test::Write;

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
  auto promised = Reserve(*j, frame.size());
  auto rest = Reserve(*j, 8192 - frame.size());
  ASSERT_TRUE(promised);
  ASSERT_TRUE(rest);

  EXPECT_FALSE(Reserve(*j, 1));
  EXPECT_TRUE(j->get_state().is_full);

  EXPECT_EQ(test::Await<journal::outcome>(
                [&](auto done) { j->append(frame, {}, promised, std::move(done)); }),
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
  auto room = Reserve(*j, fallback.size());
  ASSERT_TRUE(room);

  auto outcome = test::Await<journal::outcome>([&](auto done) {
    j->append(
        encode_frame(large), [&] { return fallback; }, room, std::move(done));
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
  for (int i = 0; i < 1000 && Write(*j, Record("r")) == journal::outcome::written; ++i) {
  }
  ASSERT_TRUE(j->get_state().is_full);

  auto batch = place.Read(*j, j->begin());
  j->commit(batch.end, batch.records.size());
  place.Read(*j, j->end());

  EXPECT_FALSE(j->get_state().is_full);
  EXPECT_EQ(Write(*j, Record("again")), journal::outcome::written);
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
