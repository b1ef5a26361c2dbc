#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace lakegate::gateway {

/// The first `bytes` of the text's SHA-256, at most 32, as hexadecimal digits. Throws
/// std::runtime_error if OpenSSL gives none.
std::string sha256_hex(std::string_view text, std::size_t bytes);

} // namespace lakegate::gateway
