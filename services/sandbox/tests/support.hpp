#pragma once

#include "services/sandbox/src/workspace.hpp"

#include <lakegate/testing/temporary_postgres.hpp>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <map>
#include <string>
#include <vector>

namespace lakegate::test {

/// An answer as it came over the socket; status 0: the connection broke before it was
/// whole.
struct Answer {
  int status = 0;
  std::map<std::string, std::string> headers; ///< Names in lower case.
  std::string body;

  nlohmann::json Json() const { return nlohmann::json::parse(body); }
};

/// One request over a socket of its own, read with a deadline; shares no code with the
/// clients of Lakegate.
Answer Send(std::uint16_t port, const std::string& method, const std::string& target,
            const std::string& token, const std::string& body = "",
            const std::vector<std::string>& headers = {});

/// Bytes as they come until the server closes or `limit` has passed.
std::string SendRaw(std::uint16_t port, const std::string& bytes,
                    std::chrono::milliseconds limit = std::chrono::seconds{10});

/// The sandbox's PostgreSQL: no other test's, since a sandbox makes roles, and databases
/// by fixed names.
temporary_postgres& Server();

/// The sandbox of this process over that PostgreSQL, seeded once; each test finds
/// it as it was.
class AWorkspace : public ::testing::Test {
protected:
  static constexpr auto Engineer = "sandbox-engineer";
  static constexpr auto Analyst = "sandbox-analyst";
  static constexpr auto Guest = "sandbox-guest";

  static sandbox::workspace& Running();
  static sandbox::config Configuration();

  void TearDown() override;

  Answer Get(const std::string& target, const std::string& token = Engineer);
  Answer Post(const std::string& target, const nlohmann::json& body,
              const std::string& token = Engineer);
  Answer Delete(const std::string& target, const std::string& token = Engineer);

  /// `POST /api/2.0/sql/statements`; `more` is merged into the request.
  nlohmann::json Execute(const std::string& statement, const nlohmann::json& more = {},
                         const std::string& token = Engineer);
  /// Polls until the statement is in a final state.
  nlohmann::json Await(const std::string& id);
};

} // namespace lakegate::test
