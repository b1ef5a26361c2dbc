#include "shared/http/src/transfer.hpp"

#include <lakegate/core/text.hpp>

#include <algorithm>
#include <string_view>
#include <utility>

namespace lakegate::http {

namespace {

constexpr int max_repetitions = 3;

void append_header(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ").append(value).append("\r\n");
}

} // namespace

transfer::transfer(std::uint64_t id, request what, client::callback done)
    : id_{id}, request_{std::move(what)}, done_{std::move(done)}, begun_{clock::now()},
      due_{begun_ + request_.time_left} {}

bool transfer::is_sendable() const {
  auto is_clean = [](const header& x) {
    return !x.name.empty() && !has_control_character(x.name)
           && !has_control_character(x.value);
  };
  return request_.target.starts_with('/') && !has_control_character(request_.target)
         && request_.target.find(' ') == std::string::npos
         && !has_control_character(request_.authorization.reveal())
         && std::all_of(request_.headers.begin(), request_.headers.end(), is_clean);
}

void transfer::write_head(std::string_view authority, std::string& out) const {
  auto has_body = request_.verb == method::post;
  out.assign(has_body ? "POST " : "GET ");
  out.append(request_.target).append(" HTTP/1.1\r\n");
  append_header(out, "Host", authority);
  append_header(out, "Accept", "*/*");
  if (!request_.authorization.empty())
    append_header(out, "Authorization", request_.authorization.reveal());
  for (const auto& x : request_.headers)
    append_header(out, x.name, x.value);
  if (has_body)
    append_header(out, "Content-Length", std::to_string(request_.body.size()));
  out.append("\r\n");
}

bool transfer::may_repeat() {
  return request_.verb == method::get && ++repetitions_ <= max_repetitions;
}

void transfer::deliver(response answer) {
  answer.sent = is_sent_;
  answer.took =
      std::chrono::duration_cast<std::chrono::microseconds>(clock::now() - begun_);
  done_(std::move(answer));
}

response transfer::failed(transport_failure why) {
  response answer;
  answer.failure = why;
  return answer;
}

} // namespace lakegate::http
