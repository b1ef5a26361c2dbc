#include "gateway/src/http_server.hpp"

#include <lakegate/runtime/log.hpp>

#include <restinio/all.hpp>

#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <stdexcept>
#include <unordered_map>
#include <utility>

namespace lakegate::gateway {

/// Names the response builder below to RESTinio.
struct rendered_output {};

} // namespace lakegate::gateway

namespace restinio {

/// Sends an answer that was rendered whole: RESTinio's own builders can neither leave out
/// Content-Length where HTTP forbids it nor answer HEAD, and check no header's value.
template <>
class response_builder_t<lakegate::gateway::rendered_output> final
    : public base_response_builder_t<
          response_builder_t<lakegate::gateway::rendered_output>> {
public:
  using base_response_builder_t<
      response_builder_t<lakegate::gateway::rendered_output>>::base_response_builder_t;

  bool wants_keep_alive() const noexcept { return m_header.should_keep_alive(); }

  /// `sent` is told when the answer has left, or never will.
  void send(std::string head, std::string body, bool keep_alive, write_status_cb_t sent) {
    writable_items_container_t parts;
    parts.reserve(2);
    parts.emplace_back(std::move(head));
    if (!body.empty())
      parts.emplace_back(std::move(body));
    write_group_t group{std::move(parts)};
    group.after_write_notificator(std::move(sent));
    auto connection = std::move(m_connection);
    connection->write_response_parts(
        m_request_id,
        {response_parts_attr_t::final_parts, response_connection_attr(keep_alive)},
        std::move(group));
  }
};

} // namespace restinio

namespace lakegate::gateway {

namespace {

struct connection_listener {
  std::function<void(const restinio::connection_state::notice_t&)> notice;
  void state_changed(const restinio::connection_state::notice_t& x) const { notice(x); }
};

struct server_traits
    : restinio::traits_t<
          restinio::asio_timer_manager_t, restinio::null_logger_t,
          std::function<restinio::request_handling_status_t(restinio::request_handle_t)>,
          restinio::noop_strand_t> {
  static constexpr bool use_connection_count_limiter = true;
  using connection_state_listener_t = connection_listener;
};

/// Keeps servers until all that the loop still holds is gone: RESTinio's connections
/// count themselves off at their acceptor, and an io_context destroys them only when it
/// is destroyed itself. Services go after every handler has.
class server_keeper final : public asio::execution_context::service {
public:
  using key_type = server_keeper;
  inline static asio::execution_context::id id;

  explicit server_keeper(asio::execution_context& owner) : service{owner} {}
  void keep(std::shared_ptr<void> server) { kept_.push_back(std::move(server)); }

private:
  void shutdown() override {}

  std::vector<std::shared_ptr<void>> kept_;
};

using reuse_port = asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;

http_request to_http_request(const restinio::request_t& in) {
  const auto& header = in.header();
  http_request out;
  out.method = method_of(header.method().c_str());
  out.target = header.request_target();
  out.headers.reserve(header.fields_count());
  header.for_each_field([&out](const auto& x) {
    out.headers.push_back({x.name(), x.value()});
  });
  out.body = in.body();
  out.wants_upgrade = header.connection() == restinio::http_connection_header_t::upgrade
                      || header.method() == restinio::http_method_connect();
  return out;
}

/// RESTinio stops accepting for ever after one failed accept, so the process must never
/// run out of descriptors.
std::size_t connections_within_descriptors(const http_server_config& config) {
  auto wanted = config.limits.max_connections;
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
    return wanted;
  return std::clamp<std::size_t>(limit.rlim_cur / (4 * config.servers), 1, wanted);
}

restinio::incoming_http_msg_limits_t message_limits(const http_limits& limits) {
  return restinio::incoming_http_msg_limits_t{}
      .max_url_size(limits.max_target_bytes)
      .max_field_name_size(limits.max_header_name_bytes)
      .max_field_value_size(limits.max_header_value_bytes + 1) // it refuses n itself
      .max_field_count(limits.max_headers)
      .max_body_size(limits.max_body_bytes);
}

} // namespace

struct http_server::impl : std::enable_shared_from_this<impl> {
  using server = restinio::http_server_t<server_traits>;
  using open_requests = std::vector<std::weak_ptr<abandonable>>;

  /// One answer on its way to one connection.
  class sink final : public response_sink {
  public:
    sink(std::shared_ptr<impl> owner,
         restinio::response_builder_t<rendered_output> builder)
        : owner_{std::move(owner)}, builder_{std::move(builder)} {}

    void send(http_response answer) override {
      auto keep_alive =
          builder_.wants_keep_alive() && !answer.close_connection && !owner_->closing;
      ++owner_->unsent;
      auto head = render_head(answer, keep_alive, owner_->date());
      builder_.send(std::move(head),
                    answer.without_body ? std::string{} : std::move(answer.body),
                    keep_alive, [owner = owner_](const auto&) { --owner->unsent; });
    }

  private:
    std::shared_ptr<impl> owner_;
    restinio::response_builder_t<rendered_output> builder_;
  };

  impl(asio::io_context& io, http_server_config c, request_handler h)
      : loop{io}, config{std::move(c)}, handler{std::move(h)} {}

  void start() {
    http = std::make_shared<server>(restinio::external_io_context(loop),
                                    [this](auto& settings) { configure(settings); });
    http->open_sync();
  }

