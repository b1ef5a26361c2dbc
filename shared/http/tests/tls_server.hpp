#pragma once

#include "shared/http/tests/scripted_server.hpp"

#include <openssl/ssl.h>

#include <atomic>
#include <functional>
#include <memory>
#include <string>

namespace lakegate::test {

/// A TLS server on a free loopback port with a certificate that it signed itself, for one
/// IP address.
class tls_server {
public:
  /// What to do with a connection after the handshake; it is closed as it is after that.
  using script = std::function<void(SSL*)>;

  /// `address` is what the certificate is for, e.g. `127.0.0.1`. Without a script each
  /// request is answered with 200 and `{}`.
  explicit tls_server(const std::string& address, script what = {});
  ~tls_server();
  tls_server(const tls_server&) = delete;

  std::string url() const; ///< `https://127.0.0.1:port`
  /// PEM file with the certificate; removed by the destructor.
  const std::string& certificate_file() const { return file_; }
  std::size_t requests() const { return requests_; }
  std::size_t connections() const { return server_->connections(); }

private:
  void make_certificate(const std::string& address);
  void serve(scripted_server::connection& peer);
  void answer_all(SSL* tls);

  SSL_CTX* context_;
  script script_;
  std::string file_;
  std::atomic<std::size_t> requests_{0};
  std::unique_ptr<scripted_server> server_;
};

} // namespace lakegate::test
