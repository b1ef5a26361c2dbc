#include <lakegate/http/client.hpp>
#include <lakegate/testing/time_until.hpp>

#include "shared/http/tests/call.hpp"
#include "shared/http/tests/scripted_server.hpp"

#include <gmock/gmock.h>

#include <atomic>
#include <fstream>
#include <iomanip>
#include <optional>
#include <sstream>

// When a connection carries another request, and when it must not.
namespace lakegate::test {

namespace {

using http::transport_failure;
using namespace std::chrono_literals;

/// Answers the first request of each connection with these bytes, then does as told.
scripted_server::script writing(std::string bytes, scripted_server::script then) {
  return [=](scripted_server::connection& peer) {
    if (!peer.read())
      return;
    peer.write(bytes);
    then(peer);
  };
}

void hang_up(scripted_server::connection&) {}

void stay(scripted_server::connection& peer) {
  peer.wait_for_peer_to_close();
}

TEST(KeepingAConnection, SendsNothingOnOneThatTheServerClosed) {
  scripted_server server{writing(http_answer(200, "{}"), hang_up)};
  http::client client;
  ASSERT_EQ((pending_call{client, post(server.url(), "/", "{}")}.wait().status), 200);
  ASSERT_TRUE(server.wait_for_closed_connections(1));

  auto answer = pending_call{client, post(server.url(), "/", "{}")}.wait();

  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(server.connections(), 2u);
}

TEST(KeepingAConnection, RepeatsAGetThatItBreaksUnder) {
  std::atomic<int> served{0};
  scripted_server server{[&](scripted_server::connection& peer) {
    while (peer.read()) {
      if (++served == 2)
        return peer.reset();
      peer.write(http_answer(200, "{}"));
    }
  }};
  http::client client;
  ASSERT_EQ((pending_call{client, get(server.url())}.wait().status), 200);

  auto answer = pending_call{client, get(server.url())}.wait();

  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(server.requests().size(), 3u);
  EXPECT_EQ(server.connections(), 2u);
}

TEST(KeepingAConnection, DoesNotRepeatAGetThatANewOneBreaksUnder) {
  scripted_server server{[](scripted_server::connection& peer) {
    peer.read();
    peer.reset();
  }};
  http::client client;

  auto answer = pending_call{client, get(server.url())}.wait();

  EXPECT_EQ(answer.failure, transport_failure::lost);
  EXPECT_EQ(server.requests().size(), 1u);
}

TEST(KeepingAConnection, DoesNotRepeatAGetWhoseAnswerHadBegun) {
  std::atomic<int> served{0};
  scripted_server server{[&](scripted_server::connection& peer) {
    while (peer.read()) {
      if (++served == 2)
        return peer.write("HTTP/1.1 200 OK\r\nContent-");
      peer.write(http_answer(200, "{}"));
    }
  }};
  http::client client;
  ASSERT_EQ((pending_call{client, get(server.url())}.wait().status), 200);

  auto answer = pending_call{client, get(server.url())}.wait();

  EXPECT_EQ(answer.failure, transport_failure::lost);
  EXPECT_EQ(server.requests().size(), 2u);
}

struct last_answer_row {
  const char* what;
  std::string answer;
};
class AnsweringTheLastTime : public ::testing::TestWithParam<last_answer_row> {};

TEST_P(AnsweringTheLastTime, EndsTheConnection) {
  scripted_server server{writing(GetParam().answer, stay)};
  http::client client;

  auto first = pending_call{client, get(server.url())}.wait();
  auto second = pending_call{client, get(server.url())}.wait();

  EXPECT_EQ(first.body, "{}");
  EXPECT_EQ(second.body, "{}");
  EXPECT_EQ(server.connections(), 2u);
  EXPECT_TRUE(server.wait_for_closed_connections(2));
}

INSTANTIATE_TEST_SUITE_P(
    Table, AnsweringTheLastTime,
    ::testing::Values(
        last_answer_row{"SaysClose", http_answer(200, "{}", "Connection: close\r\n")},
        last_answer_row{"Http10", "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\n{}"},
        // What follows an answer would be taken for the next user's.
        last_answer_row{"Surplus",
                        http_answer(200, "{}") + http_answer(200, "{\"stolen\":1}")}),
    [](const auto& row) { return std::string{row.param.what}; });

TEST(KeepingAConnection, ClosesOneOnWhichTheServerSpeaksFirst) {
  scripted_server server{
      writing(http_answer(200, "{}"), [](scripted_server::connection& peer) {
        if (!peer.pause(50ms))
          return;
        peer.write(http_answer(200, "{\"stolen\":1}"));
        peer.wait_for_peer_to_close();
      })};
  http::client client;
  ASSERT_EQ((pending_call{client, get(server.url())}.wait().body), "{}");
  ASSERT_TRUE(server.wait_for_closed_connections(1));

  EXPECT_EQ((pending_call{client, get(server.url())}.wait().body), "{}");
}

TEST(KeepingAConnection, KeepsItAfterAnAnswerWithoutABody) {
  scripted_server server{answering([](const received_request&) {
    return std::string{"HTTP/1.1 204 No Content\r\n\r\n"};
  })};
  http::client client;

  for (int i = 0; i < 3; ++i)
    EXPECT_EQ((pending_call{client, get(server.url())}.wait().status), 204);

  EXPECT_EQ(server.connections(), 1u);
}

/// When the kernel will probe the silent connection to that port of loopback, in its
/// hundredths of a second (proc(5), /proc/net/tcp: timer 2 is keep-alive's).
std::optional<long> time_to_probe(std::uint16_t port) {
  std::ifstream connections{"/proc/self/net/tcp"};
  std::ostringstream peer;
  peer << "0100007F:" << std::hex << std::uppercase << std::setw(4) << std::setfill('0')
       << port;
  for (std::string line; std::getline(connections, line);) {
    std::istringstream fields{line};
    std::string slot, local, remote, state, queues, timer;
    fields >> slot >> local >> remote >> state >> queues >> timer;
    if (remote == peer.str() && timer.starts_with("02:"))
      return std::stol(timer.substr(3), nullptr, 16);
  }
  return std::nullopt;
}

TEST(WaitingForAnAnswer, ProbesASilentConnectionWithinAMinute) {
  scripted_server server{staying_silent()};
  http::client client;
  pending_call call{client, get(server.url())};
  ASSERT_TRUE(server.wait_for_requests(1));

  // At first the kernel waits for the server's kernel to acknowledge the request.
  std::optional<long> due;
  ASSERT_TRUE(
      time_until([&] { return (due = time_to_probe(server.port())).has_value(); }));

  EXPECT_LE(*due, 6'000);
}

TEST(TakingAnAnswer, ThatComesBeforeTheRequestIsSentEndsTheConnection) {
  // Given a server that reads on only when its answer was taken
  std::promise<void> is_answered;
  scripted_server server{[&](scripted_server::connection& peer) {
    peer.read_byte();
    peer.write(http_answer(413, "{}"));
    is_answered.get_future().wait_for(5s);
    peer.wait_for_peer_to_close();
  }};
  http::client client;

  auto answer =
      pending_call{client, post(server.url(), "/", std::string(8'000'000, 'x'))}.wait();

  EXPECT_EQ(answer.failure, transport_failure::none);
  EXPECT_EQ(answer.status, 413);
  is_answered.set_value();
  EXPECT_TRUE(server.wait_for_closed_connections(1));
}

TEST(TakingAnAnswer, WithoutALengthEndsWithTheConnection) {
  scripted_server server{writing("HTTP/1.1 200 OK\r\n\r\nall of it", hang_up)};
  http::client client;

  auto answer = pending_call{client, get(server.url())}.wait();

  EXPECT_EQ(answer.failure, transport_failure::none);
  EXPECT_EQ(answer.body, "all of it");
}

struct broken_answer_row {
  const char* what;
  std::string answer;
  transport_failure failure;
};
class TakingABrokenAnswer : public ::testing::TestWithParam<broken_answer_row> {};

TEST_P(TakingABrokenAnswer, TellsHow) {
  scripted_server server{writing(GetParam().answer, hang_up)};
  http::client client;

  auto answer = pending_call{client, get(server.url())}.wait();

  EXPECT_EQ(answer.failure, GetParam().failure);
  EXPECT_TRUE(answer.sent);
}

INSTANTIATE_TEST_SUITE_P(
    Table, TakingABrokenAnswer,
    ::testing::Values(
        broken_answer_row{"Nothing", "", transport_failure::lost},
        broken_answer_row{"HalfAHead", "HTTP/1.1 200 OK\r\nContent-Le",
                          transport_failure::lost},
        broken_answer_row{"OnlyAnInterimAnswer", "HTTP/1.1 103 Early Hints\r\n\r\n",
                          transport_failure::lost},
        broken_answer_row{"HalfAChunk",
                          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
                          transport_failure::malformed},
        broken_answer_row{"AnotherProtocol",
                          "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n"
                          "Connection: upgrade\r\n\r\n",
                          transport_failure::malformed},
        // Two lengths: two readers would disagree about the next answer (RFC 9112, 6.3).
        broken_answer_row{"TwoLengths",
                          "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n"
                          "Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
                          transport_failure::malformed},
        broken_answer_row{"EndlessInterimAnswers",
                          [] {
                            std::string result;
                            for (int i = 0; i < 10'000; ++i)
                              result += "HTTP/1.1 103 Early Hints\r\nX-Hint: a\r\n\r\n";
                            return result;
                          }(),
                          transport_failure::too_large}),
    [](const auto& row) { return std::string{row.param.what}; });

TEST(FindingAServer, TriesEachAddressOfItsName) {
  scripted_server server{answering([](const auto&) { return http_answer(200, "{}"); })};
  http::client client;

  // It listens on IPv4 only; the name may have an IPv6 address, too.
  auto answer =
      pending_call{client, get("http://localhost:" + std::to_string(server.port()))}
          .wait();

  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(server.requests().at(0).headers.at("host"),
            "localhost:" + std::to_string(server.port()));
}

} // namespace

} // namespace lakegate::test
