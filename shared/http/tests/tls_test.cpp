#include "shared/http/tests/call.hpp"
#include "shared/http/tests/tls_server.hpp"

#include <gtest/gtest.h>

#include <signal.h>
#include <stdlib.h>

namespace lakegate::test {

namespace {

using http::transport_failure;
using namespace std::chrono_literals;

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

TEST(CallingOverTls, TrustsTheSystemsCertificatesUnlessToldOtherwise) {
  tls_server server{"127.0.0.1"};
  // Where OpenSSL looks for the system's (SSL_CTX_set_default_verify_paths(3)).
  ::setenv("SSL_CERT_FILE", server.certificate_file().c_str(), 1);
  http::client client;
  http::client strict{trusting("/dev/null")};
  ::unsetenv("SSL_CERT_FILE");

  auto answer = pending_call{client, get(server.url())}.wait();
  auto refusal = pending_call{strict, get(server.url())}.wait();

  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(refusal.failure, transport_failure::tls);
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

TEST(CallingOverTls, GivesUpAHandshakeThatTakesTooLong) {
  scripted_server server{staying_silent()};
  http::client_config config;
  config.connect_timeout = 100ms;
  http::client client{config};

  auto answer = pending_call{client, get("https" + server.url().substr(4))}.wait();

  EXPECT_EQ(answer.failure, transport_failure::connect);
  EXPECT_FALSE(answer.sent);
  EXPECT_TRUE(server.wait_for_closed_connections(1));
}

TEST(CallingOverTls, ReusesAConnection) {
  tls_server server{"127.0.0.1"};
  http::client client{trusting(server.certificate_file())};

  for (int i = 0; i < 5; ++i)
    EXPECT_EQ((pending_call{client, post(server.url(), "/", "{}")}.wait().body), "{}");

  EXPECT_EQ(server.requests(), 5u);
  EXPECT_EQ(server.connections(), 1u);
}

/// Answers one request with a body whose end only the end of the connection tells.
tls_server::script answering_without_a_length(bool says_goodbye) {
  return [says_goodbye](SSL* tls) {
    constexpr std::string_view answer = "HTTP/1.1 200 OK\r\n\r\nall of it";
    char request[4096];
    SSL_read(tls, request, sizeof request);
    SSL_write(tls, answer.data(), static_cast<int>(answer.size()));
    if (says_goodbye)
      SSL_shutdown(tls);
  };
}

TEST(CallingOverTls, TakesABodyThatTheServerEndsInOrder) {
  tls_server server{"127.0.0.1", answering_without_a_length(true)};
  http::client client{trusting(server.certificate_file())};

  auto answer = pending_call{client, get(server.url())}.wait();

  EXPECT_EQ(answer.failure, transport_failure::none);
  EXPECT_EQ(answer.body, "all of it");
}

TEST(CallingOverTls, TakesNoBodyThatSomebodyMayHaveCut) {
  tls_server server{"127.0.0.1", answering_without_a_length(false)};
  http::client client{trusting(server.certificate_file())};

  auto answer = pending_call{client, get(server.url())}.wait();

  EXPECT_EQ(answer.failure, transport_failure::malformed);
}

TEST(CallingOverTls, IsNotKilledByABrokenPipe) {
  tls_server server{"127.0.0.1", [](SSL*) {}};
  signal(SIGPIPE, SIG_DFL);
  http::client client{trusting(server.certificate_file())};

  auto answer =
      pending_call{client, post(server.url(), "/", std::string(8'000'000, 'x'))}.wait();

  EXPECT_EQ(answer.failure, transport_failure::lost);
}

TEST(CallingOverTls, TrustsNobodyWithoutCertificates) {
  tls_server server{"127.0.0.1"};
  http::client client{trusting("/nowhere/certificates.pem")};

  auto answer = pending_call{client, get(server.url())}.wait();

  EXPECT_EQ(answer.failure, transport_failure::tls);
  EXPECT_EQ(server.requests(), 0u);
}

} // namespace

} // namespace lakegate::test
