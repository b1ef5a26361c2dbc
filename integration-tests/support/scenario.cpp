#include "integration-tests/support/scenario.hpp"

#include "integration-tests/support/history.hpp"

#include <lakegate/runtime/log.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <thread>

#include <unistd.h>

namespace lakegate::integration {

namespace {

/// The log of this test process goes into a file of its own, which `TearDown` reads.
std::string ProcessLog() {
  struct file {
    std::string path = (std::filesystem::temp_directory_path()
                        / ("lakegate-test-" + std::to_string(getpid()) + ".log"))
                           .string();
    file() { log::open_file(path); }
    ~file() { std::filesystem::remove(path); }
  };
  static const file of_this_process;
  return of_this_process.path;
}

} // namespace

void Scenario::SetUp() {
  ProcessLog();
  world_ = std::make_unique<world>(Options());
  // Links and connections are made in the background; what was configured must be up.
  auto settled = Eventually(Get("/health/ready"), [](const Response& x) {
    return x.body.find("\"down\"") == std::string::npos;
  });
  ASSERT_EQ(settled.body.find("\"down\""), std::string::npos)
      << testing::PrintToString(settled);
}

void Scenario::TearDown() {
  world_.reset();
  if (!HasFailure())
    return;
  log::flush();
  std::ifstream lines{ProcessLog()};
  std::string line;
  std::cout << "What the processes logged of these requests, and every warning:\n";
  while (std::getline(lines, line)) {
    auto of_ours = std::any_of(seen_.begin(), seen_.end(), [&](const std::string& id) {
      return line.find(id) != std::string::npos;
    });
    if (of_ours || line.find("\"level\":\"warn") != std::string::npos
        || line.find("\"level\":\"error") != std::string::npos)
      std::cout << line << "\n";
  }
}

Response Scenario::When(const Request& request) {
  return Seen(World().client().Send(request));
}

Response Scenario::WhenSent(std::string_view bytes) {
  return Seen(World().client().SendBytes(bytes));
}

Response Scenario::Seen(Response response) {
  std::lock_guard guard{seen_mutex_};
  seen_.insert(response.header("X-Correlation-ID"));
  return response;
}

void Scenario::GivenPreference(const std::string& user, const std::string& key,
                               const nlohmann::json& value) {
  auto response = When(Post(path::preferences)
                           .With({{"preference_key", key}, {"preference_value", value}})
                           .As(user));
  ASSERT_TRUE(response.status == 200 || response.status == 201)
      << testing::PrintToString(response);
}

nlohmann::json Scenario::GivenInference(const std::string& user,
                                        const std::string& text) {
  auto response = When(Classify(text).As(user));
  EXPECT_THAT(response, HasStatus(200));
  return response.status == 200 ? response.json() : nlohmann::json{};
}

Response Scenario::Eventually(const Request& request,
                              const std::function<bool(const Response&)>& done,
                              std::chrono::milliseconds limit) {
  auto deadline = std::chrono::steady_clock::now() + limit;
  auto response = When(request);
  while (!done(response) && std::chrono::steady_clock::now() < deadline)
    response = When(request);
  return response;
}

void Scenario::AwaitMetric(const std::string& line) {
  auto is_there = [&](const Response& x) {
    return x.body.find('\n' + line + '\n') != std::string::npos;
  };
  auto metrics = Eventually(Get("/api/metrics").As(user_a), is_there);
  EXPECT_TRUE(is_there(metrics)) << line << "\n" << testing::PrintToString(metrics);
}

std::vector<Response> Scenario::AtOnce(const std::vector<Request>& requests) {
  std::vector<Response> responses(requests.size());
  std::vector<std::thread> threads;
  start_barrier barrier{requests.size()};
  for (std::size_t i = 0; i < requests.size(); ++i)
    threads.emplace_back([&, i] {
      barrier.Wait();
      responses[i] = When(requests[i]);
    });
  for (auto& thread : threads)
    thread.join();
  return responses;
}

Request Classify(const std::string& text, int timeout_seconds) {
  return Post(path::invoke)
      .With({{"endpoint_name", "custom-classifier"},
             {"inputs", {{"text", text}}},
             {"timeout_seconds", timeout_seconds}});
}

} // namespace lakegate::integration
