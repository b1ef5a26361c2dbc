#include "shared/http/src/connection.hpp"

#include <asio/buffer.hpp>
#include <asio/error.hpp>
#include <asio/ip/address.hpp>
#include <asio/write.hpp>

#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace lakegate::http {

namespace {

using namespace std::chrono_literals;

/// Load balancers drop idle connections after a minute; ours go first.
constexpr std::chrono::seconds max_idle{50};

bool is_address(const std::string& host) {
  asio::error_code fault;
  asio::ip::make_address(host, fault);
  return !fault;
}

/// Whom the certificate must name (SSL_set1_host(3), X509_VERIFY_PARAM_set1_ip_asc(3)),
/// and for which name it is asked (RFC 6066, 3: not for an address).
bool expect_peer(SSL* tls, const std::string& host) {
  if (is_address(host))
    return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(tls), host.c_str()) == 1;
  return SSL_set1_host(tls, host.c_str()) == 1
         && SSL_set_tlsext_host_name(tls, host.c_str()) == 1;
}

/// How long nothing may be said before the kernel asks whether the peer is still there
/// (tcp(7)): a model thinks for minutes, and what is between may forget a silent
/// connection after one.
constexpr std::chrono::seconds probe_interval{55};

template <int Name>
using tcp_seconds = asio::detail::socket_option::integer<IPPROTO_TCP, Name>;

void set_options(asio::ip::tcp::socket& socket) {
  constexpr auto interval = static_cast<int>(probe_interval.count());
  asio::error_code ignored; // Without them it works, too.
  socket.set_option(asio::ip::tcp::no_delay{true}, ignored);
  socket.set_option(asio::socket_base::keep_alive{true}, ignored);
  socket.set_option(tcp_seconds<TCP_KEEPIDLE>{interval}, ignored);
  socket.set_option(tcp_seconds<TCP_KEEPINTVL>{interval}, ignored);
}

} // namespace

connection::connection(asio::io_context& io, const origin& where,
                       asio::ssl::context& trust, owner& whom)
    : where_{where}, trust_{trust}, owner_{whom}, resolver_{io}, socket_{io}, timer_{io} {
}

void connection::open_for(transfer& x, std::chrono::milliseconds limit) {
  carried_ = &x;
  open_by_ = clock::now() + limit;
  at_the_latest(limit, [](connection& late) { late.fail(transport_failure::connect); });
  resolver_.async_resolve(
      where_.host, where_.port, asio::ip::tcp::resolver::numeric_service,
      [self = shared_from_this()](const asio::error_code&, const auto& found) {
        if (self->state_ != state::opening)
          return;
        for (const auto& entry : found)
          self->addresses_.insert(self->addresses_.begin(), entry.endpoint());
        self->connect_to_next_address();
      });
}

/// Each address has its share of the time that is left: one that swallows what it is sent
/// must not take the others' turn (RFC 8305, in small).
void connection::connect_to_next_address() {
  auto left = time_to_open();
  if (addresses_.empty() || left == 0ms)
    return fail(transport_failure::connect);
  asio::error_code ignored; // Of a socket that is given up.
  socket_.close(ignored);
  ++step_;
  at_the_latest(left / static_cast<int>(addresses_.size()),
                [](connection& late) { late.connect_to_next_address(); });
  auto address = addresses_.back();
  addresses_.pop_back();
  socket_.async_connect(
      address, [self = shared_from_this(), step = step_](const asio::error_code& fault) {
        if (self->state_ != state::opening || step != self->step_)
          return;
        if (fault)
          return self->connect_to_next_address();
        set_options(self->socket_);
        if (self->where_.is_secure)
          self->shake_hands();
        else
          self->begin_service();
      });
}

void connection::shake_hands() {
  ++step_;
  at_the_latest(time_to_open(),
                [](connection& late) { late.fail(transport_failure::connect); });
  tls_.emplace(socket_, trust_);
  if (!expect_peer(tls_->native_handle(), where_.host))
    return fail(transport_failure::tls);
  tls_->async_handshake(
      asio::ssl::stream_base::client,
      [self = shared_from_this()](const asio::error_code& fault) {
        if (self->state_ != state::opening)
          return;
        if (!fault)
          return self->begin_service();
        auto is_trusted = SSL_get_verify_result(self->tls_->native_handle()) == X509_V_OK;
        self->fail(is_trusted ? transport_failure::connect : transport_failure::tls);
      });
}

