#include "integration-tests/support/scenario.hpp"

#include "integration-tests/support/history.hpp"

#include <thread>

namespace lakegate::integration {

void Scenario::SetUp() {
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
