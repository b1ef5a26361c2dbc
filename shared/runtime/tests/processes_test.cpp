#include "shared/runtime/tests/link_world.hpp"

#include <gmock/gmock.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <spawn.h>
#include <stdexcept>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

namespace lakegate::runtime::test {
namespace {

/// The service as a process of its own, to be killed and frozen.
class ServiceProcess {
public:
  explicit ServiceProcess(std::uint16_t port = 0) {
    int in[2];
    int out[2];
    if (pipe(in) != 0 || pipe(out) != 0)
      throw std::runtime_error{"no pipe"};
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_adddup2(&files, in[0], STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&files, out[1], STDOUT_FILENO);
    for (int fd : {in[0], in[1], out[0], out[1]})
      posix_spawn_file_actions_addclose(&files, fd);
    std::string path = LAKEGATE_TEST_SERVICE;
    auto argument = std::to_string(port);
    char* arguments[] = {path.data(), argument.data(), nullptr};
    auto failed = posix_spawn(&id_, path.c_str(), &files, nullptr, arguments, environ);
    posix_spawn_file_actions_destroy(&files);
    close(in[0]);
    close(out[1]);
    input_ = in[1];
    auto* output = fdopen(out[0], "r");
    std::array<char, 16> line{};
    const auto* told =
        failed == 0 ? std::fgets(line.data(), line.size(), output) : nullptr;
    std::fclose(output);
    if (told != nullptr)
      port_ = static_cast<std::uint16_t>(std::strtoul(told, nullptr, 10));
    if (port_ == 0)
      throw std::runtime_error{"the service did not start"};
  }

  ~ServiceProcess() {
    close(input_);
    Send(SIGKILL);
    waitpid(id_, nullptr, 0);
  }

  void Send(int signal) {
    kill(id_, signal);
    if (signal == SIGSTOP)
      waitpid(id_, nullptr, WUNTRACED);
  }
  std::uint16_t Port() const { return port_; }

private:
  pid_t id_ = 0;
  int input_ = -1;
  std::uint16_t port_ = 0;
};

TEST(KillingAServiceProcess, FailsWhatIsInFlightAtOnceAndUsesTheNextOne) {
  auto service = std::make_unique<ServiceProcess>();
  auto port = service->Port();
  Gateway gateway{{port}};

  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(gateway.BecomesUp(2s));
    ASSERT_EQ(CodeOf(Await(gateway.Ask(EchoOf("x")))), errc::none);
    auto open = gateway.Ask(catalog::list_table_names{}, 60s);
    gateway.OnLoop([](auto&) {});

    service->Send(SIGKILL);

    ASSERT_EQ(open.wait_for(1s), std::future_status::ready);
    EXPECT_EQ(CodeOf(open.get()), errc::service_unavailable);
    service.reset();
    service = std::make_unique<ServiceProcess>(port);
  }

  EXPECT_TRUE(gateway.BecomesUp(2s));
}

TEST(FreezingAServiceProcess, IsNoticedAndNothingStaleRunsOnWakingUp) {
  ServiceProcess service;
  Gateway gateway{{service.Port()}};
  ASSERT_TRUE(gateway.BecomesUp());
  Await(gateway.Ask(EchoOf("before")));

  service.Send(SIGSTOP);
  auto open = gateway.Ask(EchoOf("into the frozen one"), 60s);
  std::vector<std::future<caf::expected<catalog::name_page>>> stale;
  for (int i = 0; i < 50; ++i)
    stale.push_back(gateway.Ask(EchoOf("stale"), 200ms));
  for (auto& x : stale)
    EXPECT_EQ(CodeOf(Await(std::move(x))), errc::service_unavailable);
  EXPECT_EQ(CodeOf(Await(std::move(open))), errc::service_unavailable);
  EXPECT_FALSE(gateway.IsUp());
  service.Send(SIGCONT);

  EXPECT_TRUE(gateway.BecomesUp(3s));
  auto handled = Await(gateway.Ask(catalog::list_tables{}));
  ASSERT_TRUE(handled);
  EXPECT_LE(handled->total, 2);
}

TEST(FreezingAServiceProcess, LetsAShortFreezePass) {
  ServiceProcess service;
  Gateway gateway{{service.Port()}};
  ASSERT_TRUE(gateway.BecomesUp());
  Await(gateway.Ask(EchoOf("before")));

  service.Send(SIGSTOP);
  auto stale = gateway.Ask(EchoOf("stale"), 300ms);
  auto patient = gateway.Ask(EchoOf("patient"), 30s);
  EXPECT_EQ(CodeOf(Await(std::move(stale))), errc::service_unavailable);
  service.Send(SIGCONT);

  EXPECT_EQ(CodeOf(Await(std::move(patient))), errc::none);
  auto handled = Await(gateway.Ask(catalog::list_tables{}));
  ASSERT_TRUE(handled);
  EXPECT_EQ(handled->total, 2);
}

} // namespace
} // namespace lakegate::runtime::test
