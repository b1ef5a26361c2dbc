#include <lakegate/http/client.hpp>

#include "shared/http/tests/call.hpp"
#include "shared/http/tests/scripted_server.hpp"

#include <gmock/gmock.h>

namespace lakegate::test {

namespace {

using http::transport_failure;
using namespace std::chrono_literals;
using clock = std::chrono::steady_clock;

/// Much later than the deadlines here, on a busy machine, too, and before what else ends
/// a call.
constexpr auto another_limit = 2s;

/// Reads one request and then does as told.
scripted_server::script after_a_request(scripted_server::script then) {
  return [then = std::move(then)](scripted_server::connection& peer) {
    if (peer.read())
      then(peer);
  };
}

http::request impatient(http::request what, std::chrono::milliseconds time_left) {
  what.time_left = time_left;
  return what;
}

TEST(CallingAServerThatFails, ReportsARefusedConnectionAsNotSent) {
  auto server = std::make_unique<scripted_server>(staying_silent());
  auto url = server->url();
  server.reset();
  http::client client;

  auto answer = pending_call{client, post(url, "/", "{}")}.wait();

  EXPECT_EQ(answer.failure, transport_failure::connect);
  EXPECT_FALSE(answer.sent);
}

TEST(CallingAServerThatFails, ReportsAnUnknownNameAsNotSent) {
  http::client client;

  auto answer = pending_call{client, get("http://nowhere.invalid")}.wait();

  EXPECT_EQ(answer.failure, transport_failure::connect);
  EXPECT_FALSE(answer.sent);
}

TEST(CallingAServerThatFails, EndsAtTheDeadline) {
  scripted_server server{staying_silent()};
  http::client client;
  auto begun = clock::now();

  auto answer = pending_call{client, impatient(get(server.url()), 300ms)}.wait();

  auto took = clock::now() - begun;
  EXPECT_EQ(answer.failure, transport_failure::timeout);
  EXPECT_TRUE(answer.sent);
  EXPECT_GE(took, 299ms);
  EXPECT_LT(took, another_limit);
  EXPECT_TRUE(server.wait_for_closed_connections(1));
}

TEST(CallingAServerThatFails, EndsATrickleAtTheDeadline) {
  scripted_server server{after_a_request([](auto& peer) {
    peer.write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
    do
      peer.write("x");
    while (peer.pause(20ms));
  })};
  http::client client;
  auto begun = clock::now();

  auto answer = pending_call{client, impatient(get(server.url()), 300ms)}.wait();

  EXPECT_EQ(answer.failure, transport_failure::timeout);
  EXPECT_LT(clock::now() - begun, another_limit);
}

TEST(CallingAServerThatFails, CountsTheWaitForAConnection) {
  scripted_server server{staying_silent()};
  http::client_config config;
  config.max_connections_per_host = 1;
  http::client client{config};
  pending_call first{client, get(server.url())};
  ASSERT_TRUE(server.wait_for_requests(1));
  auto begun = clock::now();

  auto second = pending_call{client, impatient(get(server.url()), 200ms)}.wait();

  EXPECT_EQ(second.failure, transport_failure::timeout);
  EXPECT_FALSE(second.sent);
  EXPECT_LT(clock::now() - begun, another_limit);
  EXPECT_EQ(server.requests().size(), 1u);
  client.cancel(first.id());
  EXPECT_EQ(first.wait().failure, transport_failure::cancelled);
}

TEST(CallingAServerThatFails, DoesNotTakeTheWaitForAConnectionForAFailureToConnect) {
  // Given one connection, in use for longer than the next may take to come about
  scripted_server server{[](scripted_server::connection& peer) {
    if (peer.read() && peer.pause(400ms))
      peer.write(http_answer(200, "{}", "Connection: close\r\n"));
  }};
  http::client_config config;
  config.max_connections_per_host = 1;
  config.connect_timeout = 100ms;
  http::client client{config};
  pending_call first{client, get(server.url())};
  ASSERT_TRUE(server.wait_for_requests(1));

  auto second = pending_call{client, get(server.url())}.wait();

  EXPECT_EQ(second.failure, transport_failure::none);
  EXPECT_EQ(second.status, 200);
  EXPECT_EQ(first.wait().status, 200);
}

TEST(CallingAServerThatFails, StartsNothingWithoutTimeLeft) {
  scripted_server server{staying_silent()};
  http::client client;

  auto answer = pending_call{client, impatient(get(server.url()), 0ms)}.wait();

  EXPECT_EQ(answer.failure, transport_failure::timeout);
  EXPECT_FALSE(answer.sent);
  EXPECT_EQ(server.connections(), 0u);
}

TEST(CallingAServerThatFails, ReportsAResetAsLostAndSent) {
  scripted_server server{after_a_request([](auto& peer) { peer.reset(); })};
  http::client client;

  auto answer = pending_call{client, post(server.url(), "/", "{}")}.wait();

  EXPECT_EQ(answer.failure, transport_failure::lost);
  EXPECT_TRUE(answer.sent);
}

TEST(CallingAServerThatFails, NeverRepeatsAPostOnAKeptConnection) {
  std::atomic<int> served{0};
  scripted_server server{[&](scripted_server::connection& peer) {
    while (peer.read()) {
      if (++served > 1)
        return peer.reset();
      peer.write(http_answer(200, "{}"));
    }
  }};
  http::client client;
  ASSERT_EQ((pending_call{client, post(server.url(), "/", "{}")}.wait().status), 200);

  auto answer = pending_call{client, post(server.url(), "/", "{}")}.wait();

  EXPECT_EQ(answer.failure, transport_failure::lost);
  EXPECT_TRUE(answer.sent);
  EXPECT_EQ(server.requests().size(), 2u);
}

TEST(CallingAServerThatFails, ReportsAShortBodyAsMalformed) {
  scripted_server server{after_a_request([](auto& peer) {
    peer.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"a\":");
  })};
  http::client client;

