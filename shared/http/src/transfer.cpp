#include "shared/http/src/transfer.hpp"

#include <lakegate/core/text.hpp>

#include <algorithm>
#include <string_view>
#include <utility>

namespace lakegate::http {

namespace {

constexpr std::string_view secure_scheme = "https://";
constexpr std::string_view plain_scheme = "http://";
/// Load balancers drop idle connections after a minute; ours go first.
constexpr long max_idle_seconds = 50;

bool has_control_character(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7f;
  });
}

transport_failure failure_of(CURLcode verdict) {
  switch (verdict) {
  case CURLE_OK:
    return transport_failure::none;
  case CURLE_COULDNT_RESOLVE_HOST:
  case CURLE_COULDNT_CONNECT:
  case CURLE_SSL_CONNECT_ERROR:
    return transport_failure::connect;
  case CURLE_PEER_FAILED_VERIFICATION:
  case CURLE_SSL_CACERT_BADFILE:
  case CURLE_SSL_ISSUER_ERROR:
  case CURLE_SSL_INVALIDCERTSTATUS:
    return transport_failure::tls;
  case CURLE_OPERATION_TIMEDOUT:
    return transport_failure::timeout;
  case CURLE_GOT_NOTHING:
  case CURLE_RECV_ERROR:
  case CURLE_SEND_ERROR:
    return transport_failure::lost;
  case CURLE_OUT_OF_MEMORY: // A header line over curl's own limit of 100 kB.
    return transport_failure::too_large;
  default:
    return transport_failure::malformed;
  }
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
  return (request_.base_url.starts_with(secure_scheme)
          || request_.base_url.starts_with(plain_scheme))
         && request_.target.starts_with('/') && !has_control_character(request_.base_url)
         && !has_control_character(request_.target)
         && !has_control_character(request_.authorization.reveal())
         && std::all_of(request_.headers.begin(), request_.headers.end(), is_clean);
}

void transfer::configure(CURL* easy, const client_config& config) {
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1);
  curl_easy_setopt(easy, CURLOPT_HTTP09_ALLOWED, 0L);
  curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(easy, CURLOPT_MAXREDIRS, 0L);
  curl_easy_setopt(easy, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  curl_easy_setopt(easy, CURLOPT_PROXY, "");
  curl_easy_setopt(easy, CURLOPT_NOPROXY, "*");
  curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);
  curl_easy_setopt(easy, CURLOPT_HTTP_CONTENT_DECODING, 0L);
  curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
  curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
  curl_easy_setopt(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (!config.ca_file.empty())
    curl_easy_setopt(easy, CURLOPT_CAINFO, config.ca_file.c_str());
  curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
  curl_easy_setopt(easy, CURLOPT_MAXAGE_CONN, max_idle_seconds);
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS,
                   static_cast<long>(config.connect_timeout.count()));
  curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, &transfer::on_begin);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &transfer::on_body);
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, &transfer::on_header);
}

void transfer::prepare(CURL* easy) {
  easy_ = easy;
  for (auto user :
       {CURLOPT_PRIVATE, CURLOPT_PREREQDATA, CURLOPT_WRITEDATA, CURLOPT_HEADERDATA})
    curl_easy_setopt(easy, user, static_cast<void*>(this));
  auto left = std::chrono::ceil<std::chrono::milliseconds>(due_ - clock::now()).count();
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(std::max(left, 1L)));
  auto url = request_.base_url + request_.target;
  curl_easy_setopt(easy, CURLOPT_URL, url.c_str());
  add_header("Expect:");
  if (!request_.authorization.empty())
    add_header("Authorization: " + request_.authorization.reveal());
  for (const auto& x : request_.headers)
    add_header(x.name + ": " + x.value);
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, header_lines_.get());
  set_body(easy);
}

void transfer::set_body(CURL* easy) {
  if (request_.verb != method::post) {
    curl_easy_setopt(easy, CURLOPT_HTTPGET, 1L);
    return;
  }
  curl_easy_setopt(easy, CURLOPT_POST, 1L);
  // Not copied; curl sends a small body together with the headers.
  curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request_.body.data());
  curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE,
                   static_cast<curl_off_t>(request_.body.size()));
}

void transfer::add_header(const std::string& line) {
  auto* extended = curl_slist_append(header_lines_.get(), line.c_str());
  if (!extended)
    throw std::bad_alloc{};
  static_cast<void>(header_lines_.release());
  header_lines_.reset(extended);
}

/// Called when there is a connection, before anything is sent. curl repeats a request by
/// itself when a kept-alive connection breaks before the answer: not one with a body, for
/// the first copy may have been carried out.
int transfer::on_begin(void* self, char*, char*, int, int) {
  auto& x = *static_cast<transfer*>(self);
  x.is_refused_ = std::exchange(x.is_sent_, true) && x.request_.verb == method::post;
  return x.is_refused_ ? CURL_PREREQFUNC_ABORT : CURL_PREREQFUNC_OK;
}

std::size_t transfer::on_body(char* data, std::size_t size, std::size_t n, void* self) {
  auto& x = *static_cast<transfer*>(self);
  auto amount = size * n;
  if (amount > x.request_.max_response_bytes - x.answer_.body.size()) {
    x.is_over_limit_ = true;
    return CURL_WRITEFUNC_ERROR;
  }
  x.answer_.body.append(data, amount);
  return amount;
}

std::size_t transfer::on_header(char* data, std::size_t size, std::size_t n, void* self) {
  auto& x = *static_cast<transfer*>(self);
  if (x.take_header({data, size * n}))
    return size * n;
  x.is_over_limit_ = true;
  return CURL_WRITEFUNC_ERROR;
}

/// curl shows status lines, header lines, the empty line and, after the body, trailers;
/// after an interim answer (1xx) the next status line begins anew.
bool transfer::take_header(std::string_view line) {
  header_bytes_ += line.size();
  if (header_bytes_ > max_header_bytes)
    return false;
  if (line.starts_with("HTTP/") && answer_.body.empty()) {
    answer_.headers.clear();
    headers_complete_ = false;
    return true;
  }
  auto text = trimmed(line);
  if (text.empty()) {
    headers_complete_ = true;
    return true;
  }
  auto colon = text.find(':');
  if (headers_complete_ || colon == std::string_view::npos)
    return true;
  answer_.headers.push_back({std::string{trimmed(text.substr(0, colon))},
                             std::string{trimmed(text.substr(colon + 1))}});
  return answer_.headers.size() <= max_header_count;
}

response transfer::failed(transport_failure why) {
  response result;
  result.failure = why;
  result.sent = is_sent_;
  result.took =
      std::chrono::duration_cast<std::chrono::microseconds>(clock::now() - begun_);
  return result;
}

response transfer::conclude(transport_failure why) {
  return failed(why);
}

response transfer::conclude(CURLcode verdict) {
  if (is_over_limit_)
    return failed(transport_failure::too_large);
  if (is_refused_)
    return failed(transport_failure::lost);
  auto why = failure_of(verdict);
  // The connect timeout is not the caller's deadline: no connection came about in time.
  if (why == transport_failure::timeout && !is_sent_ && clock::now() < due_)
    why = transport_failure::connect;
  if (why != transport_failure::none)
    return failed(why);
  long status = 0;
  curl_easy_getinfo(easy_, CURLINFO_RESPONSE_CODE, &status);
  answer_.status = static_cast<int>(status);
  answer_.took =
      std::chrono::duration_cast<std::chrono::microseconds>(clock::now() - begun_);
  return std::move(answer_);
}

} // namespace lakegate::http