  template <class Settings>
  void configure(Settings& settings) {
    const auto& limits = config.limits;
    auto host = config.host == "localhost" ? std::string{"127.0.0.1"} : config.host;
    auto is_v6 = host.find(':') != std::string::npos;
    settings.address(asio::ip::make_address(host))
        .port(config.port)
        .protocol(is_v6 ? asio::ip::tcp::v6() : asio::ip::tcp::v4())
        .incoming_http_msg_limits(message_limits(limits))
        .max_parallel_connections(connections_within_descriptors(config))
        .max_pipelined_requests(limits.max_pipelined)
        .concurrent_accepts_count(4)
        .separate_accept_and_create_connect(true)
        .read_next_http_message_timelimit(limits.read)
        .write_http_response_timelimit(limits.write)
        .handle_request_timeout(limits.handle)
        .acceptor_options_setter([is_shared = config.servers > 1](auto& options) {
          options.set_option(asio::ip::tcp::acceptor::reuse_address(true));
          if (is_shared)
            options.set_option(reuse_port{true});
        })
        .socket_options_setter(
            [](auto& options) { options.set_option(asio::ip::tcp::no_delay{true}); })
        .acceptor_post_bind_hook([this](asio::ip::tcp::acceptor& acceptor) {
          bound_port = acceptor.local_endpoint().port();
        })
        .connection_state_listener(std::make_shared<connection_listener>(
            connection_listener{[this](const auto& notice) { on_connection(notice); }}))
        .request_handler(
            [this](restinio::request_handle_t request) { return on_request(request); });
  }

  restinio::request_handling_status_t
  on_request(const restinio::request_handle_t& in) noexcept {
    try {
      auto builder = in->create_response<rendered_output>();
      auto answer = std::make_unique<sink>(shared_from_this(), std::move(builder));
      asio::post(loop,
                 [self = shared_from_this(), id = in->connection_id(),
                  request = to_http_request(*in), to = std::move(answer)]() mutable {
                   self->hand_over(id, std::move(request), std::move(to));
                 });
      return restinio::request_accepted();
    } catch (...) {
      log::error("request_not_taken");
      return restinio::request_rejected();
    }
  }

  void hand_over(restinio::connection_id_t id, http_request request,
                 std::unique_ptr<response_sink> to) {
    auto connection = open.find(id);
    if (connection == open.end())
      return; // it closed while this waited for its turn
    auto pending = handler(std::move(request), std::move(to));
    if (pending.expired())
      return; // answered at once
    // The answer may have closed the connection of an older request meanwhile.
    connection = open.find(id);
    if (connection == open.end()) {
      if (auto request_left = pending.lock())
        request_left->abandon();
      return;
    }
    auto& slots = connection->second;
    auto free = std::find_if(slots.begin(), slots.end(),
                             [](const auto& x) { return x.expired(); });
    if (free != slots.end())
      *free = std::move(pending);
    else
      slots.push_back(std::move(pending));
  }

  void on_connection(const restinio::connection_state::notice_t& notice) {
    auto id = notice.connection_id();
    if (restinio::holds_alternative<restinio::connection_state::closed_t>(
            notice.cause())) {
      auto gone = open.extract(id);
      connection_count = open.size();
      if (!gone.empty())
        for (const auto& x : gone.mapped())
          if (auto request = x.lock())
            request->abandon();
    } else {
      open.try_emplace(id);
      connection_count = open.size();
    }
  }

  /// Rendered once a second.
  std::string_view date() {
    auto now = std::chrono::time_point_cast<std::chrono::seconds>(
        std::chrono::system_clock::now());
    if (now != date_second) {
      date_second = now;
      date_text = to_http_date(now);
    }
    return date_text;
  }

  asio::io_context& loop;
  http_server_config config;
  request_handler handler;
  std::unordered_map<restinio::connection_id_t, open_requests> open;
  std::shared_ptr<server> http;
  std::atomic<std::uint16_t> bound_port{0};
  std::atomic<std::size_t> connection_count{0};
  std::atomic<std::size_t> unsent{0};
  bool closing = false;
  std::chrono::sys_seconds date_second{};
  std::string date_text;
};

http_server::http_server(asio::io_context& loop, http_server_config config,
                         request_handler handler)
    : impl_{std::make_shared<impl>(loop, std::move(config), std::move(handler))} {}

http_server::~http_server() {
  impl_->handler = [](auto&&...) { return std::weak_ptr<abandonable>{}; };
  if (!impl_->http)
    return;
  // Nobody will take these answers any more, and their makers end now, too.
  for (auto& [id, requests] : std::exchange(impl_->open, {}))
    for (const auto& x : requests)
      if (auto request = x.lock())
        request->abandon();
  impl_->http->close_sync();
  asio::use_service<server_keeper>(impl_->loop).keep(std::move(impl_->http));
}

void http_server::open() {
  try {
    impl_->start();
  } catch (const std::exception& x) {
    throw std::runtime_error{"Can't listen on " + impl_->config.host + " port "
                             + std::to_string(impl_->config.port) + ": " + x.what()};
  }
}

void http_server::close() {
  impl_->closing = true;
  if (impl_->http)
    impl_->http->close_sync();
}

std::uint16_t http_server::port() const noexcept {
  return impl_->bound_port;
}

std::size_t http_server::unsent() const noexcept {
  return impl_->unsent;
}

std::size_t http_server::connections() const noexcept {
  return impl_->connection_count;
}

std::size_t http_server::max_connections() const noexcept {
  return connections_within_descriptors(impl_->config);
}

} // namespace lakegate::gateway
