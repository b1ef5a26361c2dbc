#include "services/model-serving/src/journal.hpp"
#include "services/model-serving/tests/journal_fixture.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <set>

namespace lakegate::model_serving {

using test::journal_directory;
using test::Record;
using test::Write;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

namespace {

std::vector<std::string> RequestIds(const journal_batch& x) {
  std::vector<std::string> result;
  for (const auto& r : x.records)
    result.push_back(r.request_id);
  return result;
}

} // namespace

TEST(EncodingARecord, ComesBackWhole) {
  auto record = Record("r1");
  record.inputs = "{\"n\": 9007199254740993, \"d\": 1.10}";
  record.predictions = "{\"x\":1e400}";
  record.error_message = std::nullopt;

  auto frame = encode_frame(record);
  auto header = read_frame_header(frame);
  auto back = decode_payload(header, std::string_view{frame}.substr(frame_header_bytes));

  ASSERT_TRUE(back);
  EXPECT_EQ(*back, record);
}

TEST(EncodingARecord, StaysBelowItsBound) {
  auto record = Record(std::string(36, 'r'));
  record.error_message = std::string(1000, 'e');
  auto text = record.endpoint_name.size() + record.user_id.size() + record.inputs.size()
              + record.error_message->size();

  EXPECT_LE(encode_frame(record).size(), frame_bound(text));
}

TEST(EncodingARecord, NoticesEveryFlippedBit) {
  auto frame = encode_frame(Record("r1"));

  for (std::size_t bit = 0; bit < frame.size() * 8; ++bit) {
    auto broken = frame;
    broken[bit / 8] = static_cast<char>(broken[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_FALSE(decode_payload(read_frame_header(broken),
                                std::string_view{broken}.substr(frame_header_bytes)))
        << bit;
  }
}

TEST(ChecksummingBytes, AgreesWithTheRfc) {
  // RFC 3720, appendix B.4.
  EXPECT_EQ(crc32c(std::string(32, '\0')), 0x8A9136AAu);
  EXPECT_EQ(crc32c(std::string(32, '\xFF')), 0x62A8AB43u);
  EXPECT_EQ(crc32c("123456789"), 0xE3069283u);
}

TEST(AppendingToTheJournal, KeepsTheOrder) {
  journal_directory place;
  auto j = place.Open();

  for (auto id : {"a", "b", "c"})
    ASSERT_EQ(Write(*j, Record(id)), journal::outcome::written);

  auto batch = place.Read(*j, j->begin());
  EXPECT_THAT(RequestIds(batch), ElementsAre("a", "b", "c"));
  EXPECT_EQ(batch.end, j->end());
  EXPECT_EQ(j->get_state().records, 3u);
}

TEST(AppendingToTheJournal, GoesOnBehindWhatWasRead) {
  journal_directory place;
  auto j = place.Open();
  Write(*j, Record("a"));
  auto first = place.Read(*j, j->begin());

  Write(*j, Record("b"));

  EXPECT_THAT(RequestIds(place.Read(*j, first.end)), ElementsAre("b"));
}

TEST(AppendingToTheJournal, RotatesFilesAndDeletesCommittedOnes) {
  journal_directory place;
  place.config.segment_bytes = 1024;
  auto j = place.Open();
  for (int i = 0; i < 100; ++i)
    Write(*j, Record("r" + std::to_string(i)));
  EXPECT_GT(place.Files().size(), 5u);

  auto batch = place.Read(*j, j->begin());
  j->commit(batch.end, batch.records.size());
  j.reset();

  EXPECT_EQ(batch.records.size(), 100u);
  EXPECT_THAT(place.Files(), IsEmpty());
}

TEST(AppendingToTheJournal, WorksWithSyncAlways) {
  journal_directory place;
  place.config.sync_always = true;
  auto j = place.Open();

  EXPECT_EQ(Write(*j, Record("a")), journal::outcome::written);

  EXPECT_THAT(RequestIds(place.Read(*j, j->begin())), ElementsAre("a"));
}

TEST(ReadingTheJournal, StopsAtALimitAndGoesOnThere) {
  journal_directory place;
  place.config.segment_bytes = 512;
  auto j = place.Open();
  for (int i = 0; i < 10; ++i)
    Write(*j, Record("r" + std::to_string(i)));

  std::vector<std::string> all;
  auto position = j->begin();
  for (;;) {
    auto batch = place.Read(*j, position, 3);
    if (batch.records.empty())
      break;
    EXPECT_LE(batch.records.size(), 3u);
    for (const auto& id : RequestIds(batch))
      all.push_back(id);
    position = batch.end;
  }

  EXPECT_THAT(all,
              ElementsAre("r0", "r1", "r2", "r3", "r4", "r5", "r6", "r7", "r8", "r9"));
}

TEST(ReopeningTheJournal, ReplaysWhatWasNotCommitted) {
  journal_directory place;
  {
    auto j = place.Open();
    Write(*j, Record("a"));
    Write(*j, Record("b"));
  }

  auto j = place.Open();

  EXPECT_EQ(j->get_state().records, 2u);
  EXPECT_THAT(RequestIds(place.Read(*j, j->begin())), ElementsAre("a", "b"));
}

TEST(ReopeningTheJournal, HasNothingLeftOnceThatIsCommitted) {
  journal_directory place;
  Write(*place.Open(), Record("a"));
  auto j = place.Open();
  auto batch = place.Read(*j, j->begin());

  j->commit(batch.end, 1);

  auto rest = place.Read(*j, batch.end);
  EXPECT_THAT(rest.records, IsEmpty());
  EXPECT_EQ(rest.end, j->end());
  EXPECT_EQ(j->begin(), j->end());
}

TEST(ReopeningTheJournal, DropsATornTail) {
  journal_directory place;
  {
    auto j = place.Open();
    Write(*j, Record("a"));
    Write(*j, Record("b"));
  }
  auto file = place.Files().front();
  std::filesystem::resize_file(file, std::filesystem::file_size(file) - 1);

  auto j = place.Open();

  EXPECT_THAT(RequestIds(place.Read(*j, j->begin())), ElementsAre("a"));
  Write(*j, Record("c"));
  EXPECT_THAT(RequestIds(place.Read(*j, j->begin())), ElementsAre("a", "c"));
}

TEST(ReopeningTheJournal, DropsAFrameWithAWrongChecksum) {
  journal_directory place;
  {
    auto j = place.Open();
    Write(*j, Record("a"));
    Write(*j, Record("b"));
  }
  auto file = place.Files().front();
  std::fstream f{file, std::ios::in | std::ios::out | std::ios::binary};
  f.seekp(-3, std::ios::end);
  f.put('!');
  f.close();

  auto j = place.Open();

  EXPECT_THAT(RequestIds(place.Read(*j, j->begin())), ElementsAre("a"));
}

TEST(ReopeningTheJournal, IsRefusedWhileAnotherHasIt) {
  journal_directory place;
  auto j = place.Open();

  auto second = journal::open(place.config);

  ASSERT_FALSE(second);
  EXPECT_THAT(failure_of(second.error()).message, HasSubstr("in use by another process"));
}

TEST(OpeningTheJournal, SaysWhenItIsNoDirectory) {
  journal_directory place;
  std::ofstream{place.config.directory.parent_path() / "file"} << "x";
  place.config.directory = place.config.directory.parent_path() / "file";

  auto opened = journal::open(place.config);

  ASSERT_FALSE(opened);
  EXPECT_THAT(failure_of(opened.error()).message, HasSubstr("can't be created"));
}

} // namespace lakegate::model_serving
