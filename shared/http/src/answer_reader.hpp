#pragma once

#include <lakegate/http/message.hpp>

#include <http_parser.h>

#include <cstddef>
#include <string_view>

namespace lakegate::http {

/// Makes an answer of the bytes of a connection (RFC 9112), with the caps of `response`.
/// Interim answers (1xx) and trailers are dropped.
class answer_reader {
public:
  enum class progress { unfinished, complete, malformed, too_large };

  /// Begins a new answer, of whose body at most `max_body_bytes` are taken.
  void expect(std::size_t max_body_bytes);
  /// Takes the next bytes. None may follow a complete answer: see `allows_another`.
  progress take(std::string_view bytes);
  /// The peer will send no more. True if that completes the answer: its body has no
  /// announced end.
  bool take_end();

  /// True once a byte of the answer has come.
  bool has_begun() const noexcept { return has_begun_; }
  /// True once the header of the final answer has come.
  bool has_head() const noexcept { return is_head_complete_; }
  /// Of a complete answer: true if the connection may carry another request.
  bool allows_another() const noexcept { return allows_another_; }
  /// The complete answer; `took` and `sent` are not known here.
  response release() { return std::move(answer_); }

private:
  static const http_parser_settings& callbacks();
  static answer_reader& of(http_parser* parser);

  progress run(const char* data, std::size_t size);
  int on_field(std::string_view part);
  int on_value(std::string_view part);
  int on_head();
  int on_body(std::string_view part);
  int on_end();
  bool count_head_bytes(std::size_t n);
  void finish_header();

  http_parser parser_{};
  response answer_;
  header header_;
  std::size_t max_body_bytes_ = 0;
  std::size_t head_bytes_ = 0;
  bool is_in_value_ = false;
  bool is_head_complete_ = false;
  bool is_complete_ = false;
  bool is_over_limit_ = false;
  bool has_begun_ = false;
  bool allows_another_ = false;
};

} // namespace lakegate::http
