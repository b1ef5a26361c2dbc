#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>

namespace lakegate::gateway {

/// Stands for a token where one is remembered: HMAC-SHA-256 of it under a random key that
/// never leaves this process, so that nothing kept can be turned back into a token.
using token_key = std::array<unsigned char, 32>;

struct token_key_hash {
  std::size_t operator()(const token_key& key) const noexcept {
    std::size_t result = 0;
    std::memcpy(&result, key.data(), sizeof(result));
    return result;
  }
};

/// Makes the keys; about a microsecond each, since its context is reused. One thread.
class token_hasher {
public:
  /// Throws std::runtime_error if OpenSSL gives no HMAC or no random bytes.
  token_hasher();
  ~token_hasher();
  token_hasher(const token_hasher&) = delete;
  token_hasher& operator=(const token_hasher&) = delete;

  token_key operator()(std::string_view token);

private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

/// The first 16 hexadecimal digits of SHA-256: how logs name a user.
std::string short_hash(std::string_view text);

} // namespace lakegate::gateway
