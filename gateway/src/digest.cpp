#include "gateway/src/digest.hpp"

#include <openssl/evp.h>
#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace lakegate::gateway {

std::string sha256_hex(std::string_view text, std::size_t bytes) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  if (EVP_Digest(text.data(), text.size(), digest.data(), nullptr, EVP_sha256(), nullptr)
      != 1)
    throw std::runtime_error{"OpenSSL gives no SHA-256"};
  constexpr std::string_view digits = "0123456789abcdef";
  std::string result;
  for (std::size_t i = 0; i < std::min(bytes, digest.size()); ++i)
    result.append({digits[digest[i] >> 4], digits[digest[i] & 15]});
  return result;
}

} // namespace lakegate::gateway
