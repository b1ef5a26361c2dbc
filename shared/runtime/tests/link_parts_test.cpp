#include <lakegate/runtime/peer_address.hpp>

#include "shared/runtime/src/backoff.hpp"
#include "shared/runtime/src/chunk_assembler.hpp"
#include "shared/runtime/src/chunk_sender.hpp"
#include "shared/runtime/src/slot_table.hpp"
#include "shared/runtime/src/transit_clock.hpp"

#include <gmock/gmock.h>

#include <map>
#include <set>
#include <string>

namespace lakegate::runtime {
namespace {

using testing::ElementsAre;

TEST(KeepingValuesInSlots, NeverGivesAnIdTwice) {
  slot_table<int> table;
  std::set<std::uint64_t> ids;

  for (int i = 0; i < 1000; ++i) {
    auto id = table.insert(i);
    ids.insert(id);
    EXPECT_EQ(table.take(id), i);
  }

  EXPECT_EQ(ids.size(), 1000u);
  EXPECT_EQ(table.size(), 0u);
  EXPECT_FALSE(ids.contains(0));
}

TEST(KeepingValuesInSlots, DoesNotFindWhatWasTaken) {
  slot_table<int> table;
  auto old = table.insert(1);
  table.take(old);

  auto present = table.insert(2);

  EXPECT_EQ(table.find(old), nullptr);
  EXPECT_FALSE(table.take(old));
  ASSERT_NE(table.find(present), nullptr);
  EXPECT_EQ(*table.find(present), 2);
  EXPECT_EQ(table.find(0), nullptr);
  EXPECT_EQ(table.find(~std::uint64_t{0}), nullptr);
}

TEST(KeepingValuesInSlots, ListsTheIdsOfAClaim) {
  slot_table<int> table;
  auto one = table.insert(1);
  table.insert(2);
  auto three = table.insert(3);

  auto odd = table.ids_where([](int x) { return x % 2 == 1; });

  EXPECT_THAT(odd, ElementsAre(one, three));
}

std::string Text(std::size_t size) {
  std::string result(size, ' ');
  for (std::size_t i = 0; i < size; ++i)
    result[i] = static_cast<char>('a' + i / 1000 % 26);
  return result;
}

TEST(CuttingIntoChunks, ComesTogetherAgainHoweverManyAreMixed) {
  chunk_sender<wire::reply_chunk> sender;
  chunk_assembler assembler{10 * wire::chunk_bytes};
  std::map<std::uint64_t, std::string> whole;
  std::map<std::uint64_t, std::string> arrived;
  for (std::uint64_t id = 1; id <= 3; ++id) {
    whole[id] = Text(id * wire::chunk_bytes + id);
    sender.push({id, wire::reply_kind::result, whole[id]});
  }

  while (auto x = sender.next()) {
    sender.acknowledged();
    EXPECT_LE(x->part.bytes.size(), wire::chunk_bytes);
    auto part = assembler.add(x->part.id, x->offset, x->total, x->part.bytes);
    if (part.what == chunk_assembler::state::complete)
      arrived[x->part.id] = part.bytes;
  }

  EXPECT_EQ(arrived, whole);
  EXPECT_TRUE(assembler.is_empty());
  EXPECT_FALSE(sender.is_busy());
}

TEST(CuttingIntoChunks, SendsNoMoreThanTheWindowUnacknowledged) {
  chunk_sender<wire::reply_chunk> sender;
  sender.push({1, wire::reply_kind::result, Text(20 * wire::chunk_bytes)});

  std::size_t sent = 0;
  while (sender.next())
    ++sent;
  sender.acknowledged();

  EXPECT_EQ(sent, wire::chunk_window);
  EXPECT_TRUE(sender.next());
  EXPECT_FALSE(sender.next());
}

TEST(AssemblingChunks, RefusesWhatIsTooLarge) {
  chunk_assembler assembler{100};

  EXPECT_EQ(assembler.add(1, 0, 101, "x").what, chunk_assembler::state::refused);
  EXPECT_TRUE(assembler.is_empty());
}

TEST(AssemblingChunks, BoundsWhatIsUnfinished) {
  chunk_assembler assembler{100};
  for (std::uint64_t id = 1; id <= 4; ++id)
    EXPECT_EQ(assembler.add(id, 0, 100, "x").what, chunk_assembler::state::more);

  EXPECT_EQ(assembler.add(5, 0, 100, "x").what, chunk_assembler::state::refused);
  assembler.drop(1);
  EXPECT_EQ(assembler.add(5, 0, 100, "x").what, chunk_assembler::state::more);
}

TEST(AssemblingChunks, RefusesAGapAnOverlapAndAnOverrun) {
  chunk_assembler assembler{100};
  using state = chunk_assembler::state;

  EXPECT_EQ(assembler.add(1, 5, 10, "x").what, state::refused);
  EXPECT_EQ(assembler.add(2, 0, 10, "abc").what, state::more);
  EXPECT_EQ(assembler.add(2, 2, 10, "abc").what, state::refused);
  EXPECT_EQ(assembler.add(3, 0, 4, "abc").what, state::more);
  EXPECT_EQ(assembler.add(3, 3, 4, "de").what, state::refused);
  EXPECT_EQ(assembler.add(4, 0, 4, "abc").what, state::more);
  EXPECT_EQ(assembler.add(4, 3, 5, "d").what, state::refused);
  EXPECT_EQ(assembler.add(5, 0, 4, "").what, state::refused);
  EXPECT_TRUE(assembler.is_empty());
}

TEST(MeasuringTransit, CountsFromTheQuickestMessage) {
  transit_clock clock;

  EXPECT_EQ(clock.delay(1'000'000, 5'000'300), 0);
  EXPECT_EQ(clock.delay(2'000'000, 6'000'100), 0);
  EXPECT_EQ(clock.delay(2'100'000, 9'100'100), 3'000'000 - 620);
}

TEST(MeasuringTransit, FollowsAClockThatDrifts) {
  transit_clock clock;
  clock.delay(0, 0);

  // A day later the peer's clock is 4 s behind, as 50 ppm make.
  for (std::int64_t hour = 1; hour <= 24; ++hour) {
    auto now = hour * 3'600'000'000;
    EXPECT_EQ(clock.delay(now - now / 20'000, now), 0);
  }
}

TEST(BackingOff, StaysWithinABoundThatDoubles) {
  backoff delay{std::chrono::milliseconds{50}, std::chrono::milliseconds{1000}};
  for (int bound : {50, 100, 200, 400, 800, 1000, 1000}) {
    auto x = delay.next().count();
    EXPECT_GE(x, 1);
    EXPECT_LE(x, bound);
  }
}

TEST(ReadingPeerAddresses, TakesAList) {
  auto list = parse_peer_addresses("catalog:4242, 10.0.0.7:1 ,[::1]:65535");

  ASSERT_TRUE(list);
  ASSERT_EQ(list->size(), 3u);
  EXPECT_EQ((*list)[0].host, "catalog");
  EXPECT_EQ((*list)[0].port, 4242);
  EXPECT_EQ((*list)[1].host, "10.0.0.7");
  EXPECT_EQ((*list)[2].host, "::1");
  EXPECT_EQ((*list)[2].port, 65535);
}

class ReadingPeerAddressesWrongly : public testing::TestWithParam<const char*> {};

TEST_P(ReadingPeerAddressesWrongly, IsAnError) {
  EXPECT_FALSE(parse_peer_addresses(GetParam()));
}

INSTANTIATE_TEST_SUITE_P(Refuses, ReadingPeerAddressesWrongly,
                         testing::Values("", "catalog", "catalog:", ":1", "catalog:0",
                                         "catalog:65536", "catalog:1x", "a:1,,b:2",
                                         "a:1,", "::1:5", "[]:5", "a b"));

} // namespace
} // namespace lakegate::runtime
