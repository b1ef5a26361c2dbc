#include "services/model-serving/tests/inference_fixture.hpp"
#include "services/model-serving/tests/journal_fixture.hpp"

#include <lakegate/runtime/supervisor.hpp>

#include <caf/scoped_actor.hpp>

/// Whose the room is that is set aside in the journal, and how it comes back.
namespace lakegate::model_serving {
namespace {

using namespace std::chrono_literals;
using namespace test;
using ::testing::_;
using ::testing::Return;

constexpr std::uint64_t all_room = 64 * 1024;

/// A journal of one segment, all of it preallocated and free.
class one_segment {
public:
  one_segment() {
    place.config.segment_bytes = all_room;
    place.config.max_bytes = all_room;
    rows = place.Open();
    Reserve(*rows, all_room);
  }

  journal_directory place;
  std::shared_ptr<journal> rows;
};

TEST(RoomInTheJournal, ReturnsWhenItsLastHolderLetsGo) {
  one_segment segment;
  auto room = segment.rows->try_reserve(all_room);
  auto second_holder = room;

  room.reset();
  EXPECT_FALSE(segment.rows->try_reserve(1));
  second_holder.reset();

  EXPECT_TRUE(segment.rows->try_reserve(all_room));
}

TEST(RoomInTheJournal, ReturnsWhenTheOneWhoAskedIsGoneMeanwhile) {
  one_segment segment;

  segment.rows->reserve(all_room, [](const journal_room_ptr&) {});
  ASSERT_TRUE(Reserve(*segment.rows, 1)) << "asked behind it";

  EXPECT_TRUE(segment.rows->try_reserve(all_room));
}

TEST(RoomInTheJournal, ReturnsButForTheRecordThatWasWrittenThere) {
  one_segment segment;
  auto frame = encode_frame(Record("r1"));
  auto room = segment.rows->try_reserve(10'000);

  ASSERT_EQ(Await<journal::outcome>([&](auto done) {
              segment.rows->append(frame, {}, room, std::move(done));
            }),
            journal::outcome::written);
  room.reset();

  EXPECT_FALSE(segment.rows->try_reserve(all_room - frame.size() + 1));
  EXPECT_TRUE(segment.rows->try_reserve(all_room - frame.size()));
}

TEST(RoomInTheJournal, MayOutliveTheJournal) {
  one_segment segment;
  auto room = segment.rows->try_reserve(all_room);

  segment.rows.reset();
  auto next = segment.place.Open();
  room.reset();

  EXPECT_TRUE(Reserve(*next, all_room));
}

/// The log actor in a system with threads, as the journal's own threads need it.
class RestartingTheLogActor : public ::testing::Test {
protected:
  inference_log_actor Spawn(const std::shared_ptr<journal>& rows) {
    return spawn_inference_log(system, {}, rows, {}, counted);
  }

  static void Kill(caf::scoped_actor& self, const inference_log_actor& log) {
    self->monitor(log);
    caf::anon_send_exit(log, caf::exit_reason::kill);
    self->receive([](const caf::down_msg&) {});
  }

  caf::actor_system_config config;
  caf::actor_system system{config};
  prometheus::Registry registry;
  std::shared_ptr<metrics> counted = std::make_shared<metrics>(registry);
};

TEST_F(RestartingTheLogActor, GivesTheRoomBackThatWasOnItsWay) {
  constexpr std::uint64_t bytes = 4096;
  constexpr std::uint64_t restarts = 100;
  journal_directory place;
  place.config.segment_bytes = 1024;
  place.config.max_bytes = restarts * bytes;
  std::shared_ptr<journal> rows = place.Open();
  {
    caf::scoped_actor self{system};
    for (std::uint64_t i = 0; i < restarts; ++i) {
      auto log = Spawn(rows);
      self->send(log, reserve_log_row{bytes});
      Kill(self, log);
    }
  }

  ASSERT_TRUE(Reserve(*rows, 1)) << "asked behind them";

  EXPECT_TRUE(Reserve(*rows, restarts * bytes));
}

TEST_F(RestartingTheLogActor, GivesTheRoomOfARowBackThatItDidNotTake) {
  one_segment segment;
  caf::scoped_actor self{system};
  auto log = Spawn(segment.rows);
  Kill(self, log);

  self->send(log, append_log_row{Record("r1"), segment.rows->try_reserve(all_room)});

  EXPECT_TRUE(segment.rows->try_reserve(all_room));
  EXPECT_EQ(segment.rows->get_state().records, 0u);
}

class RestartingTheInferenceActor : public InferenceTest {
protected:
  RestartingTheInferenceActor() {
    inference_peers peers;
    peers.serving = world.own(lakegate::test::spawn_mock(world.system(), serving));
    peers.log = world.spawn([this] { return DoubleOf(log); });
    peers.counted = std::make_shared<metrics>(counters);
    peers.try_reserve = [rows = segment.rows](std::uint64_t bytes) {
      auto room = rows->try_reserve(bytes);
      return room ? std::optional{log_row_reserved{std::move(room)}} : std::nullopt;
    };
    auto factory = [this, peers](caf::actor_system& system) {
      return child = spawn_inference(system, config, peers);
    };
    runtime::supervisor_config how;
    how.name = "inference";
    actor = world.own(runtime::spawn_supervised<inference_actor>(world.system(), factory,
                                                                 std::move(how)));
    world.settle();
  }

  one_segment segment;
  prometheus::Registry counters;
  inference_actor child;
};

TEST_F(RestartingTheInferenceActor, GivesTheRoomOfItsCallsBack) {
  EXPECT_CALL(serving, invoke_endpoint(_)).Times(3).WillRepeatedly(Return(std::nullopt));
  for (int i = 0; i < 3; ++i)
    Ask();
  EXPECT_FALSE(segment.rows->try_reserve(all_room));

  caf::anon_send_exit(child, caf::exit_reason::kill);
  world.advance(1s);

  EXPECT_TRUE(segment.rows->try_reserve(all_room));
}

} // namespace
} // namespace lakegate::model_serving
