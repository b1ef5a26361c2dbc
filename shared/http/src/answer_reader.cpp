#include "shared/http/src/answer_reader.hpp"

#include <lakegate/core/text.hpp>

#include <algorithm>
#include <limits>
#include <utility>

namespace lakegate::http {

namespace {

constexpr int go_on = 0;
constexpr int stop = 1;
/// More than this is not set aside for a body before it comes.
constexpr std::uint64_t max_announced_room = 1024 * 1024;
constexpr auto no_announced_length = std::numeric_limits<std::uint64_t>::max();
/// Colon, space and line break.
constexpr std::size_t separators_of_header = 4;

bool is_interim(int status) {
  return status >= 100 && status < 200;
}

} // namespace

answer_reader& answer_reader::of(http_parser* parser) {
  return *static_cast<answer_reader*>(parser->data);
}

const http_parser_settings& answer_reader::callbacks() {
  static const auto result = [] {
    http_parser_settings x{};
    http_parser_settings_init(&x);
    x.on_status = [](http_parser* p, const char*, std::size_t n) {
      return of(p).count_head_bytes(n) ? go_on : stop;
    };
    x.on_header_field = [](http_parser* p, const char* at, std::size_t n) {
      return of(p).on_field({at, n});
    };
    x.on_header_value = [](http_parser* p, const char* at, std::size_t n) {
      return of(p).on_value({at, n});
    };
    x.on_headers_complete = [](http_parser* p) { return of(p).on_head(); };
    x.on_body = [](http_parser* p, const char* at, std::size_t n) {
      return of(p).on_body({at, n});
    };
    x.on_message_complete = [](http_parser* p) { return of(p).on_end(); };
    return x;
  }();
  return result;
}

void answer_reader::expect(std::size_t max_body_bytes) {
  *this = {};
  http_parser_init(&parser_, HTTP_RESPONSE);
  parser_.data = this;
  max_body_bytes_ = max_body_bytes;
}

answer_reader::progress answer_reader::take(std::string_view bytes) {
  has_begun_ = true;
  return run(bytes.data(), bytes.size());
}

/// http_parser takes "no bytes" for the end of the connection.
bool answer_reader::take_end() {
  return run(nullptr, 0) == progress::complete;
}

answer_reader::progress answer_reader::run(const char* data, std::size_t size) {
  auto used = http_parser_execute(&parser_, &callbacks(), data, size);
  if (is_complete_) {
    allows_another_ = allows_another_ && used == size;
    return progress::complete;
  }
  auto fault = HTTP_PARSER_ERRNO(&parser_);
  if (is_over_limit_ || fault == HPE_HEADER_OVERFLOW)
    return progress::too_large;
  return fault == HPE_OK && used == size ? progress::unfinished : progress::malformed;
}

bool answer_reader::count_head_bytes(std::size_t n) {
  head_bytes_ += n;
  is_over_limit_ = is_over_limit_ || head_bytes_ > max_header_bytes;
  return !is_over_limit_;
}

int answer_reader::on_field(std::string_view part) {
  if (std::exchange(is_in_value_, false))
    finish_header();
  if (!is_head_complete_)
    header_.name.append(part);
  return count_head_bytes(part.size()) ? go_on : stop;
}

int answer_reader::on_value(std::string_view part) {
  if (!std::exchange(is_in_value_, true))
    count_head_bytes(separators_of_header);
  if (!is_head_complete_)
    header_.value.append(part);
  return count_head_bytes(part.size()) ? go_on : stop;
}

void answer_reader::finish_header() {
  if (is_head_complete_)
    return;
  auto value = trimmed(header_.value);
  if (value.size() != header_.value.size())
    header_.value = std::string{value};
  answer_.headers.push_back(std::exchange(header_, {}));
  is_over_limit_ = is_over_limit_ || answer_.headers.size() > max_header_count;
}

int answer_reader::on_head() {
  if (std::exchange(is_in_value_, false))
    finish_header();
  // Nobody asked for another protocol.
  if (parser_.status_code == 101)
    return -1;
  if (is_interim(parser_.status_code))
    return go_on;
  is_head_complete_ = true;
  answer_.status = parser_.status_code;
  if (parser_.content_length != no_announced_length) {
    is_over_limit_ = is_over_limit_ || parser_.content_length > max_body_bytes_;
    answer_.body.reserve(std::min(parser_.content_length, max_announced_room));
  }
  return is_over_limit_ ? -1 : go_on;
}

int answer_reader::on_body(std::string_view part) {
  if (part.size() > max_body_bytes_ - answer_.body.size()) {
    is_over_limit_ = true;
    return stop;
  }
  answer_.body.append(part);
  return go_on;
}

int answer_reader::on_end() {
  if (!is_head_complete_) {
    answer_.headers.clear();
    return go_on;
  }
  is_complete_ = true;
  allows_another_ = http_should_keep_alive(&parser_) != 0;
  http_parser_pause(&parser_, 1);
  return go_on;
}

} // namespace lakegate::http
