#include "shared/http/tests/tls_server.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include <cstdio>
#include <stdexcept>

namespace lakegate::test {

namespace {

void add_extension(X509* certificate, int kind, const std::string& value) {
  auto* extension = X509V3_EXT_conf_nid(nullptr, nullptr, kind, value.c_str());
  if (!extension)
    throw std::runtime_error{"no extension " + value};
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

} // namespace

tls_server::tls_server(const std::string& address, script what)
    : context_{SSL_CTX_new(TLS_server_method())}, script_{std::move(what)} {
  if (!script_)
    script_ = [this](SSL* tls) { answer_all(tls); };
  signal(SIGPIPE, SIG_IGN); // This server's own writes to clients that hung up.
  make_certificate(address);
  server_ = std::make_unique<scripted_server>(
      [this](scripted_server::connection& peer) { serve(peer); });
}

tls_server::~tls_server() {
  server_.reset();
  SSL_CTX_free(context_);
  std::remove(file_.c_str());
}

std::string tls_server::url() const {
  return "https://127.0.0.1:" + std::to_string(server_->port());
}

void tls_server::make_certificate(const std::string& address) {
  auto* key = EVP_EC_gen("P-256");
  auto* certificate = X509_new();
  X509_set_version(certificate, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate), -3600);
  X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
  auto* name = X509_get_subject_name(certificate);
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>("test"), -1, -1, 0);
  X509_set_issuer_name(certificate, name);
  X509_set_pubkey(certificate, key);
  add_extension(certificate, NID_subject_alt_name, "IP:" + address);
  add_extension(certificate, NID_basic_constraints, "critical,CA:TRUE");
  if (X509_sign(certificate, key, EVP_sha256()) == 0
      || SSL_CTX_use_certificate(context_, certificate) != 1
      || SSL_CTX_use_PrivateKey(context_, key) != 1)
    throw std::runtime_error{"no certificate for the TLS server"};
  char path[] = "/tmp/lakegate-certificate-XXXXXX";
  auto* file = fdopen(mkstemp(path), "w");
  PEM_write_X509(file, certificate);
  std::fclose(file);
  file_ = path;
  X509_free(certificate);
  EVP_PKEY_free(key);
}

void tls_server::serve(scripted_server::connection& peer) {
  auto* tls = SSL_new(context_);
  SSL_set_fd(tls, peer.socket());
  if (SSL_accept(tls) == 1)
    script_(tls);
  SSL_free(tls);
}

void tls_server::answer_all(SSL* tls) {
  char request[4096];
  while (SSL_read(tls, request, sizeof request) > 0) {
    ++requests_;
    auto answer = http_answer(200, "{}");
    SSL_write(tls, answer.data(), static_cast<int>(answer.size()));
  }
}

} // namespace lakegate::test
