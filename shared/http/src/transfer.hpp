#pragma once

#include <lakegate/http/client.hpp>

#include <curl/curl.h>

#include <chrono>
#include <memory>

namespace lakegate::http {

struct free_header_list {
  void operator()(curl_slist* x) const noexcept { curl_slist_free_all(x); }
};

/// One call from `send` to its callback. Lives on the client's thread once it is queued.
class transfer {
public:
  using clock = std::chrono::steady_clock;

  transfer(std::uint64_t id, request what, client::callback done);

  std::uint64_t id() const noexcept { return id_; }
  clock::time_point due() const noexcept { return due_; }
  CURL* handle() const noexcept { return easy_; }

  /// False: something in the request must not go on the wire (a line break in a header,
  /// another scheme than http or https).
  bool is_sendable() const;
  /// Sets what all transfers have in common, once a handle.
  static void configure(CURL* easy, const client_config& config);
  /// Sets all else on `easy`, which must be configured and outlive the transfer's run.
  void prepare(CURL* easy);
  /// What curl's verdict means, with all that has been read.
  response conclude(CURLcode verdict);
  /// The answer of a transfer that ended without curl: by us, or before it began.
  response conclude(transport_failure why);
  void deliver(response answer) { done_(std::move(answer)); }

private:
  static std::size_t on_body(char* data, std::size_t size, std::size_t n, void* self);
  static std::size_t on_header(char* data, std::size_t size, std::size_t n, void* self);
  static int on_begin(void* self, char* peer, char* local, int peer_port, int local_port);

  bool take_header(std::string_view line);
  void set_body(CURL* easy);
  void add_header(const std::string& line);
  response failed(transport_failure why);

  std::uint64_t id_;
  request request_;
  client::callback done_;
  clock::time_point begun_;
  clock::time_point due_;
  CURL* easy_ = nullptr;
  std::unique_ptr<curl_slist, free_header_list> header_lines_;
  response answer_;
  std::size_t header_bytes_ = 0;
  bool headers_complete_ = false;
  bool is_over_limit_ = false;
  bool is_sent_ = false;    ///< In part, perhaps.
  bool is_refused_ = false; ///< curl wanted to send it once more.
};

} // namespace lakegate::http
