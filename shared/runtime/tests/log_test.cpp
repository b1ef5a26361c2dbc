#include <lakegate/runtime/log.hpp>

#include "shared/runtime/src/log_limiter.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <functional>
#include <limits>
#include <map>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

namespace lakegate {

namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using testing::ElementsAre;
using testing::MatchesRegex;

} // namespace

/// Sends the log to a file of its own, and reads it back.
class LoggingAnEvent : public testing::Test {
protected:
  LoggingAnEvent() {
    path_ = std::filesystem::temp_directory_path()
            / ("lakegate-log-" + std::to_string(::getpid()) + "-"
               + testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::remove(path_);
    log::open_file(path_.string());
    log::set_level(log::level::info);
  }
  ~LoggingAnEvent() override {
    log::flush();
    log::set_level(log::level::info);
    std::filesystem::remove(path_);
  }

  std::vector<json> lines() {
    log::flush();
    return written();
  }

  /// The whole lines of the file.
  std::vector<json> written() const {
    std::vector<json> result;
    std::ifstream in{path_};
    for (std::string line; std::getline(in, line) && !in.eof();)
      result.push_back(json::parse(line));
    return result;
  }

  std::filesystem::path path_;
};

TEST_F(LoggingAnEvent, WritesOneJsonLine) {
  log::set_process("test");

  log::info("query_finished", {{"rows", 12},
                               {"seconds", 0.5},
                               {"cached", true},
                               {"catalog", "main"},
                               {"id", std::numeric_limits<std::uint64_t>::max()},
                               {"delta", std::int64_t{-3}}});

  auto all = lines();
  ASSERT_EQ(all.size(), 1u);
  EXPECT_THAT(all[0]["time"].get<std::string>(),
              MatchesRegex("20[0-9][0-9]-[0-9]+-[0-9]+T[0-9]+:[0-9]+:[0-9]+\\.[0-9]+Z"));
  EXPECT_EQ(all[0]["time"].get<std::string>().size(), 24u);
  all[0].erase("time");
  EXPECT_EQ(all[0],
            json::parse(R"({"level":"info","process":"test","event":"query_finished",
    "rows":12,"seconds":0.5,"cached":true,"catalog":"main","id":18446744073709551615,
    "delta":-3})"));
}

TEST_F(LoggingAnEvent, LetsNoTextBreakOutOfItsLine) {
  log::info("odd",
            {{"text", "a\"}\n{\"level\":\"error\"\x01\xFF"}, {"nan", std::nan("")}});

  auto all = lines();
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0]["text"], "a\"}\n{\"level\":\"error\"\x01\xEF\xBF\xBD");
  EXPECT_EQ(all[0]["nan"], "NaN");
}

TEST_F(LoggingAnEvent, CutsHugeText) {
  log::info("huge", {{"text", std::string(1'000'000, 'x')}});

  EXPECT_EQ(lines().at(0)["text"].get<std::string>().size(), 8u * 1024);
}

TEST_F(LoggingAnEvent, HonoursTheLevel) {
  log::debug("unseen");
  log::set_level(log::level::debug);
  log::debug("seen");
  log::set_level(log::level::error);
  log::warn("unseen");
  log::error("seen_too");
  log::set_level(log::level::off);
  log::error("unseen");

  auto all = lines();
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0]["event"], "seen");
  EXPECT_EQ(all[1]["event"], "seen_too");
  EXPECT_FALSE(log::enabled(log::level::error));
}

TEST_F(LoggingAnEvent, KeepsLinesOfManyThreadsWhole) {
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([t] {
      for (int i = 0; i < 500; ++i)
        log::info("counted", {{"thread", t}, {"i", i}});
    });
  for (auto& t : threads)
    t.join();

  std::set<std::pair<int, int>> seen;
  for (const auto& line : lines())
    seen.emplace(line["thread"], line["i"]);
  EXPECT_EQ(seen.size(), 2000u);
}

TEST_F(LoggingAnEvent, AppearsWithoutAFlush) {
  log::info("by_the_timer");

  auto deadline = std::chrono::steady_clock::now() + 10s;
  while (std::filesystem::file_size(path_) == 0
         && std::chrono::steady_clock::now() < deadline)
    std::this_thread::yield();

  EXPECT_GT(std::filesystem::file_size(path_), 0u);
}

TEST_F(LoggingAnEvent, HoldsBackAStormOfOneWarningAndSaysSo) {
  for (int i = 0; i < 1000; ++i)
    log::warn("storm", {{"i", i}});
  log::warn("another");

  std::map<std::string, std::uint64_t> seen;
  auto deadline = std::chrono::steady_clock::now() + 20s;
  while (seen["log_lines_held_back"] + seen["storm"] < 1000
         && std::chrono::steady_clock::now() < deadline) {
    seen.clear();
    for (const auto& line : written())
      seen[line["event"]] += line.value("count", std::uint64_t{1});
  }
  EXPECT_GE(seen["storm"], 10u);
  EXPECT_LT(seen["storm"], 100u);
  EXPECT_EQ(seen["log_lines_held_back"] + seen["storm"], 1000u);
  EXPECT_EQ(seen["another"], 1u);
}