  auto answer = pending_call{client, get(server.url())}.wait();

  EXPECT_EQ(answer.failure, transport_failure::malformed);
  EXPECT_EQ(answer.status, 0);
  EXPECT_EQ(answer.body, "");
}

TEST(CallingAServerThatFails, ReportsWhatIsNotHttpAsMalformed) {
  scripted_server server{
      after_a_request([](auto& peer) { peer.write("220 mail.example.com ESMTP\r\n"); })};
  http::client client;

  auto answer = pending_call{client, get(server.url())}.wait();

  EXPECT_EQ(answer.failure, transport_failure::malformed);
}

TEST(CallingAServerThatFails, StopsAnEndlessBodyAtTheCap) {
  scripted_server server{after_a_request([](auto& peer) {
    peer.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    const auto chunk = "1000\r\n" + std::string(4096, 'x') + "\r\n";
    do
      peer.write(chunk);
    while (peer.pause(0ms));
  })};
  http::client client;
  auto request = get(server.url());
  request.max_response_bytes = 100'000;

  auto answer = pending_call{client, request}.wait();

  EXPECT_EQ(answer.failure, transport_failure::too_large);
  EXPECT_TRUE(server.wait_for_closed_connections(1));
}

TEST(CallingAServerThatFails, TakesABodyOfExactlyTheCap) {
  scripted_server server{answering(
      [](const received_request&) { return http_answer(200, std::string(1000, 'x')); })};
  http::client client;
  auto request = get(server.url());
  request.max_response_bytes = 1000;

  EXPECT_EQ((pending_call{client, request}.wait().body.size()), 1000u);
  request.max_response_bytes = 999;
  EXPECT_EQ((pending_call{client, request}.wait().failure), transport_failure::too_large);
}

struct header_row {
  const char* what;
  std::string headers;
};
class CallingAServerWithTooManyHeaders : public ::testing::TestWithParam<header_row> {};

TEST_P(CallingAServerWithTooManyHeaders, StopsReading) {
  scripted_server server{answering([](const received_request&) {
    return http_answer(200, "{}", GetParam().headers);
  })};
  http::client client;

  auto answer = pending_call{client, get(server.url())}.wait();

  EXPECT_EQ(answer.failure, transport_failure::too_large);
}

std::string many_headers(int count, std::size_t size) {
  std::string result;
  for (int i = 0; i < count; ++i)
    result += "X-" + std::to_string(i) + ": " + std::string(size, 'y') + "\r\n";
  return result;
}

INSTANTIATE_TEST_SUITE_P(Table, CallingAServerWithTooManyHeaders,
                         ::testing::Values(header_row{"count", many_headers(200, 1)},
                                           header_row{"bytes", many_headers(20, 8000)},
                                           header_row{"endless",
                                                      many_headers(1, 2'000'000)}),
                         [](const auto& row) { return std::string{row.param.what}; });

TEST(CancellingACall, ClosesItsConnection) {
  scripted_server server{staying_silent()};
  http::client client;
  pending_call call{client, get(server.url())};
  ASSERT_TRUE(server.wait_for_requests(1));

  client.cancel(call.id());

  auto answer = call.wait();
  EXPECT_EQ(answer.failure, transport_failure::cancelled);
  EXPECT_TRUE(answer.sent);
  EXPECT_TRUE(server.wait_for_closed_connections(1));
}

TEST(CancellingACall, IgnoresOneThatIsOver) {
  scripted_server server{answering([](const auto&) { return http_answer(200, "{}"); })};
  http::client client;
  pending_call first{client, get(server.url())};
  first.wait();

  client.cancel(first.id());
  client.cancel(12345);

  EXPECT_EQ((pending_call{client, get(server.url())}.wait().status), 200);
}

TEST(OverloadingAClient, FailsAtOnceAndRecovers) {
  scripted_server server{staying_silent()};
  http::client_config config;
  config.max_in_flight = 2;
  http::client client{config};
  pending_call first{client, get(server.url())};
  pending_call second{client, get(server.url())};
  ASSERT_TRUE(server.wait_for_requests(2));

  auto third = pending_call{client, get(server.url())}.wait();

  EXPECT_EQ(third.failure, transport_failure::overloaded);
  EXPECT_FALSE(third.sent);
  client.cancel(first.id());
  first.wait();
  pending_call fourth{client, get(server.url())};
  EXPECT_TRUE(server.wait_for_requests(3));
}

TEST(EndingAClient, CancelsWhatIsInFlight) {
  scripted_server server{staying_silent()};
  auto client = std::make_unique<http::client>();
  pending_call call{*client, get(server.url())};
  ASSERT_TRUE(server.wait_for_requests(1));

  client.reset();

  EXPECT_EQ(call.wait().failure, transport_failure::cancelled);
}

TEST(EndingAClient, WorksFromACallback) {
  scripted_server server{answering([](const auto&) { return http_answer(200, "{}"); })};
  auto client = std::make_shared<http::client>();
  std::promise<void> ended;

  client->send(get(server.url()), [&ended, owner = client](http::response) mutable {
    owner.reset();
    ended.set_value();
  });
  client.reset();

  EXPECT_EQ(ended.get_future().wait_for(5s), std::future_status::ready);
}

} // namespace

} // namespace lakegate::test
