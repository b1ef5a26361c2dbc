#include "services/sandbox/src/http_server.hpp"

#include <lakegate/core/text.hpp>
#include <lakegate/runtime/log.hpp>

#include <restinio/all.hpp>

#include <stdexcept>
#include <utility>

namespace lakegate::sandbox {

namespace {

using namespace std::chrono_literals;

struct server_traits : restinio::default_traits_t {
  static constexpr bool use_connection_count_limiter = true;
};

using restinio_connection = restinio::impl::connection_t<server_traits>;

restinio::incoming_http_msg_limits_t message_limits() {
  return restinio::incoming_http_msg_limits_t{}
      .max_url_size(16 * 1024)
      .max_field_name_size(128)
      .max_field_value_size(16 * 1024)
      .max_field_count(64)
      .max_body_size(40ULL * 1024 * 1024);
}

std::shared_ptr<const http_request> request_of(const restinio::request_t& from) {
  auto result = std::make_shared<http_request>();
  result->method = from.header().method().c_str();
  const std::string& target = from.header().request_target();
  const auto mark = target.find('?');
  result->path = target.substr(0, mark);
  if (mark != std::string::npos)
    result->query = target.substr(mark + 1);
  from.header().for_each_field([&](const auto& field) {
    result->headers.push_back({field.name(), field.value()});
  });
  result->body = from.body();
  return result;
}

template <class Builder>
void append_headers(Builder& out, const http_response& from) {
  for (const auto& h : from.headers)
    if (!has_control_character(h.value)) // It would split the response.
      out.append_header(h.name, h.value);
  if (!from.content_type.empty())
    out.append_header("Content-Type", from.content_type);
}

void send_whole(restinio::request_t& to, http_response from) {
  restinio::http_status_line_t line{
      restinio::http_status_code_t(static_cast<std::uint16_t>(from.status)), "OK"};
  auto out = to.create_response(std::move(line));
  append_headers(out, from);
  out.set_body(std::move(from.body)).done();
}

void send_half(restinio::request_t& to, const http_response& from) {
  auto out = to.create_response<restinio::user_controlled_output_t>();
  append_headers(out, from);
  out.set_content_length(from.body.size());
  out.set_body(from.body.substr(0, from.body.size() / 2));
  out.connection_close().done();
}

/// Sends events one by one, the server's thread in between free.
class event_stream : public std::enable_shared_from_this<event_stream> {
public:
  event_stream(asio::io_context& io, restinio::request_t& to, http_response from)
      : timer_{io}, from_{std::move(from)},
        out_{to.create_response<restinio::chunked_output_t>()} {
    from_.content_type = "text/event-stream";
    append_headers(out_, from_);
  }

  void send_next() {
    if (next_ == from_.events.size()) {
      out_.done();
      return;
    }
    out_.append_chunk(from_.events[next_++]);
    out_.flush();
    timer_.expires_after(from_.event_interval);
    timer_.async_wait([self = shared_from_this()](const auto& error) {
      if (!error)
        self->send_next();
    });
  }

private:
  asio::steady_timer timer_;
  http_response from_;
  restinio::response_builder_t<restinio::chunked_output_t> out_;
  std::size_t next_ = 0;
};

/// Takes the socket out of RESTinio's hands and closes it with a TCP reset.
void reset_connection(restinio::request_t& of) {
  auto handle = restinio::impl::access_req_connection(of);
  auto* connection = dynamic_cast<restinio_connection*>(handle.get());
  if (!connection)
    return;
  auto taken = connection->move_upgrade_internals();
  asio::error_code ignored;
  taken.m_socket.set_option(asio::socket_base::linger{true, 0}, ignored);
  taken.m_socket.close(ignored);
}

/// Lets pending operations, and with them connections, go before the server that counts
/// them.
class io_context : public asio::io_context {
public:
  void drop_pending() { shutdown(); }
};

} // namespace

struct http_server::impl {
  io_context io;
  request_handler handler;
  std::uint16_t port = 0;
  restinio::running_server_handle_t<server_traits> server;
  bool stopped = false;

  restinio::request_handling_status_t take(const restinio::request_handle_t& from) {
    try {
      handler(request_of(*from), [this, from](http_response with) {
        asio::post(io, [this, from, with = std::move(with)]() mutable {
          answer(*from, std::move(with));
        });
      });
      return restinio::request_accepted();
    } catch (...) {
      log::error("request_handler_threw");
      return restinio::request_rejected();
    }
  }

  void answer(restinio::request_t& to, http_response with) noexcept {
    try {
      if (with.how == misbehaviour::hang)
        return;
      if (with.how == misbehaviour::reset)
        return reset_connection(to);
      if (with.how == misbehaviour::truncate)
        return send_half(to, with);
      if (!with.events.empty())
        return std::make_shared<event_stream>(io, to, std::move(with))->send_next();
      send_whole(to, std::move(with));
    } catch (const std::exception& e) {
      log::warn("answer_not_sent", {{"reason", e.what()}});
    }
  }
};

http_server::http_server(request_handler handler) : impl_{std::make_unique<impl>()} {
  impl_->handler = std::move(handler);
}

void http_server::listen(const std::string& host, std::uint16_t port) {
  auto* me = impl_.get();
  restinio::server_settings_t<server_traits> settings;
  settings.address(host)
      .port(port)
      .incoming_http_msg_limits(message_limits())
      .max_pipelined_requests(32)
      .max_parallel_connections(512)
      .concurrent_accepts_count(4)
      .read_next_http_message_timelimit(60s)
      .write_http_response_timelimit(60s)
      .handle_request_timeout(330s)
      .request_handler([me](restinio::request_handle_t r) { return me->take(r); })
      .acceptor_post_bind_hook(
          [me](asio::ip::tcp::acceptor& a) { me->port = a.local_endpoint().port(); });
  try {
    impl_->server = restinio::run_async<server_traits>(
        restinio::external_io_context(impl_->io), std::move(settings), 1);
  } catch (const std::exception& e) {
    throw std::runtime_error{"The sandbox can't listen on " + host + ":"
                             + std::to_string(port) + ": " + e.what()};
  }
}

http_server::~http_server() {
  stop();
  impl_->io.drop_pending();
}

std::uint16_t http_server::port() const {
  return impl_->port;
}

void http_server::call_later(std::chrono::milliseconds delay, std::function<void()> f) {
  auto timer = std::make_shared<asio::steady_timer>(impl_->io, delay);
  timer->async_wait([timer, f = std::move(f)](const auto& error) {
    if (!error)
      f();
  });
}

void http_server::stop() {
  if (!impl_->server || std::exchange(impl_->stopped, true))
    return;
  impl_->server->stop();
  impl_->server->wait();
}

} // namespace lakegate::sandbox
