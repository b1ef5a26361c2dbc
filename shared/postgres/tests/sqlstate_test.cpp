#include <lakegate/postgres/connection.hpp>

#include <gtest/gtest.h>

namespace lakegate::postgres {

namespace {

errc on_read(std::string sqlstate) {
  return errc_of({std::move(sqlstate), "", "", ""}, false);
}

errc on_write(std::string sqlstate) {
  return errc_of({std::move(sqlstate), "", "", ""}, true);
}

} // namespace

TEST(TranslatingASqlstate, CallsADatabaseThatIsAwayUnavailable) {
  for (const auto* x : {"", "08006", "57P01", "57P03", "57014", "53300", "55P03", "28P01",
                        "40001", "40P01", "25006", "42P01", "3F000", "58030"}) {
    EXPECT_EQ(on_read(x), errc::database_unavailable) << x;
    EXPECT_EQ(on_write(x), errc::database_unavailable) << x;
  }
}

TEST(TranslatingASqlstate, BlamesTheStoredValueOnReading) {
  for (const auto* x : {"XX001", "XX000", "54000", "22P02", "22003"})
    EXPECT_EQ(on_read(x), errc::data_corrupted) << x;
}

TEST(TranslatingASqlstate, BlamesTheSentValueOnWriting) {
  for (const auto* x : {"22P02", "22P05", "22003", "23514", "54000"})
    EXPECT_EQ(on_write(x), errc::invalid_request) << x;
}

TEST(TranslatingASqlstate, TakesTheRestForOurDefects) {
  for (const auto* x : {"42601", "42703", "23505", "23503", "99999"})
    EXPECT_EQ(on_write(x), errc::internal_error) << x;
}

} // namespace lakegate::postgres
