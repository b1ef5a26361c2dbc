#include "shared/runtime/src/tls_check.hpp"

#include <openssl/ssl.h>

#include <memory>

namespace lakegate::runtime {

std::string fault_of_tls_files(const node_config& config) {
  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context{SSL_CTX_new(TLS_method()),
                                                            SSL_CTX_free};
  if (!context)
    return "TLS can't be set up.";
  if (SSL_CTX_use_certificate_chain_file(context.get(), config.tls_certificate.c_str())
      != 1)
    return "node.tls-certificate: " + config.tls_certificate
           + " can't be read as a PEM certificate.";
  if (SSL_CTX_use_PrivateKey_file(context.get(), config.tls_key.c_str(), SSL_FILETYPE_PEM)
      != 1)
    return "node.tls-key: " + config.tls_key
           + " can't be read as the PEM key of the certificate.";
  if (SSL_CTX_load_verify_locations(context.get(), config.tls_ca.c_str(), nullptr) != 1)
    return "node.tls-ca: " + config.tls_ca + " can't be read as PEM certificates.";
  return {};
}

} // namespace lakegate::runtime
