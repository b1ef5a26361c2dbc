#include <lakegate/runtime/wire.hpp>

#include "shared/runtime/src/transit_clock.hpp"
#include "shared/runtime/tests/link_world.hpp"

#include <caf/actor_cast.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/io/middleman.hpp>
#include <caf/scoped_actor.hpp>

#include <gmock/gmock.h>

namespace lakegate::runtime::test {
namespace {

/// Speaks the link's language to an unbatcher, word by word.
class ServingAStrangeLink : public testing::Test {
protected:
  void SetUp() override {
    auto handle = stranger.system().middleman().remote_actor("127.0.0.1", service.Port());
    ASSERT_TRUE(handle);
    unbatcher = *handle;
  }

  void TearDown() override { unbatcher = nullptr; }

  void Attach() {
    self->request(unbatcher, patience, wire::attach_link{})
        .receive([](const wire::link_attached&) {},
                 [](caf::error&) { FAIL() << "not attached"; });
  }

  void Send(wire::command_frame x) {
    self->send(unbatcher, wire::command_batch{0, {std::move(x)}});
  }

  wire::command_frame Echo(std::uint64_t id, std::int64_t budget = 1'000'000) {
    return {id, caf::type_id<catalog::list_schemas>::value, budget,
            encode(stranger.system(), EchoOf("x"))};
  }

  wire::reply_frame Reply() {
    wire::reply_frame result;
    self->receive([&](wire::reply_batch& x) { result = x.frames.at(0); },
                  caf::after(patience) >> [] { ADD_FAILURE() << "no reply"; });
    return result;
  }

  errc CodeIn(const wire::reply_frame& x) {
    failure why;
    if (x.kind == wire::reply_kind::failure)
      decode(stranger.system(), x.bytes, why);
    return x.kind == wire::reply_kind::failure ? why.code : errc::none;
  }

  ServiceNode service;
  node stranger{{.name = "stranger"}};
  caf::scoped_actor self{stranger.system()};
  caf::actor unbatcher;
};

TEST_F(ServingAStrangeLink, IgnoresOneThatDidNotAttach) {
  Send(Echo(1));
  Attach();
  Send(Echo(2));

  EXPECT_EQ(Reply().id, 2u);
  EXPECT_EQ(service.Memory().handled, 1u);
}

TEST_F(ServingAStrangeLink, RefusesACommandThatItDoesNotKnow) {
  Attach();

  Send({7, 9999, 1'000'000, "?"});
  auto reply = Reply();

  EXPECT_EQ(reply.id, 7u);
  EXPECT_EQ(CodeIn(reply), errc::internal_error);
  EXPECT_EQ(MetricOf(service.Registry(), "lakegate_unbatcher_refused_total"), 1);
}

TEST_F(ServingAStrangeLink, RefusesBytesThatAreNoCommand) {
  Attach();

  for (std::string bytes : {"", "x", "\xff\xff\xff\xff\xff\xff"}) {
    Send({8, caf::type_id<catalog::list_schemas>::value, 1'000'000, bytes});
    EXPECT_EQ(CodeIn(Reply()), errc::internal_error);
  }
  auto more = Echo(9);
  more.bytes += "more";
  Send(more);

  EXPECT_EQ(CodeIn(Reply()), errc::internal_error);
  EXPECT_EQ(service.Memory().handled, 0u);
}

TEST_F(ServingAStrangeLink, RefusesAChunkOfSomethingTooLarge) {
  Attach();

  self->send(unbatcher,
             wire::command_chunk{{5, caf::type_id<catalog::list_schemas>::value, 1, "x"},
                                 0,
                                 std::uint64_t{1} << 40,
                                 0});

  EXPECT_EQ(CodeIn(Reply()), errc::internal_error);
}

TEST_F(ServingAStrangeLink, DropsWhatHasNoTimeLeft) {
  Attach();

  Send(Echo(1, 0));
  Send(Echo(2, -5));
  Send(Echo(3));

  EXPECT_EQ(Reply().id, 3u);
  EXPECT_EQ(service.Memory().handled, 1u);
  EXPECT_EQ(MetricOf(service.Registry(), "lakegate_unbatcher_expired_total"), 2);
}

TEST_F(ServingAStrangeLink, DropsWhatWasTooLongOnItsWay) {
  Attach();
  auto now = steady_now();
  self->send(unbatcher, wire::command_batch{now, {Echo(1, 1'000'000)}});
  EXPECT_EQ(Reply().id, 1u);

  self->send(unbatcher, wire::command_batch{now - 2'000'000, {Echo(2, 1'000'000)}});
  self->send(unbatcher, wire::command_batch{now, {Echo(3, 1'000'000)}});

  EXPECT_EQ(Reply().id, 3u);
  EXPECT_EQ(service.Memory().handled, 2u);
}

TEST_F(ServingAStrangeLink, NamesTheCommandsThatItLacks) {
  wire::link_attached answer;

  self->request(unbatcher, patience, wire::attach_link{1, {"launch_rocket"}, 0})
      .receive([&](const wire::link_attached& x) { answer = x; }, [](caf::error&) {});

  EXPECT_THAT(answer.unknown, testing::ElementsAre("launch_rocket"));
}

TEST_F(ServingAStrangeLink, SharesItsRoomBetweenLinks) {
  ServiceNode small{0, {.service = "catalog", .max_in_flight = 8}};
  auto handle = stranger.system().middleman().remote_actor("127.0.0.1", small.Port());
  unbatcher = *handle;
  Attach();
  Gateway gateway{{small.Port()}};
  ASSERT_TRUE(gateway.BecomesUp());
  auto silent = caf::type_id<catalog::list_table_names>::value;
  for (std::uint64_t id = 1; id <= 7; ++id)
    Send(
        {id, silent, 60'000'000, encode(stranger.system(), catalog::list_table_names{})});

  auto refused = Reply();
  auto other = Await(gateway.Ask(EchoOf("x")));

  EXPECT_EQ(CodeIn(refused), errc::overloaded);
  EXPECT_EQ(refused.id, 7u);
  EXPECT_EQ(CodeOf(other), errc::none);
}

/// An unbatcher that answers when and what the test says.
struct fake_unbatcher {
  std::mutex mutex;
  std::vector<std::uint64_t> ids;
  caf::strong_actor_ptr link;
  std::vector<std::string> unknown;

