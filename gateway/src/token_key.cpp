#include "gateway/src/token_key.hpp"

#include "gateway/src/digest.hpp"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/rand.h>

#include <stdexcept>
#include <string>

namespace lakegate::gateway {

struct token_hasher::impl {
  EVP_MAC* mac = nullptr;
  EVP_MAC_CTX* context = nullptr;

  ~impl() {
    EVP_MAC_CTX_free(context);
    EVP_MAC_free(mac);
  }
};

token_hasher::token_hasher() : impl_{std::make_unique<impl>()} {
  std::array<unsigned char, 32> secret{};
  char digest[] = "SHA256";
  const OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
      OSSL_PARAM_construct_end()};
  impl_->mac = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
  impl_->context = impl_->mac == nullptr ? nullptr : EVP_MAC_CTX_new(impl_->mac);
  auto ready =
      impl_->context != nullptr && RAND_bytes(secret.data(), secret.size()) == 1
      && EVP_MAC_init(impl_->context, secret.data(), secret.size(), parameters) == 1;
  if (!ready)
    throw std::runtime_error{"OpenSSL gives no HMAC-SHA-256"};
}

token_hasher::~token_hasher() = default;

token_key token_hasher::operator()(std::string_view token) {
  token_key result{};
  std::size_t size = 0;
  auto bytes = reinterpret_cast<const unsigned char*>(token.data());
  // Without a key, init starts afresh under the one that was set (EVP_MAC(3)).
  auto made = EVP_MAC_init(impl_->context, nullptr, 0, nullptr) == 1
              && EVP_MAC_update(impl_->context, bytes, token.size()) == 1
              && EVP_MAC_final(impl_->context, result.data(), &size, result.size()) == 1;
  if (!made || size != result.size())
    throw std::runtime_error{"HMAC-SHA-256 failed"};
  return result;
}

std::string short_hash(std::string_view text) {
  return sha256_hex(text, 8);
}

} // namespace lakegate::gateway
