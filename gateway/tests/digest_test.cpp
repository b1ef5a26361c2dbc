#include "gateway/src/digest.hpp"
#include "gateway/src/token_key.hpp"

#include <gtest/gtest.h>

namespace lakegate::gateway {
namespace {

/// FIPS 180-2, B.1.
constexpr auto digest_of_abc =
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

TEST(Digesting, GivesTheFirstBytesOfTheSha256InHexadecimal) {
  EXPECT_EQ(sha256_hex("abc", 32), digest_of_abc);
  EXPECT_EQ(sha256_hex("abc", 3), "ba7816");
  EXPECT_EQ(sha256_hex("", 4), "e3b0c442");
}

TEST(Digesting, HasNoMoreThanAllOfIt) {
  EXPECT_EQ(sha256_hex("abc", 33), digest_of_abc);
}

TEST(NamingAUserInALog, TakesTheFirst16DigitsOfTheSha256) {
  EXPECT_EQ(short_hash("abc"), "ba7816bf8f01cfea");
}

} // namespace
} // namespace lakegate::gateway
