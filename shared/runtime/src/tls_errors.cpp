#include "shared/runtime/src/tls_errors.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <dlfcn.h>

// OpenSSL keeps errors in a queue of the thread, and it must be empty before a connection
// is read or written: SSL_get_error(3) looks there, too. CAF 0.17.6 never empties it. So
// the error of a peer that ended ("unexpected eof") was taken for one of the next
// connection that merely had nothing to read, and that one was closed as well: each lost
// replica cost the link to a healthy one. The functions below are found before OpenSSL's
// by all that this process has loaded.
namespace lakegate::runtime {

namespace {

template <class Function>
Function next_of(const char* name) noexcept {
  return reinterpret_cast<Function>(::dlsym(RTLD_NEXT, name));
}

} // namespace

void keep_tls_errors_apart() noexcept {}

} // namespace lakegate::runtime

extern "C" int SSL_read(SSL* ssl, void* buffer, int size) {
  static const auto next = lakegate::runtime::next_of<decltype(&SSL_read)>("SSL_read");
  ERR_clear_error();
  return next(ssl, buffer, size);
}

extern "C" int SSL_write(SSL* ssl, const void* buffer, int size) {
  static const auto next = lakegate::runtime::next_of<decltype(&SSL_write)>("SSL_write");
  ERR_clear_error();
  return next(ssl, buffer, size);
}
