#include "shared/http/tests/scripted_server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <stdexcept>

namespace lakegate::test {

namespace {

constexpr auto patience = std::chrono::seconds{5};

std::string lower(std::string_view text) {
  std::string result{text};
  std::transform(result.begin(), result.end(), result.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return result;
}

std::string take_line(std::string& buffer) {
  auto end = buffer.find("\r\n");
  auto line = buffer.substr(0, end);
  buffer.erase(0, end + 2);
  return line;
}

} // namespace

bool scripted_server::connection::fill() {
  char chunk[16384];
  auto n = ::recv(socket_, chunk, sizeof chunk, 0);
  if (n <= 0)
    return false;
  buffer_.append(chunk, static_cast<std::size_t>(n));
  return true;
}

std::optional<received_request> scripted_server::connection::read() {
  while (buffer_.find("\r\n\r\n") == std::string::npos)
    if (!fill())
      return std::nullopt;
  received_request result;
  auto first = take_line(buffer_);
  result.method = first.substr(0, first.find(' '));
  first.erase(0, result.method.size() + 1);
  result.target = first.substr(0, first.find(' '));
  for (auto line = take_line(buffer_); !line.empty(); line = take_line(buffer_)) {
    auto colon = line.find(':');
    result.headers[lower(line.substr(0, colon))] = line.substr(colon + 2);
  }
  auto length = result.headers.find("content-length");
  auto size = length == result.headers.end() ? 0 : std::stoul(length->second);
  while (buffer_.size() < size)
    if (!fill())
      return std::nullopt;
  result.body = buffer_.substr(0, size);
  buffer_.erase(0, size);
  std::lock_guard guard{owner_.mutex_};
  owner_.requests_.push_back(result);
  owner_.changed_.notify_all();
  return result;
}

std::optional<char> scripted_server::connection::read_byte() {
  while (buffer_.empty())
    if (!fill())
      return std::nullopt;
  auto result = buffer_.front();
  buffer_.erase(0, 1);
  return result;
}

void scripted_server::connection::write(std::string_view bytes) {
  while (!bytes.empty()) {
    auto n = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n <= 0)
      return;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
}

void scripted_server::connection::reset() {
  linger at_once{1, 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

void scripted_server::connection::wait_for_peer_to_close() {
  while (fill()) {
  }
}

bool scripted_server::connection::pause(std::chrono::milliseconds time) {
  pollfd peer{socket_, POLLRDHUP, 0};
  return ::poll(&peer, 1, static_cast<int>(time.count())) == 0;
}

scripted_server::scripted_server(script what, std::uint16_t port)
    : script_{std::move(what)} {
  listener_ = ::socket(AF_INET, SOCK_STREAM, 0);
  int yes = 1; // Or closed connections of the one that has gone keep the port.
  ::setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  socklen_t size = sizeof address;
  if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0
      || ::listen(listener_, 128) != 0
      || ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0)
    throw std::runtime_error{"no port for the scripted server"};
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread{[this] { accept_all(); }};
}

scripted_server::~scripted_server() {
  {
    std::lock_guard guard{mutex_};
    ending_ = true;
    for (auto socket : sockets_)
      ::shutdown(socket, SHUT_RDWR);
  }
  ::shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  for (auto& worker : workers_)
    worker.join();
  ::close(listener_);
}

void scripted_server::accept_all() {
  for (;;) {
    auto socket = ::accept(listener_, nullptr, nullptr);
    std::lock_guard guard{mutex_};
    if (socket < 0 || ending_) {
      if (socket >= 0)
        ::close(socket);
      return;
    }
    sockets_.push_back(socket);
    workers_.emplace_back([this, socket] { serve(socket); });
  }
}

void scripted_server::serve(int socket) {
  connection peer{*this, socket};
  script_(peer);
  std::lock_guard guard{mutex_};
  std::replace(sockets_.begin(), sockets_.end(), socket, -1);
  ++closed_;
  changed_.notify_all();
  ::close(socket);
}

std::string scripted_server::url() const {
  return "http://127.0.0.1:" + std::to_string(port_);
}

std::vector<received_request> scripted_server::requests() const {
  std::lock_guard guard{mutex_};
  return requests_;
}

std::size_t scripted_server::connections() const {
  std::lock_guard guard{mutex_};
  return sockets_.size();
}

bool scripted_server::wait_for_requests(std::size_t count) {
  std::unique_lock guard{mutex_};
  return changed_.wait_for(guard, patience, [&] { return requests_.size() >= count; });
}

bool scripted_server::wait_for_closed_connections(std::size_t count) {
  std::unique_lock guard{mutex_};
  return changed_.wait_for(guard, patience, [&] { return closed_ >= count; });
}

scripted_server::script
answering(std::function<std::string(const received_request&)> respond) {
  return [respond = std::move(respond)](scripted_server::connection& peer) {
    while (auto request = peer.read())
      peer.write(respond(*request));
  };
}

scripted_server::script staying_silent() {
  return [](scripted_server::connection& peer) {
    peer.read();
    peer.wait_for_peer_to_close();
  };
}

std::string http_answer(int status, std::string_view body, std::string_view headers,
                        std::string_view content_type) {
  return "HTTP/1.1 " + std::to_string(status)
         + " Scripted\r\nContent-Type: " + std::string{content_type}
         + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n"
         + std::string{headers} + "\r\n" + std::string{body};
}

} // namespace lakegate::test
