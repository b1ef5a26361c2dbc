#include <lakegate/core/text.hpp>

#include <gtest/gtest.h>

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

} // namespace
} // namespace lakegate
