#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <list>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace lakegate::test {

struct received_request {
  std::string method;
  std::string target;
  std::map<std::string, std::string> headers; ///< Names in lower case.
  std::string body;
};

/// A TCP server on a free loopback port, or on that of one that has gone, that does
/// exactly what its script says, bytes and all. Each connection runs the script on a
/// thread of its own. Every wait ends when the server does.
class scripted_server {
public:
  class connection {
  public:
    connection(scripted_server& owner, int socket) : owner_{owner}, socket_{socket} {}

    /// The next request with its whole body; nothing if the peer is gone.
    std::optional<received_request> read();
    void write(std::string_view bytes);
    void reset(); ///< RST instead of FIN.
    void wait_for_peer_to_close();
    int socket() const { return socket_; }
    /// False if the server ends meanwhile, or the peer has gone.
    bool pause(std::chrono::milliseconds time);
    /// The next byte as it comes, for servers that speak no HTTP; nothing at the end.
    std::optional<char> read_byte();

  private:
    bool fill();
    scripted_server& owner_;
    int socket_;
    std::string buffer_;
  };
  using script = std::function<void(connection&)>;

  explicit scripted_server(script what, std::uint16_t port = 0);
  ~scripted_server();
  scripted_server(const scripted_server&) = delete;

  std::string url() const; ///< `http://127.0.0.1:port`
  std::uint16_t port() const { return port_; }
  std::vector<received_request> requests() const;
  std::size_t connections() const;
  /// False after five seconds without that many requests.
  bool wait_for_requests(std::size_t count);
  bool wait_for_closed_connections(std::size_t count);

private:
  void accept_all();
  void serve(int socket);

  script script_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool ending_ = false;
  std::vector<int> sockets_;
  std::size_t closed_ = 0;
  std::vector<received_request> requests_;
  std::list<std::thread> workers_;
  std::thread acceptor_;
};

/// Answers every request of every connection with what `respond` returns.
scripted_server::script
answering(std::function<std::string(const received_request&)> respond);

/// Reads one request of each connection and never answers.
scripted_server::script staying_silent();

/// A whole answer with Content-Length. `headers` are lines that end in CRLF.
std::string http_answer(int status, std::string_view body, std::string_view headers = {},
                        std::string_view content_type = "application/json");

} // namespace lakegate::test
