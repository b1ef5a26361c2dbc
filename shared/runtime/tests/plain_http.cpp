#include "shared/runtime/tests/plain_http.hpp"

#include <array>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

namespace lakegate::test {

http_answer ask(std::uint16_t port, const std::string& method, const std::string& path,
                const std::string& body) {
  auto fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  timeval patience{10, 0};
  ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  std::string text;
  if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0) {
    auto request = method + " " + path
                   + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: "
                   + std::to_string(body.size()) + "\r\n\r\n" + body;
    ::send(fd, request.data(), request.size(), MSG_NOSIGNAL);
    std::array<char, 4096> chunk;
    for (ssize_t size = 0; (size = ::recv(fd, chunk.data(), chunk.size(), 0)) > 0;)
      text.append(chunk.data(), static_cast<std::size_t>(size));
  }
  ::close(fd);
  auto head_end = text.find("\r\n\r\n");
  if (head_end == std::string::npos)
    return {};
  return {std::stoi(text.substr(9, 3)), text.substr(0, head_end + 2),
          text.substr(head_end + 4)};
}

} // namespace lakegate::test
