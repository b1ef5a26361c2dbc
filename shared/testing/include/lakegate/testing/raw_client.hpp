#pragma once

#include <asio/connect.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/read.hpp>
#include <asio/write.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace lakegate::test {

/// A TCP client that writes and reads bytes as they are. Every wait ends after
/// `patience`.
class raw_client {
public:
  static constexpr auto patience = std::chrono::seconds{20};

  explicit raw_client(std::uint16_t port) {
    socket_.connect({asio::ip::address_v4::loopback(), port});
  }

  /// False if the server closed before all was written.
  bool write(std::string_view bytes) {
    asio::error_code error;
    asio::write(socket_, asio::buffer(bytes.data(), bytes.size()), error);
    return !error;
  }

  void close() {
    asio::error_code ignored;
    socket_.close(ignored);
  }

  /// Reads until `enough` says so or the server closes; all that was read so far.
  const std::string& read_until(const std::function<bool(const std::string&)>& enough) {
    while (!is_closed_ && !enough(read_))
      read_some();
    return read_;
  }

  /// Reads until the server closes; false if it did not within the patience.
  bool read_to_end() {
    read_until([this](const auto&) { return timed_out_; });
    return is_closed_;
  }

  /// Reads one answer with Content-Length (or none) and takes it off what was read.
  std::string read_answer() {
    auto size = std::string::npos;
    read_until([&](const std::string& text) {
      auto end = text.find("\r\n\r\n");
      if (timed_out_ || end == std::string::npos)
        return timed_out_;
      auto length = text.find("Content-Length: ");
      auto body = length < end ? std::stoul(text.substr(length + 16)) : 0;
      size = end + 4 + body;
      return text.size() >= size;
    });
    auto answer = read_.substr(0, size);
    read_.erase(0, size);
    return answer;
  }

  const std::string& received() const { return read_; }

private:
  void read_some() {
    auto ended = false;
    socket_.async_read_some(asio::buffer(buffer_),
                            [&](asio::error_code error, std::size_t n) {
                              ended = true;
                              is_closed_ = static_cast<bool>(error);
                              read_.append(buffer_, n);
                            });
    io_.restart();
    io_.run_for(patience);
    if (!ended) {
      timed_out_ = true;
      socket_.cancel();
      io_.restart();
      io_.run();
      is_closed_ = false;
    }
  }

  asio::io_context io_{1};
  asio::ip::tcp::socket socket_{io_};
  char buffer_[65536];
  std::string read_;
  bool is_closed_ = false;
  bool timed_out_ = false;
};

} // namespace lakegate::test