TEST_F(LoggingAnEvent, TellsWithAFlushWhatItHeldBack) {
  for (int i = 0; i < 15; ++i)
    log::warn("storm");

  std::uint64_t told = 0;
  for (const auto& line : lines())
    told += line.value("count", std::uint64_t{1});
  EXPECT_EQ(told, 15u);
}

/// The log of a reader that does not read.
class LoggingToAStuckPipe : public testing::Test {
protected:
  LoggingToAStuckPipe() {
    path_ = std::filesystem::temp_directory_path()
            / ("lakegate-pipe-" + std::to_string(::getpid()));
    ::mkfifo(path_.c_str(), 0600);
    reader_ = ::open(path_.c_str(), O_RDONLY | O_NONBLOCK);
    log::open_file(path_.string());
  }
  ~LoggingToAStuckPipe() override {
    log::open_file("/dev/null");
    ::close(reader_);
    std::filesystem::remove(path_);
  }

  /// Reads lines until `is_done` returns true for one.
  void read_until(const std::function<bool(const std::string& line)>& is_done) {
    std::string text;
    std::vector<char> chunk(64 * 1024);
    auto deadline = std::chrono::steady_clock::now() + 30s;
    while (std::chrono::steady_clock::now() < deadline) {
      pollfd ready{reader_, POLLIN, 0};
      ::poll(&ready, 1, 100);
      auto size = ::read(reader_, chunk.data(), chunk.size());
      if (size > 0)
        text.append(chunk.data(), static_cast<std::size_t>(size));
      for (auto end = text.find('\n'); end != std::string::npos; end = text.find('\n')) {
        if (is_done(text.substr(0, end)))
          return;
        text.erase(0, end + 1);
      }
    }
  }

  std::filesystem::path path_;
  int reader_ = -1;
};

TEST_F(LoggingToAStuckPipe, NeverBlocksAndCountsWhatIsDropped) {
  const std::string text(8 * 1024, 'x');
  constexpr std::uint64_t sent = 1200;

  for (std::uint64_t i = 0; i < sent; ++i)
    log::info("flood", {{"text", text}});

  std::uint64_t written = 0;
  std::uint64_t dropped = 0;
  read_until([&](const std::string& line) {
    if (line.find("log_lines_dropped") != std::string::npos)
      dropped += json::parse(line)["count"].get<std::uint64_t>();
    else
      ++written;
    return written + dropped >= sent;
  });

  EXPECT_GT(dropped, 0u);
  EXPECT_EQ(written + dropped, sent);
}

TEST_F(LoggingToAStuckPipe, DoesNotKeepTheProcessFromEnding) {
  const std::string text(8 * 1024, 'x');
  for (int i = 0; i < 50; ++i)
    log::info("flood", {{"text", text}});
  auto start = std::chrono::steady_clock::now();

  log::flush();

  EXPECT_LT(std::chrono::steady_clock::now() - start, 10s);
  log::info("marker");
  read_until([](const auto& line) { return line.find("marker") != std::string::npos; });
}

TEST(OpeningALogFile, FailsWhereThereIsNoDirectory) {
  EXPECT_FALSE(log::open_file("/nonexistent/directory/log"));
}

TEST(NamingALevel, ReadsBack) {
  using enum log::level;
  for (auto x : {debug, info, warn, error, off})
    EXPECT_EQ(log::parse_level(log::to_string(x)), x);
  EXPECT_EQ(log::parse_level("INFO"), std::nullopt);
}

TEST(LimitingWarnings, AdmitsTenASecondOfEachName) {
  log::limiter limiter;
  auto now = log::limiter::time_point{} + 1h;
  int admitted = 0;

  for (int i = 0; i < 25; ++i)
    admitted += limiter.admit("a", now + i * 1ms);

  EXPECT_EQ(admitted, 10);
  EXPECT_TRUE(limiter.admit("b", now));
  EXPECT_TRUE(limiter.admit("a", now + 1s));
}

TEST(LimitingWarnings, ReportsWhatItHeldBackOnce) {
  log::limiter limiter;
  auto now = log::limiter::time_point{} + 1h;
  for (int i = 0; i < 25; ++i)
    limiter.admit("a", now);
  std::vector<std::uint64_t> counts;
  auto note = [&](std::string_view, std::uint64_t count) { counts.push_back(count); };

  limiter.report(now + 500ms, note);
  EXPECT_TRUE(counts.empty());
  EXPECT_TRUE(limiter.owes_report());

  limiter.report(now + 1s, note);
  limiter.report(now + 2s, note);
  EXPECT_THAT(counts, ElementsAre(15u));
  EXPECT_FALSE(limiter.owes_report());
}

TEST(LimitingWarnings, StaysBoundedWhateverTheNames) {
  log::limiter limiter;
  auto now = log::limiter::time_point{} + 1h;
  int admitted = 0;

  for (int i = 0; i < 10'000; ++i)
    admitted += limiter.admit("name" + std::to_string(i), now);

  EXPECT_EQ(admitted, 510);
}

} // namespace lakegate
