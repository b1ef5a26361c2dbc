#include "shared/runtime/tests/link_world.hpp"

#include <caf/sec.hpp>
#include <gmock/gmock.h>

namespace lakegate::runtime::test {
namespace {

TEST(LinkingToAService, GivesEveryCallItsOwnAnswerOnce) {
  ServiceNode service{0, {.service = "catalog", .max_in_flight = 20'000}};
  Gateway gateway{{service.Port()}, {.max_in_flight = 20'000}};
  ASSERT_TRUE(gateway.BecomesUp());
  constexpr std::size_t calls = 5000;
  std::vector<std::atomic<int>> right(calls);
  std::atomic<std::size_t> answered = 0;
  std::atomic<std::size_t> wrong = 0;

  gateway.OnLoop([&](Gateway::link& link) {
    for (std::size_t i = 0; i < calls; ++i)
      link.submit(EchoOf(std::to_string(i)), 40s,
                  [&, i](caf::expected<catalog::name_page> x) {
                    if (x && x->names.front() == std::to_string(i))
                      ++right[i];
                    else
                      ++wrong;
                    ++answered;
                  });
  });

  ASSERT_TRUE(Eventually([&] { return answered == calls; }));
  EXPECT_EQ(wrong, 0u);
  EXPECT_TRUE(std::ranges::all_of(right, [](auto& x) { return x == 1; }));
  EXPECT_EQ(service.Memory().handled, calls);
  const auto batch = link_config{}.max_batch;
  EXPECT_EQ(gateway.Batches(), (calls + batch - 1) / batch);
  EXPECT_EQ(gateway.Metric("lakegate_link_in_flight"), 0);
}

TEST(LinkingToAService, NeverAnswersInsideTheCall) {
  Gateway gateway{{1}};
  std::atomic<bool> answered = false;
  bool answered_inside = true;

  gateway.OnLoop([&](Gateway::link& link) {
    link.submit(EchoOf("x"), 1s, [&](auto) { answered = true; });
    answered_inside = answered;
  });

  EXPECT_FALSE(answered_inside);
  EXPECT_TRUE(Eventually([&] { return answered.load(); }));
}

TEST(LinkingToAService, CarriesItsErrorsWhole) {
  ServiceNode service;
  Gateway gateway{{service.Port()}};
  ASSERT_TRUE(gateway.BecomesUp());

  auto answer = Await(gateway.Ask(catalog::list_catalogs{}));

  ASSERT_FALSE(answer);
  auto why = failure_of(answer.error());
  EXPECT_EQ(why.code, errc::catalog_not_found);
  EXPECT_EQ(why.message, "No such thing.");
  EXPECT_EQ(why.details, "{\"a\":1}");
}

TEST(LinkingToAService, CarriesEightMegabytesEachWay) {
  ServiceNode service;
  Gateway gateway{{service.Port()}};
  ASSERT_TRUE(gateway.BecomesUp());
  constexpr std::size_t size = 8 * 1024 * 1024;

  auto large_result = Await(gateway.Ask(RowsOf(size)));
  auto large_command = Await(gateway.Ask(EchoOf(std::string(size, 'x'))));

  ASSERT_TRUE(large_result);
  EXPECT_EQ(large_result->rows.str(), std::string(size, '1'));
  ASSERT_TRUE(large_command);
  EXPECT_EQ(large_command->names.front(), std::string(size, 'x'));
}

TEST(LinkingToAService, CarriesManyLargeResultsAtOnce) {
  ServiceNode service;
  Gateway gateway{{service.Port()}, {.max_message_bytes = 2 * 1024 * 1024}};
  ASSERT_TRUE(gateway.BecomesUp());

  std::vector<std::future<caf::expected<catalog::query_result>>> answers;
  for (int i = 0; i < 30; ++i)
    answers.push_back(gateway.Ask(RowsOf(1'900'000 + i)));

  for (int i = 0; i < 30; ++i) {
    auto answer = Await(std::move(answers[static_cast<std::size_t>(i)]));
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->rows.size(), static_cast<std::size_t>(1'900'000 + i));
  }
}

TEST(LinkingToAService, LetsSmallAnswersOvertakeALargeOne) {
  ServiceNode service;
  Gateway gateway{{service.Port()}};
  ASSERT_TRUE(gateway.BecomesUp());
  std::atomic<bool> large_done = false;
  std::atomic<int> overtook = 0;

  gateway.OnLoop([&](Gateway::link& link) {
    link.submit(RowsOf(30 * 1024 * 1024), 40s, [&](auto) { large_done = true; });
    for (int i = 0; i < 10; ++i)
      link.submit(EchoOf("small"), 40s, [&](auto) { overtook += !large_done; });
  });

  EXPECT_TRUE(Eventually([&] { return large_done.load(); }));
  EXPECT_EQ(overtook, 10);
}

TEST(LinkingToAService, RefusesWhatIsLargerThanTheLimit) {
  ServiceNode service{0, {"catalog", 64, 1024 * 1024}};
  Gateway gateway{{service.Port()}, {.max_message_bytes = 2 * 1024 * 1024}};
  ASSERT_TRUE(gateway.BecomesUp());

  auto here = Await(gateway.Ask(EchoOf(std::string(3 * 1024 * 1024, 'x'))));
  auto there = Await(gateway.Ask(EchoOf(std::string(3 * 512 * 1024, 'x'))));
  auto result = Await(gateway.Ask(RowsOf(3 * 512 * 1024)));
  auto after = Await(gateway.Ask(EchoOf("still here")));

  EXPECT_EQ(CodeOf(here), errc::internal_error);
  EXPECT_EQ(CodeOf(there), errc::internal_error);
  EXPECT_EQ(CodeOf(result), errc::internal_error);
  EXPECT_EQ(CodeOf(after), errc::none);
}

TEST(LinkingToAService, EndsACallWhoseBudgetRanOut) {
  ServiceNode service;
  Gateway gateway{{service.Port()}};
  ASSERT_TRUE(gateway.BecomesUp());
  auto begin = std::chrono::steady_clock::now();

  auto answer = Await(gateway.Ask(catalog::list_table_names{}, 100ms));

  auto took = std::chrono::steady_clock::now() - begin;
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error(), caf::sec::request_timeout);
  EXPECT_GE(took, 100ms);
  EXPECT_LT(took, 1s);
  EXPECT_EQ(gateway.Metric("lakegate_link_expired_total"), 1);
  EXPECT_EQ(gateway.Metric("lakegate_link_in_flight"), 0);
  EXPECT_TRUE(Eventually(
      [&] { return MetricOf(service.Registry(), "lakegate_unbatcher_in_flight") == 0; }));
}

TEST(LinkingToAService, SendsNothingOfACallWithoutABudget) {
  ServiceNode service;
  Gateway gateway{{service.Port()}};
  ASSERT_TRUE(gateway.BecomesUp());

  auto answer = Await(gateway.Ask(EchoOf("late"), 0ms));

  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error(), caf::sec::request_timeout);
  EXPECT_EQ(service.Memory().handled, 0u);
}

TEST(LinkingToAService, HandsTheRemainingBudgetOn) {
  ServiceNode service;
  Gateway gateway{{service.Port()}};
  ASSERT_TRUE(gateway.BecomesUp());

  Await(gateway.Ask(EchoOf("x"), 5s));

  EXPECT_GT(service.Memory().time_left_us, 4'000'000);
  EXPECT_LE(service.Memory().time_left_us, 5'000'000);
}

TEST(LinkingToAService, TellsItWhenACallerWentAway) {
  ServiceNode service;
  Gateway gateway{{service.Port()}};
  ASSERT_TRUE(gateway.BecomesUp());
  std::uint64_t ticket = 0;
  std::atomic<bool> answered = false;
  gateway.OnLoop([&](Gateway::link& link) {
    catalog::list_table_names command;
    command.who.call_id = 77;
    ticket = link.submit(command, 40s, [&](auto) { answered = true; });
  });
  ASSERT_TRUE(Eventually([&] { return service.Memory().waiting == 1; }));

  gateway.OnLoop([&](Gateway::link& link) { link.cancel(ticket); });

  EXPECT_TRUE(Eventually([&] { return service.Memory().cancelled == 77; }));
  EXPECT_TRUE(Eventually(
      [&] { return MetricOf(service.Registry(), "lakegate_unbatcher_in_flight") == 0; }));
  EXPECT_FALSE(answered);
  EXPECT_EQ(gateway.Metric("lakegate_link_in_flight"), 0);
}

TEST(LinkingToAService, SendsNothingOfACallCancelledInItsTurn) {
  ServiceNode service;
  Gateway gateway{{service.Port()}};
  ASSERT_TRUE(gateway.BecomesUp());

  gateway.OnLoop([&](Gateway::link& link) {
    link.cancel(link.submit(EchoOf("never"), 40s, [](auto) { FAIL(); }));
  });
  Await(gateway.Ask(EchoOf("next")));

  EXPECT_EQ(service.Memory().handled, 1u);
}

TEST(LinkingToAService, RefusesMoreThanMayBeInFlight) {
  ServiceNode service;
  Gateway gateway{{service.Port()}, {.max_in_flight = 3}};
  ASSERT_TRUE(gateway.BecomesUp());
  for (int i = 0; i < 3; ++i)
    gateway.OnLoop([](Gateway::link& link) {
      link.submit(catalog::list_table_names{}, 40s, [](auto) {});
    });

  auto answer = Await(gateway.Ask(EchoOf("one too many")));

  EXPECT_EQ(CodeOf(answer), errc::overloaded);
  EXPECT_EQ(gateway.Metric("lakegate_link_overloaded_total"), 1);
}

TEST(LinkingToAService, AnswersAtOnceWhileNoneIsUp) {
  Gateway gateway{{1}};

  auto answer = gateway.Ask(EchoOf("x"));

  ASSERT_EQ(answer.wait_for(1s), std::future_status::ready);
  EXPECT_EQ(CodeOf(answer.get()), errc::service_unavailable);
  EXPECT_FALSE(gateway.IsUp());
}

TEST(LinkingToAService, AnswersWhatIsOpenWhenItCloses) {
  ServiceNode service;
  Gateway gateway{{service.Port()}};
  ASSERT_TRUE(gateway.BecomesUp());
  auto open = gateway.Ask(catalog::list_table_names{});
  ASSERT_TRUE(Eventually([&] { return service.Memory().waiting == 1; }));

  gateway.OnLoop([](Gateway::link& link) { link.close(); });

  EXPECT_EQ(CodeOf(Await(std::move(open))), errc::service_unavailable);
  EXPECT_EQ(CodeOf(Await(gateway.Ask(EchoOf("later")))), errc::service_unavailable);
  EXPECT_FALSE(gateway.IsUp());
}

TEST(LinkingToAService, SurvivesACompletionThatThrows) {
  ServiceNode service;
  Gateway gateway{{service.Port()}};
  ASSERT_TRUE(gateway.BecomesUp());
  gateway.OnLoop([](Gateway::link& link) {
    link.submit(EchoOf("x"), 1s, [](auto) { throw std::runtime_error{"oops"}; });
  });

  auto answer = Await(gateway.Ask(EchoOf("y")));

  EXPECT_EQ(CodeOf(answer), errc::none);
}

} // namespace
} // namespace lakegate::runtime::test
