#include <lakegate/runtime/service_main.hpp>

#include "shared/runtime/tests/child_process.hpp"
#include "shared/runtime/tests/plain_http.hpp"

#include <lakegate/runtime/admin_server.hpp>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include <sys/resource.h>
#include <unistd.h>

namespace lakegate::runtime {

namespace {

using nlohmann::json;
using test::ask;
using test::child_process;
using testing::HasSubstr;
using testing::Not;
using words = std::vector<std::string>;

const std::string program_path = RUNTIME_TEST_PROGRAM;

/// What a run that ends by itself leaves behind.
struct outcome {
  int status;
  std::string output;
};

outcome run(const words& arguments,
            const std::map<std::string, std::string>& variables = {}) {
  child_process child{program_path, arguments, variables};
  auto status = child.wait_for_exit();
  return {status, child.output()};
}

std::vector<json> events_of(const std::string& output) {
  std::vector<json> result;
  std::istringstream in{output};
  for (std::string line; std::getline(in, line);)
    result.push_back(json::parse(line));
  return result;
}

/// Waits until it has started; its admin port, or 0.
std::uint16_t admin_port_of(child_process& child) {
  if (!child.wait_for_output("\"admin_port\":") || !child.wait_for_output("}\n"))
    return 0;
  for (const auto& event : events_of(child.output()))
    if (event.contains("admin_port"))
      return event["admin_port"];
  return 0;
}

/// The soft and the hard limit `name` of a process.
words limits_of(pid_t id, const std::string& name) {
  std::ifstream in{"/proc/" + std::to_string(id) + "/limits"};
  words result(2);
  for (std::string line; std::getline(in, line);)
    if (line.starts_with(name))
      std::istringstream{line.substr(name.size())} >> result[0] >> result[1];
  return result;
}

} // namespace

TEST(AskingAProgramAboutItself, PrintsHelp) {
  auto result = run({"--help"});

  EXPECT_EQ(result.status, 0);
  EXPECT_THAT(result.output,
              testing::StartsWith("lakegate-test: Shows what service_main does."));
  EXPECT_THAT(result.output, HasSubstr("--test.behaviour=run"));
  EXPECT_THAT(result.output, HasSubstr("LAKEGATE_LOG_LEVEL"));
  EXPECT_THAT(result.output, HasSubstr("--admin.port=0\n      Any."));
  EXPECT_THAT(result.output, Not(HasSubstr("--admin.port=9464")));
}

TEST(AskingAProgramAboutItself, PrintsItsVersion) {
  auto result = run({"--version"});

  EXPECT_EQ(result.status, 0);
  EXPECT_EQ(result.output, "lakegate-test " + std::string{version()} + "\n");
}

TEST(AskingAProgramAboutItself, PrintsItsConfiguration) {
  auto result =
      run({"--print-config", "--log.level=warn"}, {{"LAKEGATE_ADMIN_PORT", "7"}});

  EXPECT_EQ(result.status, 0);
  EXPECT_EQ(result.output, "admin.host=127.0.0.1  # default\n"
                           "admin.port=7  # LAKEGATE_ADMIN_PORT\n"
                           "log.file=  # default\n"
                           "log.level=warn  # --log.level\n"
                           "test.behaviour=run  # default\n");
}

TEST(AskingAProgramAboutItself, PrintsAnEnvironmentExample) {
  auto result = run({"--print-env-example"});

  EXPECT_EQ(result.status, 0);
  EXPECT_THAT(result.output, HasSubstr("# LAKEGATE_ADMIN_HOST=127.0.0.1\n"));
}

TEST(StartingAProgramWrongly, SaysWhyInOneSentence) {
  auto wrong_value = run({}, {{"LAKEGATE_ADMIN_PORT", "abc"}});
  auto wrong_name = run({"--nonsense=1"});
  auto wrong_file = run({"--log.file=/nonexistent/log"});

  EXPECT_EQ(wrong_value.status, 1);
  EXPECT_EQ(wrong_value.output,
            "lakegate-test: LAKEGATE_ADMIN_PORT is \"abc\"; it must be a "
            "whole number between 0 and 65535.\n");
  EXPECT_EQ(wrong_name.status, 1);
  EXPECT_EQ(
      wrong_name.output,
      "lakegate-test: --nonsense is not an argument of this program; see --help.\n");
  EXPECT_EQ(wrong_file.status, 1);
  EXPECT_EQ(
      wrong_file.output,
      "lakegate-test: The log file /nonexistent/log can't be opened for writing.\n");
}

TEST(StartingAProgramWrongly, LeavesNothingRunningBehindAFailedPart) {
  auto failed = run({"--test.behaviour=fail"});
  auto thrown = run({"--test.behaviour=throw"});

  EXPECT_EQ(failed.status, 1);
  EXPECT_EQ(failed.output, "lakegate-test: The port 127.0.0.1:1 is taken.\n");
  EXPECT_EQ(thrown.status, 1);
  EXPECT_EQ(thrown.output, "lakegate-test: The second part can't start.\n");
}

TEST(StartingAProgramWrongly, SaysThatTheAdminPortIsTaken) {
  admin_server other{"127.0.0.1", 0, std::make_shared<prometheus::Registry>(), {}};
  auto port = std::to_string(other.port());

  auto result = run({"--admin.port=" + port});

  EXPECT_EQ(result.status, 1);
  EXPECT_EQ(result.output, "lakegate-test: The admin address 127.0.0.1:" + port
                               + " can't be used: Address already in use.\n");
}

class StoppingAProgram : public testing::TestWithParam<int> {};

TEST_P(StoppingAProgram, EndsItsPartsFromTheLastToTheFirst) {
  child_process child{program_path, {}};
  ASSERT_NE(admin_port_of(child), 0);

  child.send(GetParam());

  EXPECT_EQ(child.wait_for_exit(), 0);
  words seen;
  for (const auto& event : events_of(child.output())) {
    EXPECT_EQ(event["process"], "test");
    seen.push_back(
        event["event"].get<std::string>()
        + (event.contains("part") ? " " + event["part"].get<std::string>() : ""));
  }
  EXPECT_EQ(seen, (words{"started", "stopping", "part_stopped second",
                         "part_stopped first", "stopped"}));
}

INSTANTIATE_TEST_SUITE_P(Signals, StoppingAProgram,
                         testing::Values(SIGTERM, SIGINT, SIGHUP));

TEST(StoppingAProgramWithAPartThatTakesAllItsTime, KeepsATenthOfTheTimeForEachOther) {
  child_process child{program_path, {"--test.behaviour=take-all"}};
  ASSERT_NE(admin_port_of(child), 0);

  child.send(SIGTERM);

  EXPECT_EQ(child.wait_for_exit(), 0);
  std::map<std::string, int> limits;
  for (const auto& event : events_of(child.output()))
    if (event["event"] == "part_stopped")
      limits[event["part"].get<std::string>()] = event["limit_ms"].get<int>();
  EXPECT_LE(limits.at("second"), 90);
  EXPECT_EQ(limits.at("first"), 10);
}

TEST(StoppingAProgramThatHangs, EndsItByTheWatchdog) {
  child_process child{program_path, {"--test.behaviour=hang"}};
  ASSERT_NE(admin_port_of(child), 0);

  child.send(SIGTERM);

  EXPECT_EQ(child.wait_for_exit(), 70);
  EXPECT_THAT(child.output(), HasSubstr("stop_took_too_long"));
}

TEST(EndingAProgram, LosesNoWarningOfItsLastMoments) {
  child_process child{program_path, {"--test.behaviour=warn-at-exit"}};
  ASSERT_NE(admin_port_of(child), 0);

  child.send(SIGTERM);

  EXPECT_EQ(child.wait_for_exit(), 0);
  std::uint64_t warnings = 0;
  for (const auto& event : events_of(child.output()))
    if (event["event"] == "late_warning" || event.value("of", "") == "late_warning")
      warnings += event.value("count", std::uint64_t{1});
  EXPECT_EQ(warnings, 15u);
}

TEST(GivingUp, EndsTheProcessWith70AndALogLine) {
  auto result = run({"--test.behaviour=give-up"});

  EXPECT_EQ(result.status, 70);
  EXPECT_THAT(result.output,
              HasSubstr("\"event\":\"gave_up\",\"reason\":\"the worker died "
                        "too often\"}\n"));
}

TEST(RunningAProgram, ServesItsAdminPort) {
  child_process child{program_path, {}};
  auto port = admin_port_of(child);
  ASSERT_NE(port, 0);

  auto metrics = ask(port, "GET", "/metrics").body;

  EXPECT_EQ(ask(port, "GET", "/health/ready").body, R"({"status":"ready"})");
  EXPECT_THAT(metrics, HasSubstr("lakegate_test_starts_total 1\n"));
  EXPECT_THAT(metrics, HasSubstr("lakegate_build_info{process=\"test\",version=\""
                                 + std::string{version()} + "\"} 1\n"));
  EXPECT_THAT(metrics, HasSubstr("\nprocess_open_fds "));
}

TEST(RunningAProgram, IsNotReadyWhileAPartIsNot) {
  child_process child{program_path, {"--test.behaviour=unready"}};
  auto port = admin_port_of(child);
  ASSERT_NE(port, 0);

  auto answer = ask(port, "GET", "/health/ready");

  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.body, R"({"status":"not_ready"})");
  EXPECT_EQ(ask(port, "GET", "/health/live").status, 200);
}

