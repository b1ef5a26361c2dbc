#include <lakegate/http/client.hpp>

#include "shared/http/tests/call.hpp"
#include "shared/http/tests/scripted_server.hpp"

#include <gmock/gmock.h>

#include <cstdlib>

namespace lakegate::test {

namespace {

using http::transport_failure;

std::string echo(const received_request& x) {
  return http_answer(200, x.body);
}

TEST(CallingAServer, BringsStatusHeadersAndBody) {
  scripted_server server{answering([](const received_request&) {
    return http_answer(404, "{\"a\":1}", "X-Request-Id: abc\r\n");
  })};
  http::client client;

  auto answer = pending_call{client, get(server.url(), "/api/x?y=1")}.wait();

  EXPECT_EQ(answer.failure, transport_failure::none);
  EXPECT_EQ(answer.status, 404);
  EXPECT_EQ(answer.body, "{\"a\":1}");
  EXPECT_EQ(answer.find_header("x-request-id"), "abc");
  EXPECT_GT(answer.took.count(), 0);
  EXPECT_EQ(server.requests().at(0).method, "GET");
  EXPECT_EQ(server.requests().at(0).target, "/api/x?y=1");
}

TEST(CallingAServer, SendsHeadersTokenAndBody) {
  scripted_server server{answering(echo)};
  http::client client;
  auto request = post(server.url(), "/p", std::string(2'000'000, 'x'));
  request.authorization = access_token{"Bearer canary"};
  request.headers = {{"Content-Type", "application/json"}, {"traceparent", "00-1"}};

  auto answer = pending_call{client, request}.wait();

  EXPECT_EQ(answer.body.size(), 2'000'000u);
  auto received = server.requests().at(0);
  EXPECT_EQ(received.method, "POST");
  EXPECT_EQ(received.headers.at("authorization"), "Bearer canary");
  EXPECT_EQ(received.headers.at("content-type"), "application/json");
  EXPECT_EQ(received.headers.at("traceparent"), "00-1");
  EXPECT_EQ(received.headers.count("expect"), 0u);
  EXPECT_EQ(received.headers.count("accept-encoding"), 0u);
  EXPECT_EQ(received.headers.count("cookie"), 0u);
}

TEST(CallingAServer, DoesNotNormaliseThePath) {
  scripted_server server{answering(echo)};
  http::client client;

  pending_call{client, get(server.url(), "/a/../b/%2E%2E/c")}.wait();

  EXPECT_EQ(server.requests().at(0).target, "/a/../b/%2E%2E/c");
}

TEST(CallingAServer, ReusesAConnection) {
  scripted_server server{answering(echo)};
  http::client client;

  for (int i = 0; i < 5; ++i)
    EXPECT_EQ((pending_call{client, post(server.url(), "/", "{}")}.wait().status), 200);

  EXPECT_EQ(server.requests().size(), 5u);
  EXPECT_EQ(server.connections(), 1u);
}

TEST(CallingAServer, KeepsNothingForTheNextUser) {
  scripted_server server{answering(echo)};
  http::client client;
  auto first = post(server.url(), "/", "secret");
  first.authorization = access_token{"Bearer first"};

  pending_call{client, first}.wait();
  pending_call{client, get(server.url())}.wait();

  EXPECT_EQ(server.connections(), 1u);
  auto second = server.requests().at(1);
  EXPECT_EQ(second.method, "GET");
  EXPECT_EQ(second.headers.count("authorization"), 0u);
  EXPECT_EQ(second.body, "");
}

TEST(CallingAServer, SendsNothingOfThePreviousRequest) {
  scripted_server server{answering(echo)};
  http::client client;
  auto first = post(server.url(), "/first", "body");
  first.headers = {{"X-First", "1"}};
  pending_call{client, first}.wait();

  auto second = pending_call{client, get(server.url(), "/second")}.wait();
  auto third = pending_call{client, post(server.url(), "/third", "")}.wait();

  auto received = server.requests();
  EXPECT_EQ(received.at(1).method, "GET");
  EXPECT_EQ(received.at(1).headers.count("x-first"), 0u);
  EXPECT_EQ(received.at(1).headers.count("content-length"), 0u);
  EXPECT_EQ(second.body, "");
  EXPECT_EQ(received.at(2).method, "POST");
  EXPECT_EQ(received.at(2).headers.at("content-length"), "0");
  EXPECT_EQ(third.body, "");
}

TEST(CallingAServer, RunsManyCallsAtOnceOnBoundedConnections) {
  scripted_server server{answering(echo)};
  http::client_config config;
  config.max_connections_per_host = 4;
  http::client client{config};
  std::vector<std::unique_ptr<pending_call>> calls;

  for (int i = 0; i < 200; ++i)
    calls.push_back(std::make_unique<pending_call>(
        client, post(server.url(), "/", std::to_string(i))));

  for (int i = 0; i < 200; ++i)
    EXPECT_EQ(calls[static_cast<std::size_t>(i)]->wait().body, std::to_string(i));
  EXPECT_LE(server.connections(), 4u);
}

TEST(CallingAServer, IgnoresTheProxyOfTheEnvironment) {
  scripted_server server{answering(echo)};
  scripted_server proxy{answering(echo)};
  ::setenv("http_proxy", proxy.url().c_str(), 1);
  http::client client;

  auto answer = pending_call{client, get(server.url())}.wait();

  ::unsetenv("http_proxy");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(proxy.connections(), 0u);
}

TEST(CallingAServer, FollowsNoRedirect) {
  scripted_server elsewhere{answering(echo)};
  scripted_server server{answering([&](const received_request&) {
    return http_answer(302, "", "Location: " + elsewhere.url() + "/\r\n");
  })};
  http::client client;

  auto answer = pending_call{client, get(server.url())}.wait();

  EXPECT_EQ(answer.status, 302);
  EXPECT_EQ(elsewhere.connections(), 0u);
}

TEST(CallingAServer, DecodesNoCompression) {
  const std::string squeezed = "\x1f\x8b\x08not really gzip";
  scripted_server server{answering([&](const received_request&) {
    return http_answer(200, squeezed, "Content-Encoding: gzip\r\n");
  })};
  http::client client;

  auto answer = pending_call{client, get(server.url())}.wait();

  EXPECT_EQ(answer.failure, transport_failure::none);
  EXPECT_EQ(answer.body, squeezed);
}

TEST(CallingAServer, TakesTheHeadersOfTheFinalAnswerOnly) {
  scripted_server server{[](scripted_server::connection& peer) {
    peer.read();
    peer.write("HTTP/1.1 103 Early Hints\r\nX-Hint: a\r\n\r\n"
               "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-Real: b\r\n\r\n"
               "2\r\nok\r\n0\r\nX-Trailer: c\r\n\r\n");
    peer.wait_for_peer_to_close();
  }};
  http::client client;

  auto answer = pending_call{client, get(server.url())}.wait();

  EXPECT_EQ(answer.body, "ok");
  EXPECT_EQ(answer.find_header("x-real"), "b");
  EXPECT_EQ(answer.find_header("x-hint"), std::nullopt);
  EXPECT_EQ(answer.find_header("x-trailer"), std::nullopt);
}

struct unsendable_row {
  const char* what;
  std::function<void(http::request&)> spoil;
};
class SendingWhatMustNotGoOut : public ::testing::TestWithParam<unsendable_row> {};

TEST_P(SendingWhatMustNotGoOut, FailsBeforeItConnects) {
  scripted_server server{answering(echo)};
  http::client client;
  auto request = get(server.url());
  GetParam().spoil(request);

  auto answer = pending_call{client, request}.wait();

  EXPECT_EQ(answer.failure, transport_failure::malformed);
  EXPECT_FALSE(answer.sent);
  EXPECT_EQ(server.connections(), 0u);
}

INSTANTIATE_TEST_SUITE_P(
    Table, SendingWhatMustNotGoOut,
    ::testing::Values(
        unsendable_row{"line break in a header",
                       [](http::request& x) {
                         x.headers = {{"a", "b\r\nX-Evil: 1"}};
                       }},
        unsendable_row{"line break in a header's name",
                       [](http::request& x) {
                         x.headers = {{"a\n", "b"}};
                       }},
        unsendable_row{
            "line break in the token",
            [](http::request& x) { x.authorization = access_token{"Bearer a\nb"}; }},
        unsendable_row{"line break in the target",
                       [](http::request& x) { x.target = "/a\r\nX: y"; }},
        unsendable_row{"blank in the target",
                       [](http::request& x) { x.target = "/a HTTP/1.1"; }},
        unsendable_row{"another scheme",
                       [](http::request& x) { x.base_url = "file:///etc/passwd"; }},
        unsendable_row{"no path", [](http::request& x) { x.target = "x"; }}),
    [](const auto& row) {
      std::string name = row.param.what;
      std::erase_if(name, [](char c) { return std::isalnum(c) == 0; });
      return name;
    });

} // namespace

} // namespace lakegate::test
