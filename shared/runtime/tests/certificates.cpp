#include "shared/runtime/tests/certificates.hpp"

#include <cstdlib>
#include <stdexcept>

namespace lakegate::runtime::test {

namespace {

void Run(const std::string& command) {
  if (std::system((command + " >/dev/null 2>&1").c_str()) != 0)
    throw std::runtime_error{"failed: " + command};
}

} // namespace

Certificates::Certificates() {
  const std::string key = " -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes ";
  Run("openssl req -x509 -days 2 -subj /CN=test-ca" + key + "-keyout " + Path("ca.key")
      + " -out " + Path("ca.pem"));
  Run("openssl req -subj /CN=node" + key + "-keyout " + Path("node.key") + " -out "
      + Path("node.csr"));
  Run("openssl x509 -req -days 2 -CAcreateserial -in " + Path("node.csr") + " -CA "
      + Path("ca.pem") + " -CAkey " + Path("ca.key") + " -out " + Path("node.pem"));
}

node_config Certificates::Config() const {
  node_config result;
  result.tls_certificate = Path("node.pem");
  result.tls_key = Path("node.key");
  result.tls_ca = Path("ca.pem");
  return result;
}

} // namespace lakegate::runtime::test
