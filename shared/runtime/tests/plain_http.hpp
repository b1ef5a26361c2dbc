#pragma once

#include <cstdint>
#include <string>

namespace lakegate::test {

/// What came back, as text.
struct http_answer {
  int status = 0; ///< 0: no answer.
  std::string head;
  std::string body;
};

/// One HTTP/1.1 request to 127.0.0.1, over a connection of its own; waits 10 s at most.
http_answer ask(std::uint16_t port, const std::string& method, const std::string& path,
                const std::string& body = {});

} // namespace lakegate::test
