#include "gateway/src/http_server.hpp"

#include "gateway/tests/support/http_loop.hpp"

#include <lakegate/testing/raw_client.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <mutex>
#include <vector>

namespace lakegate::gateway {
namespace {

using namespace std::chrono_literals;
using lakegate::test::raw_client;
using test::http_loop;
using testing::HasSubstr;
using testing::StartsWith;

/// Answers each request at once with its target as the body.
std::weak_ptr<abandonable> echo(http_request request, std::unique_ptr<response_sink> to) {
  http_response answer;
  answer.without_body = request.method == http_method::head;
  answer.body = request.target + request.body;
  to->send(std::move(answer));
  return {};
}

http_server_config with(http_limits limits) {
  http_server_config result;
  result.limits = limits;
  return result;
}

/// Keeps requests open until told to answer.
class held_requests {
public:
  struct open_request : abandonable {
    explicit open_request(held_requests& owner) : owner_{owner} {}
    void abandon() noexcept override {
      if (owner_.abandoned_count++ == 0)
        owner_.abandoned.set_value();
    }
    held_requests& owner_;
  };

  std::weak_ptr<abandonable> hold(http_request, std::unique_ptr<response_sink> to) {
    std::lock_guard lock{mutex};
    requests.push_back(std::make_shared<open_request>(*this));
    sinks.push_back(std::move(to));
    if (sinks.size() == expected)
      arrived.set_value();
    return requests.back();
  }

  /// Before the loop goes.
  void let_go(http_loop& loop) {
    loop.inside([this] { sinks.clear(); });
  }

