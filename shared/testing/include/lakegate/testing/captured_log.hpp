#pragma once

#include <lakegate/runtime/log.hpp>
#include <lakegate/testing/temporary_folder.hpp>

#include <gmock/gmock.h>

#include <chrono>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace lakegate::test {

/// What this process logs while the object lives; after that it goes to standard error.
class captured_log {
public:
  captured_log() {
    if (!log::open_file(path_))
      throw std::runtime_error{"can't log to " + path_};
  }
  ~captured_log() { log::open_file("/dev/stderr"); }
  captured_log(const captured_log&) = delete;
  captured_log& operator=(const captured_log&) = delete;

  std::string text() const {
    log::flush();
    std::stringstream result;
    result << std::ifstream{path_}.rdbuf();
    return result.str();
  }

  /// The lines of that event so far, each a JSON object.
  std::vector<std::string> lines_of(std::string_view event) const {
    const auto member = "\"event\":\"" + std::string{event} + '"';
    std::vector<std::string> result;
    std::istringstream in{text()};
    for (std::string line; std::getline(in, line);)
      if (line.find(member) != std::string::npos)
        result.push_back(line);
    return result;
  }

  /// The same once there is one, at most ten seconds later.
  std::vector<std::string> await(std::string_view event) const {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{10};
    auto result = lines_of(event);
    while (result.empty() && std::chrono::steady_clock::now() < deadline) {
      std::this_thread::yield();
      result = lines_of(event);
    }
    return result;
  }

private:
  temporary_folder folder_;
  std::string path_ = folder_.path() / "log";
};

/// Matches a line that says which request it is about, and which trace.
inline testing::Matcher<const std::string&>
names_request(const std::string& correlation_id, const std::string& traceparent) {
  return testing::AllOf(
      testing::HasSubstr("\"correlation_id\":\"" + correlation_id + '"'),
      testing::HasSubstr("\"traceparent\":\"" + traceparent + '"'));
}

} // namespace lakegate::test
