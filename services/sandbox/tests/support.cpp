#include "services/sandbox/tests/support.hpp"

#include <algorithm>
#include <chrono>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace lakegate::test {

namespace {

using namespace std::chrono_literals;

int Connect(std::uint16_t port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
    ADD_FAILURE() << "no connection";
  return socket;
}

std::string Unchunked(const std::string& body) {
  std::string result;
  std::size_t at = 0;
  while (at < body.size()) {
    const auto size = std::stoul(body.substr(at), nullptr, 16);
    at = body.find("\r\n", at) + 2;
    if (size == 0)
      break;
    result += body.substr(at, size);
    at += size + 2;
  }
  return result;
}

Answer Parsed(const std::string& bytes) {
  Answer result;
  const auto head = bytes.find("\r\n\r\n");
  if (head == std::string::npos)
    return result;
  for (std::size_t at = bytes.find("\r\n") + 2; at < head;) {
    const auto end = bytes.find("\r\n", at);
    const auto colon = bytes.find(':', at);
    auto name = bytes.substr(at, colon - at);
    std::transform(name.begin(), name.end(), name.begin(), ::tolower);
    result.headers[name] = bytes.substr(colon + 2, end - colon - 2);
    at = end + 2;
  }
  result.body = bytes.substr(head + 4);
  const auto length = result.headers.find("content-length");
  if (length != result.headers.end() && std::stoul(length->second) != result.body.size())
    return result;
  if (result.headers["transfer-encoding"] == "chunked")
    result.body = Unchunked(result.body);
  result.status = std::stoi(bytes.substr(9, 3));
  return result;
}

} // namespace

std::string SendRaw(std::uint16_t port, const std::string& bytes,
                    std::chrono::milliseconds limit) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  const int socket = Connect(port);
  ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  std::string result;
  for (;;) {
    pollfd readable{socket, POLLIN, 0};
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        deadline - std::chrono::steady_clock::now());
    if (left <= 0ms || ::poll(&readable, 1, static_cast<int>(left.count())) <= 0)
      break;
    char buffer[65536];
    const auto count = ::recv(socket, buffer, sizeof buffer, 0);
    if (count <= 0)
      break;
    result.append(buffer, static_cast<std::size_t>(count));
  }
  ::close(socket);
  return result;
}

Answer Send(std::uint16_t port, const std::string& method, const std::string& target,
            const std::string& token, const std::string& body,
            const std::vector<std::string>& headers) {
  auto request = method + " " + target + " HTTP/1.1\r\nHost: 127.0.0.1:"
                 + std::to_string(port) + "\r\nConnection: close\r\nContent-Length: "
                 + std::to_string(body.size()) + "\r\n";
  if (!token.empty())
    request += "Authorization: Bearer " + token + "\r\n";
  if (headers.empty())
    request += "Content-Type: application/json\r\n";
  for (const auto& h : headers)
    request += h + "\r\n";
  return Parsed(SendRaw(port, request + "\r\n" + body));
}

temporary_postgres& Server() {
  static temporary_postgres server;
  return server;
}

sandbox::config AWorkspace::Configuration() {
  auto& server = Server();
  sandbox::config result;
  result.port = 0;
  result.database = {server.host(), server.port(), server.user(),
                     access_token{server.password()}};
  result.cold_start = 300ms;
  result.token_interval = 1ms;
  return result;
}

sandbox::workspace& AWorkspace::Running() {
  static sandbox::workspace running{Configuration()};
  return running;
}

void AWorkspace::TearDown() {
  EXPECT_EQ(Post("/__sandbox/reset", {}, "").status, 200);
  Delete("/__sandbox/requests", "");
}

Answer AWorkspace::Get(const std::string& target, const std::string& token) {
  return Send(Running().port(), "GET", target, token);
}

Answer AWorkspace::Post(const std::string& target, const nlohmann::json& body,
                        const std::string& token) {
  return Send(Running().port(), "POST", target, token, body.is_null() ? "" : body.dump());
}

Answer AWorkspace::Delete(const std::string& target, const std::string& token) {
  return Send(Running().port(), "DELETE", target, token);
}

nlohmann::json AWorkspace::Execute(const std::string& statement,
                                   const nlohmann::json& more, const std::string& token) {
  nlohmann::json body{{"warehouse_id", "sandbox"}, {"statement", statement}};
  if (!more.is_null())
    body.update(more);
  return Post("/api/2.0/sql/statements/", body, token).Json();
}

nlohmann::json AWorkspace::Await(const std::string& id) {
  const auto deadline = std::chrono::steady_clock::now() + 10s;
  for (;;) {
    auto answer = Get("/api/2.0/sql/statements/" + id).Json();
    const std::string state = answer["status"]["state"];
    if (state != "PENDING" && state != "RUNNING")
      return answer;
    if (std::chrono::steady_clock::now() > deadline) {
      ADD_FAILURE() << "still " << state;
      return answer;
    }
  }
}

} // namespace lakegate::test
