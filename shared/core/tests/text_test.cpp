#include <lakegate/core/text.hpp>

#include <gtest/gtest.h>

#include <string>

namespace lakegate {
namespace {

TEST(TrimmingText, TakesTheBlanksOfBothEnds) {
  EXPECT_EQ(trimmed(" \t\r\na b\n"), "a b");
  EXPECT_EQ(trimmed("a"), "a");
}

TEST(TrimmingText, LeavesNothingOfBlanks) {
  EXPECT_EQ(trimmed(""), "");
  EXPECT_EQ(trimmed(" \n"), "");
}

TEST(TrimmingText, TakesOnlyTheBlanksThatAreNamed) {
  EXPECT_EQ(trimmed(" \r\na\t", " \t"), "\r\na");
}

// Of up to two blocks of sixteen and a rest.
TEST(LookingAtEveryByte, FindsTheOneThatIsWrongWhereverItIs) {
  const auto is_plain = [](unsigned char c) { return (c >= 0x20) & (c != 0x7f); };
  for (std::size_t size = 0; size <= 40; ++size) {
    std::string text(size, '\xff');
    EXPECT_TRUE(every_byte(text, is_plain)) << size;
    for (std::size_t at = 0; at < size; ++at) {
      text[at] = '\x7f';
      EXPECT_FALSE(every_byte(text, is_plain)) << size << ", " << at;
      text[at] = '\xff';
    }
  }
}

TEST(LookingForAControlCharacter, FindsThoseOfAsciiAndNoOther) {
  for (int c = 0; c < 256; ++c)
    EXPECT_EQ(has_control_character(std::string{"a"} + static_cast<char>(c) + "b"),
              c < 32 || c == 127)
        << c;
}

TEST(LookingForWhatIsVisible, TakesAsciiWithoutBlanks) {
  EXPECT_TRUE(is_visible(""));
  for (int c = 0; c < 256; ++c)
    EXPECT_EQ(is_visible(std::string{"a"} + static_cast<char>(c) + "b"),
              c > 32 && c < 127)
        << c;
}

} // namespace
} // namespace lakegate
