#pragma once

namespace lakegate::runtime {

/// To be called before TLS is used. Does nothing but bring `SSL_read` and `SSL_write` of
/// tls_errors.cpp into the executable, where they take the place of OpenSSL's.
void keep_tls_errors_apart() noexcept;

} // namespace lakegate::runtime
