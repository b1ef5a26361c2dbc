#include <lakegate/runtime/admin_server.hpp>

#include <lakegate/runtime/log.hpp>
#include <lakegate/runtime/metrics.hpp>

#include "shared/runtime/tests/plain_http.hpp"

#include <gmock/gmock.h>

#include <atomic>
#include <stdexcept>
#include <string>

namespace lakegate::runtime {

namespace {

using test::ask;
using testing::HasSubstr;

} // namespace

class AskingTheAdminPort : public testing::Test {
protected:
  std::shared_ptr<prometheus::Registry> registry_ =
      std::make_shared<prometheus::Registry>();
  std::atomic<bool> ready_{true};
  admin_server server_{"127.0.0.1", 0, registry_, [this] {
                         auto now = ready_.load();
                         return admin_server::readiness{now,
                                                        now ? R"({"status":"ready"})"
                                                            : R"({"status":"starting"})"};
                       }};
};

TEST_F(AskingTheAdminPort, ShowsTheMetricsOfTheRegistry) {
  counter_of(*registry_, "lakegate_test_total", "Tests.", {{"outcome", "ok"}})
      .Increment(3);

  auto answer = ask(server_.port(), "GET", "/metrics");

  EXPECT_EQ(answer.status, 200);
  EXPECT_THAT(answer.head,
              HasSubstr("Content-Type: text/plain; version=0.0.4; charset=utf-8"));
  EXPECT_THAT(answer.body, HasSubstr("# HELP lakegate_test_total Tests.\n"
                                     "# TYPE lakegate_test_total counter\n"
                                     "lakegate_test_total{outcome=\"ok\"} 3\n"));
}

TEST_F(AskingTheAdminPort, ShowsTheMetricsOfTheProcess) {
  auto body = ask(server_.port(), "GET", "/metrics").body;

  for (std::string name :
       {"process_resident_memory_bytes", "process_virtual_memory_bytes",
        "process_cpu_seconds_total", "process_open_fds", "process_max_fds",
        "process_threads", "process_start_time_seconds", "process_memory_limit_bytes"})
    EXPECT_THAT(body, testing::ContainsRegex("\n" + name + " [0-9]")) << name;
}

TEST_F(AskingTheAdminPort, IsLiveWhileTheProcessIs) {
  ready_ = false;

  auto answer = ask(server_.port(), "GET", "/health/live");

  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, R"({"status":"live"})");
}

TEST_F(AskingTheAdminPort, IsReadyWhenThePartsAre) {
  auto before = ask(server_.port(), "GET", "/health/ready");
  ready_ = false;
  auto after = ask(server_.port(), "GET", "/health/ready");

  EXPECT_EQ(before.status, 200);
  EXPECT_EQ(before.body, R"({"status":"ready"})");
  EXPECT_EQ(after.status, 503);
  EXPECT_EQ(after.body, R"({"status":"starting"})");
}

TEST_F(AskingTheAdminPort, ChangesTheLogLevel) {
  EXPECT_EQ(ask(server_.port(), "GET", "/log-level").body, R"({"level":"info"})");

  auto answer = ask(server_.port(), "PUT", "/log-level", "error\n");

  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, R"({"level":"error"})");
  EXPECT_EQ(log::get_level(), log::level::error);
  log::set_level(log::level::info);
}

TEST_F(AskingTheAdminPort, RefusesALevelThatDoesNotExist) {
  for (std::string bad : {"", "loud", "infoo", "debugdebugdebugdebugdebugdebugdebug"}) {
    auto answer = ask(server_.port(), "PUT", "/log-level", bad);

    EXPECT_EQ(answer.status, 400) << bad;
    EXPECT_THAT(answer.body, HasSubstr("debug, info, warn, error or off"));
  }
  EXPECT_EQ(log::get_level(), log::level::info);
}

TEST_F(AskingTheAdminPort, RefusesOtherPathsAndMethods) {
  EXPECT_EQ(ask(server_.port(), "GET", "/").status, 404);
  EXPECT_EQ(ask(server_.port(), "GET", "/metrics/more").status, 404);
  EXPECT_EQ(ask(server_.port(), "GET", "/etc/passwd").status, 404);
  EXPECT_EQ(ask(server_.port(), "GET", "/../../etc/passwd").status, 404);
  EXPECT_EQ(ask(server_.port(), "POST", "/metrics").status, 405);
  EXPECT_EQ(ask(server_.port(), "DELETE", "/log-level").status, 405);
  EXPECT_EQ(ask(server_.port(), "PUT", "/health/ready", "x").status, 405);
}

TEST_F(AskingTheAdminPort, AnswersHeadWithoutABody) {
  auto answer = ask(server_.port(), "HEAD", "/health/live");

  EXPECT_EQ(answer.status, 200);
  EXPECT_THAT(answer.head, HasSubstr("Content-Length: 17\r\n"));
  EXPECT_EQ(answer.body, "");
}

TEST(OpeningTheAdminPort, SaysInASentenceThatThePortIsTaken) {
  auto registry = std::make_shared<prometheus::Registry>();
  auto ready = [] { return admin_server::readiness{}; };
  admin_server first{"127.0.0.1", 0, registry, ready};
  auto port = first.port();

  try {
    admin_server second{"127.0.0.1", port, registry, ready};
    FAIL() << "two servers on port " << port;
  } catch (const std::runtime_error& e) {
    EXPECT_EQ(std::string{e.what()}, "The admin address 127.0.0.1:" + std::to_string(port)
                                         + " can't be used: Address already in use.");
  }
}

TEST(OpeningTheAdminPort, SaysInASentenceThatTheAddressIsWrong) {
  auto registry = std::make_shared<prometheus::Registry>();

  EXPECT_THROW(admin_server("no.such.host.invalid", 0, registry, {}), std::runtime_error);
  EXPECT_THROW(admin_server("192.0.2.1", 0, registry, {}), std::runtime_error);
}

} // namespace lakegate::runtime