TEST(RunningAProgram, LogsToAFile) {
  auto path = std::filesystem::temp_directory_path()
              / ("lakegate-service-main-" + std::to_string(::getpid()));
  {
    child_process child{program_path,
                        {"--log.file=" + path.string(), "--test.behaviour=fail"}};

    EXPECT_EQ(child.wait_for_exit(), 1);
  }
  std::ifstream in{path};
  std::string line;
  std::getline(in, line);
  std::filesystem::remove(path);
  EXPECT_EQ(json::parse(line)["event"], "start_failed");
  EXPECT_EQ(json::parse(line)["reason"], "The port 127.0.0.1:1 is taken.");
}

TEST(RunningAProgram, AllowsNoCoreDump) {
  child_process child{program_path, {}};
  auto port = admin_port_of(child);
  ASSERT_NE(port, 0);

  EXPECT_EQ(limits_of(child.id(), "Max core file size"), (words{"0", "0"}));
#ifndef __SANITIZE_ADDRESS__
  EXPECT_THAT(ask(port, "GET", "/metrics").body, HasSubstr("lakegate_test_dumpable 0\n"));
#endif
}

TEST(RunningAProgram, RaisesTheLimitOfDescriptors) {
  rlimit ours{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &ours), 0);
  auto lower = ours;
  lower.rlim_cur = 256;
  ::setrlimit(RLIMIT_NOFILE, &lower);
  child_process child{program_path, {}};
  ::setrlimit(RLIMIT_NOFILE, &ours);

  ASSERT_NE(admin_port_of(child), 0);

  auto limits = limits_of(child.id(), "Max open files");
  EXPECT_EQ(limits.at(0), limits.at(1));
}

} // namespace lakegate::runtime
