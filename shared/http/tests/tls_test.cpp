#include "shared/http/tests/call.hpp"
#include "shared/http/tests/tls_server.hpp"

#include <gtest/gtest.h>

#include <signal.h>

namespace lakegate::test {

namespace {

using http::transport_failure;

http::client_config trusting(const std::string& ca_file) {
  http::client_config config;
  config.ca_file = ca_file;
  return config;
}

TEST(CallingOverTls, WorksWithACertificateThatIsTrusted) {
  tls_server server{"127.0.0.1"};
  http::client client{trusting(server.certificate_file())};

  auto answer = pending_call{client, get(server.url())}.wait();

  EXPECT_EQ(answer.failure, transport_failure::none);
  EXPECT_EQ(answer.status, 200);
}

TEST(CallingOverTls, SendsNothingToAnUnknownServer) {
  tls_server server{"127.0.0.1"};
  http::client client;
  auto request = get(server.url());
  request.authorization = access_token{"Bearer canary"};

  auto answer = pending_call{client, request}.wait();

  EXPECT_EQ(answer.failure, transport_failure::tls);
  EXPECT_FALSE(answer.sent);
  EXPECT_EQ(server.requests(), 0u);
}

TEST(CallingOverTls, SendsNothingToAnotherServersCertificate) {
  tls_server server{"10.1.2.3"};
  http::client client{trusting(server.certificate_file())};

  auto answer = pending_call{client, get(server.url())}.wait();

  EXPECT_EQ(answer.failure, transport_failure::tls);
  EXPECT_FALSE(answer.sent);
  EXPECT_EQ(server.requests(), 0u);
}

TEST(CallingOverTls, FindsNoConnectionWhereTheServerSpeaksPlainHttp) {
  scripted_server server{[](scripted_server::connection& peer) {
    peer.read_byte();
    peer.write(http_answer(400, ""));
  }};
  http::client client;
  auto url = "https" + server.url().substr(4);

  auto answer = pending_call{client, get(url)}.wait();

  EXPECT_EQ(answer.failure, transport_failure::connect);
  EXPECT_FALSE(answer.sent);
}

TEST(CallingOverTls, IsNotKilledByABrokenPipe) {
  http::client client;
  std::promise<bool> is_blocked;

  client.send({}, [&](http::response) {
    sigset_t signals;
    pthread_sigmask(SIG_BLOCK, nullptr, &signals);
    is_blocked.set_value(sigismember(&signals, SIGPIPE) == 1);
  });

  EXPECT_TRUE(is_blocked.get_future().get());
}

} // namespace

} // namespace lakegate::test