void connection::begin_service() {
  ++step_;
  timer_.cancel();
  state_ = state::open;
  read();
  carry(*carried_);
}

std::chrono::milliseconds connection::time_to_open() const {
  auto left = std::chrono::ceil<std::chrono::milliseconds>(open_by_ - clock::now());
  return std::max(left, 0ms);
}

template <class F>
void connection::at_the_latest(std::chrono::milliseconds limit, F f) {
  timer_.expires_after(limit);
  timer_.async_wait(
      [self = shared_from_this(), step = step_, f](const asio::error_code& fault) {
        if (!fault && self->state_ == state::opening && step == self->step_)
          f(*self);
      });
}

template <class F>
void connection::with_stream(F f) {
  if (tls_)
    f(*tls_);
  else
    f(socket_);
}

void connection::carry(transfer& x) {
  carried_ = &x;
  reader_.expect(x.what().max_response_bytes);
  x.write_head(where_.authority, head_);
  body_ = x.take_body();
  x.is_being_sent();
  is_writing_ = true;
  with_stream([this](auto& stream) {
    asio::async_write(stream, std::array{asio::buffer(head_), asio::buffer(body_)},
                      [self = shared_from_this()](const asio::error_code&, std::size_t) {
                        // Whoever reads learns of a fault, perhaps after an answer: a
                        // server may refuse a request before it has taken all of it.
                        self->is_writing_ = false;
                      });
  });
}

void connection::read() {
  with_stream([this](auto& stream) {
    stream.async_read_some(
        asio::buffer(buffer_),
        [self = shared_from_this()](const asio::error_code& fault, std::size_t n) {
          if (self->state_ != state::open)
            return;
          if (fault)
            self->on_end(fault);
          else
            self->on_bytes({self->buffer_.data(), n});
        });
  });
}

void connection::on_bytes(std::string_view bytes) {
  if (!carried_) // Nobody asked for anything.
    return fail(transport_failure::malformed);
  switch (reader_.take(bytes)) {
  case answer_reader::progress::unfinished:
    return read();
  case answer_reader::progress::complete:
    return complete();
  case answer_reader::progress::malformed:
    return fail(transport_failure::malformed);
  case answer_reader::progress::too_large:
    return fail(transport_failure::too_large);
  }
}

/// An answer of no announced length ends with the connection. A TLS connection that ended
/// without a close_notify may have been cut by anybody (RFC 8446, 6.1).
void connection::on_end(asio::error_code fault) {
  auto is_in_order = fault == asio::error::eof;
  auto is_cut = fault == asio::ssl::error::stream_truncated;
  if (carried_ && is_in_order && reader_.take_end())
    return complete();
  auto is_short = carried_ && reader_.has_head() && (is_in_order || is_cut);
  fail(is_short ? transport_failure::malformed : transport_failure::lost);
}

void connection::complete() {
  auto& served = *std::exchange(carried_, nullptr);
  auto answer = reader_.release();
  if (reader_.allows_another() && !is_writing_) {
    has_served_ = true;
    idle_since_ = clock::now();
    read();
  } else {
    close();
  }
  owner_.on_answer(*this, served, std::move(answer));
}

void connection::fail(transport_failure why) {
  auto* failed = std::exchange(carried_, nullptr);
  auto is_stale = has_served_ && !reader_.has_begun();
  close();
  owner_.on_failure(*this, failed, why, is_stale);
}

void connection::close() {
  state_ = state::closed;
  timer_.cancel();
  resolver_.cancel();
  asio::error_code ignored; // It is gone either way.
  socket_.close(ignored);
}

/// The end may have come without having been read yet.
bool connection::is_usable() {
  if (!is_open() || clock::now() - idle_since_ > max_idle)
    return false;
  char next = 0;
  return ::recv(socket_.native_handle(), &next, 1, MSG_PEEK | MSG_DONTWAIT) < 0
         && (errno == EAGAIN || errno == EWOULDBLOCK);
}

} // namespace lakegate::http