  std::mutex mutex;
  std::size_t expected = 1;
  int abandoned_count = 0;
  std::promise<void> arrived, abandoned;
  std::vector<std::shared_ptr<open_request>> requests;
  std::vector<std::unique_ptr<response_sink>> sinks;
};

TEST(ServingHttp, AnswersARequest) {
  http_loop loop{{}, echo};
  raw_client client{loop.port()};

  client.write("GET /a HTTP/1.1\r\nHost: x\r\n\r\n");
  auto answer = client.read_answer();

  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 OK\r\nDate: "));
  EXPECT_THAT(answer, HasSubstr("\r\nConnection: keep-alive\r\n"));
  EXPECT_THAT(answer, HasSubstr("\r\nContent-Length: 2\r\n"));
  EXPECT_TRUE(answer.ends_with("\r\n\r\n/a"));
}

TEST(ServingHttp, AnswersHeadWithTheLengthButNoBody) {
  http_loop loop{{}, echo};
  raw_client client{loop.port()};

  client.write("HEAD /abc HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  ASSERT_TRUE(client.read_to_end());

  EXPECT_THAT(client.received(), HasSubstr("\r\nContent-Length: 4\r\n"));
  EXPECT_TRUE(client.received().ends_with("\r\n\r\n"));
}

TEST(ServingHttp, AnswersTwoHundredPipelinedRequestsInOrder) {
  http_loop loop{{}, echo};
  raw_client client{loop.port()};
  std::string requests;
  for (int i = 0; i < 200; ++i)
    requests += "GET /" + std::to_string(i) + " HTTP/1.1\r\nHost: x\r\n\r\n";

  ASSERT_TRUE(client.write(requests));

  for (int i = 0; i < 200; ++i)
    ASSERT_TRUE(client.read_answer().ends_with("\r\n\r\n/" + std::to_string(i))) << i;
}

TEST(ServingHttp, KeepsTheOrderOfAnswersThatComeOutOfOrder) {
  held_requests held;
  held.expected = 3;
  http_loop loop{{}, [&](auto request, auto to) {
                   return held.hold(std::move(request), std::move(to));
                 }};
  raw_client client{loop.port()};
  for (auto path : {"/1", "/2", "/3"})
    client.write("GET " + std::string{path} + " HTTP/1.1\r\nHost: x\r\n\r\n");
  ASSERT_EQ(held.arrived.get_future().wait_for(raw_client::patience),
            std::future_status::ready);

  loop.inside([&] {
    for (auto i : {2, 0, 1}) {
      http_response answer;
      answer.body = std::to_string(i);
      held.sinks[static_cast<std::size_t>(i)]->send(std::move(answer));
    }
  });

  for (auto expected : {"0", "1", "2"})
    EXPECT_TRUE(client.read_answer().ends_with(expected));
  held.let_go(loop);
}

TEST(ServingHttp, ClosesWhenTheClientAsksForIt) {
  http_loop loop{{}, echo};
  raw_client client{loop.port()};

  client.write("GET /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

  EXPECT_TRUE(client.read_to_end());
  EXPECT_THAT(client.received(), HasSubstr("\r\nConnection: close\r\n"));
}

TEST(ServingHttp, TellsARequestThatItsClientHasGone) {
  held_requests held;
  http_loop loop{{}, [&](auto request, auto to) {
                   return held.hold(std::move(request), std::move(to));
                 }};
  raw_client client{loop.port()};
  client.write("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n");
  ASSERT_EQ(held.arrived.get_future().wait_for(raw_client::patience),
            std::future_status::ready);

  client.close();

  EXPECT_EQ(held.abandoned.get_future().wait_for(raw_client::patience),
            std::future_status::ready);
  held.let_go(loop);
}

TEST(ServingHttp, SurvivesAnAnswerToAClientThatHasGone) {
  held_requests held;
  http_loop loop{{}, [&](auto request, auto to) {
                   if (request.target == "/slow")
                     return held.hold(std::move(request), std::move(to));
                   return echo(std::move(request), std::move(to));
                 }};
  raw_client gone{loop.port()};
  gone.write("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n");
  ASSERT_EQ(held.arrived.get_future().wait_for(raw_client::patience),
            std::future_status::ready);
  gone.close();
  ASSERT_EQ(held.abandoned.get_future().wait_for(raw_client::patience),
            std::future_status::ready);

  loop.inside([&] { held.sinks[0]->send({}); });

  raw_client client{loop.port()};
  client.write("GET /a HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_TRUE(client.read_answer().ends_with("/a"));
  held.let_go(loop);
}

TEST(ServingHttp, SaysThatAnUpgradeIsWanted) {
  std::promise<bool> wants_upgrade;
  http_loop loop{{}, [&](http_request request, auto to) {
                   wants_upgrade.set_value(request.wants_upgrade);
                   http_response answer;
                   answer.status = 400;
                   answer.close_connection = true;
                   to->send(std::move(answer));
                   return std::weak_ptr<abandonable>{};
                 }};
  raw_client client{loop.port()};

  client.write("GET /a HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\n"
               "Upgrade: websocket\r\n\r\n");

  EXPECT_TRUE(client.read_to_end());
  EXPECT_TRUE(wants_upgrade.get_future().get());
  EXPECT_THAT(client.received(), StartsWith("HTTP/1.1 400 "));
}

TEST(ServingHttp, SharesAPortBetweenServers) {
  http_server_config config;
  config.servers = 2;
  http_loop first{config, echo};
  config.port = first.port();

  http_loop second{config, echo};

  EXPECT_EQ(first.port(), second.port());
}

TEST(ServingHttp, SaysWhyItCannotListen) {
  http_loop first{{}, echo};
  http_server_config config;
  config.port = first.port();

  try {
    http_loop second{config, echo};
    FAIL() << "listens twice on one port";
  } catch (const std::runtime_error& x) {
    EXPECT_THAT(x.what(), StartsWith("Can't listen on 127.0.0.1 port "
                                     + std::to_string(first.port()) + ": "));
  }
}

/// Sends bytes that must end the connection, and sees that the next one is served.
void expect_closed(http_loop& loop, const std::string& bytes) {
  raw_client client{loop.port()};
  client.write(bytes);
  EXPECT_TRUE(client.read_to_end());
  EXPECT_EQ(client.received().find("200 OK"), std::string::npos);
  raw_client next{loop.port()};
  next.write("GET /next HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_TRUE(next.read_answer().ends_with("/next"));
}

TEST(LimitingHttp, ClosesOnATargetOf79Kilobytes) {
  http_loop loop{{}, echo};

  expect_closed(loop,
                "GET /" + std::string(79'000, 'a') + " HTTP/1.1\r\nHost: x\r\n\r\n");
}

TEST(LimitingHttp, TakesTheLongestTargetThatIsAllowed) {
  http_loop loop{{}, echo};
  raw_client client{loop.port()};
  auto target = "/" + std::string(http_limits{}.max_target_bytes - 1, 'a');

  client.write("GET " + target + " HTTP/1.1\r\nHost: x\r\n\r\n");

  EXPECT_TRUE(client.read_answer().ends_with(target));
}

TEST(LimitingHttp, ClosesOnTooManyOrTooLongHeaders) {
  http_loop loop{{}, echo};
  std::string many = "GET / HTTP/1.1\r\nHost: x\r\n";
  for (int i = 0; i < 70; ++i)
    many += "X-" + std::to_string(i) + ": 1\r\n";

  expect_closed(loop, many + "\r\n");
  expect_closed(loop, "GET / HTTP/1.1\r\nHost: x\r\nX: " + std::string(13'000, 'a')
                          + "\r\n\r\n");
  expect_closed(loop,
                "GET / HTTP/1.1\r\nHost: x\r\n" + std::string(200, 'n') + ": 1\r\n\r\n");
}

TEST(LimitingHttp, ClosesOnABodyPastTheHardLimit) {
  http_limits limits;
  limits.max_body_bytes = 1000;
  http_loop loop{with(limits), echo};

  expect_closed(loop, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1001\r\n\r\n"
                          + std::string(1001, 'b'));
}

TEST(LimitingHttp, ClosesOnARequestThatComesTooSlowly) {
  http_limits limits;
  limits.read = 300ms;
  http_loop loop{with(limits), echo};

  expect_closed(loop, "GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ");
}

TEST(LimitingHttp, LetsTheNextConnectionInWhenOneEnds) {
  http_limits limits;
  limits.max_connections = 1;
  http_loop loop{with(limits), echo};
  raw_client first{loop.port()};
  first.write("GET /1 HTTP/1.1\r\nHost: x\r\n\r\n");
  ASSERT_TRUE(first.read_answer().ends_with("/1"));
  raw_client second{loop.port()};
  second.write("GET /2 HTTP/1.1\r\nHost: x\r\n\r\n");

  first.close();

  EXPECT_TRUE(second.read_answer().ends_with("/2"));
}

struct smuggling {
  std::string name;
  std::string bytes;
  friend void PrintTo(const smuggling& x, std::ostream* os) { *os << x.name; }
};

class SmugglingARequest : public testing::TestWithParam<smuggling> {};

TEST_P(SmugglingARequest, EndsTheConnection) {
  http_loop loop{{}, echo};

  expect_closed(loop, GetParam().bytes);
}

INSTANTIATE_TEST_SUITE_P(
    Malformed, SmugglingARequest,
    testing::Values(
        smuggling{"LengthAndChunks",
                  "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n"
                  "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /x HTTP/1.1\r\n\r\n"},
        smuggling{"TwoLengths", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n"
                                "Content-Length: 2\r\n\r\nab"},
        smuggling{"SignedLength",
                  "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: +1\r\n\r\na"},
        smuggling{"HexLength",
                  "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0x1\r\n\r\na"},
        smuggling{"Nonsense", "\x16\x03\x01\x02\r\n\r\n"}),
    [](const auto& x) { return x.param.name; });

} // namespace
} // namespace lakegate::gateway