  std::size_t Count() {
    std::lock_guard guard{mutex};
    return ids.size();
  }
};

caf::behavior Fake(caf::event_based_actor* self, fake_unbatcher* memory) {
  return {
      [=](const wire::attach_link&) -> wire::link_attached {
        std::lock_guard guard{memory->mutex};
        memory->link = self->current_sender();
        return {wire::protocol_version, memory->unknown};
      },
      [=](const wire::command_batch& x) {
        std::lock_guard guard{memory->mutex};
        for (const auto& frame : x.frames)
          if (frame.kind != wire::abandon)
            memory->ids.push_back(frame.id);
      },
      [=](const wire::reply_batch& x) {
        std::lock_guard guard{memory->mutex};
        self->send(caf::actor_cast<caf::actor>(memory->link), x);
      },
      [=](const wire::reply_chunk& x) {
        std::lock_guard guard{memory->mutex};
        self->send(caf::actor_cast<caf::actor>(memory->link), x);
      },
      [](const wire::chunk_received&) {},
  };
}

class TalkingToAStrangeService : public testing::Test {
protected:
  void TearDown() override {
    gateway.reset();
    caf::anon_send_exit(actor, caf::exit_reason::user_shutdown);
    memory.link = nullptr;
  }

  void Start() {
    actor = peer.system().spawn(Fake, &memory);
    auto port = peer.publish(caf::actor_cast<caf::strong_actor_ptr>(actor));
    ASSERT_TRUE(port);
    gateway = std::make_unique<Gateway>(std::vector<std::uint16_t>{*port});
  }

  void Answer(std::uint64_t id, const std::string& word) {
    auto bytes = encode(peer.system(), catalog::name_page{{word}, 1});
    caf::anon_send(actor, wire::reply_batch{{{id, wire::reply_kind::result, bytes}}});
  }

  fake_unbatcher memory;
  node peer{{.name = "peer"}};
  caf::actor actor;
  std::unique_ptr<Gateway> gateway;
};

TEST_F(TalkingToAStrangeService, DropsALateReplyAlsoWhenItsSlotIsInUseAgain) {
  Start();
  ASSERT_TRUE(gateway->BecomesUp());
  EXPECT_EQ(CodeOf(Await(gateway->Ask(EchoOf("a"), 50ms))), errc::service_unavailable);
  auto second = gateway->Ask(EchoOf("b"));
  ASSERT_TRUE(Eventually([&] { return memory.Count() == 2; }));

  Answer(memory.ids[0], "of the first");
  Answer(memory.ids[1], "of the second");
  Answer(memory.ids[1], "again");

  auto answer = Await(std::move(second));
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->names.front(), "of the second");
  EXPECT_TRUE(Eventually(
      [&] { return gateway->Metric("lakegate_link_late_replies_total") == 2; }));
}

TEST_F(TalkingToAStrangeService, TakesAnUnreadableResultForADefect) {
  Start();
  ASSERT_TRUE(gateway->BecomesUp());
  auto open = gateway->Ask(EchoOf("a"));
  ASSERT_TRUE(Eventually([&] { return memory.Count() == 1; }));

  caf::anon_send(
      actor, wire::reply_batch{{{memory.ids[0], wire::reply_kind::result, "\xff\xff"}}});

  EXPECT_EQ(CodeOf(Await(std::move(open))), errc::internal_error);
}

TEST_F(TalkingToAStrangeService, RefusesAnEndlessResult) {
  Start();
  ASSERT_TRUE(gateway->BecomesUp());
  auto open = gateway->Ask(EchoOf("a"));
  ASSERT_TRUE(Eventually([&] { return memory.Count() == 1; }));

  caf::anon_send(actor, wire::reply_chunk{{memory.ids[0], wire::reply_kind::result, "x"},
                                          0,
                                          std::uint64_t{1} << 40});

  EXPECT_EQ(CodeOf(Await(std::move(open))), errc::internal_error);
}

TEST_F(TalkingToAStrangeService, DoesNotUseOneThatLacksACommand) {
  memory.unknown = {"lakegate::catalog::query_table"};
  Start();
  ASSERT_TRUE(Eventually([&] {
    std::lock_guard guard{memory.mutex};
    return memory.link != nullptr;
  }));

  EXPECT_EQ(CodeOf(Await(gateway->Ask(EchoOf("a")))), errc::service_unavailable);
  EXPECT_FALSE(gateway->IsUp());
}

} // namespace
} // namespace lakegate::runtime::test
