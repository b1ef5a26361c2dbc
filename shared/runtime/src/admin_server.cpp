#include <lakegate/runtime/admin_server.hpp>

#include <lakegate/core/json_writer.hpp>
#include <lakegate/runtime/log.hpp>

#include "shared/runtime/src/process_metrics.hpp"

#include <civetweb.h>
#include <prometheus/text_serializer.h>

#include <array>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stdexcept>
#include <string_view>
#include <thread>
#include <utility>

namespace lakegate::runtime {

namespace {

struct answer {
  int status = 200;
  std::string body;
  std::string_view content_type = "application/json";
};

answer error_answer(int status, std::string_view message) {
  json_writer w;
  w.begin_object().member("error", message).end_object();
  return {status, std::move(w).str()};
}

std::string_view reason_of(int status) {
  switch (status) {
  case 200:
    return "OK";
  case 400:
    return "Bad Request";
  case 404:
    return "Not Found";
  case 405:
    return "Method Not Allowed";
  case 503:
    return "Service Unavailable";
  default:
    return "Internal Server Error";
  }
}

void send(mg_connection* connection, const answer& x, bool with_body) {
  std::string text = "HTTP/1.1 " + std::to_string(x.status) + " ";
  text += reason_of(x.status);
  text += "\r\nContent-Type: ";
  text += x.content_type;
  text += "\r\nContent-Length: " + std::to_string(x.body.size())
          + "\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff"
            "\r\nConnection: close\r\n\r\n";
  if (with_body)
    text += x.body;
  mg_write(connection, text.data(), text.size());
}

answer show_log_level() {
  json_writer w;
  w.begin_object().member("level", log::to_string(log::get_level())).end_object();
  return {200, std::move(w).str()};
}

answer change_log_level(mg_connection* connection) {
  std::array<char, 32> buffer;
  auto size = mg_read(connection, buffer.data(), buffer.size());
  std::string_view word{buffer.data(), size > 0 ? static_cast<std::size_t>(size) : 0};
  while (!word.empty() && (word.back() == '\n' || word.back() == '\r'))
    word.remove_suffix(1);
  auto level = log::parse_level(word);
  if (!level)
    return error_answer(400, "The body must be debug, info, warn, error or off.");
  log::set_level(*level);
  log::warn("log_level_changed", {{"to", word}});
  return show_log_level();
}

/// Why civetweb did not start, from its "cannot bind to HOST:PORT: 98 (Address in use)".
std::string bind_reason(const std::string& complaint) {
  auto begin = complaint.find('(');
  auto end = complaint.rfind(')');
  if (!complaint.starts_with("cannot bind") || begin == std::string::npos || end < begin)
    return "it must be an IPv4 address of this host";
  return complaint.substr(begin + 1, end - begin - 1);
}

} // namespace

struct admin_server::impl {
  std::shared_ptr<prometheus::Registry> registry;
  std::function<readiness()> ready;
  std::thread::id starter = std::this_thread::get_id();
  std::string complaint; ///< What civetweb said first, on the thread that starts it.
  mg_context* context = nullptr;
  std::string host;
  std::uint16_t port = 0;

  void stop();
  answer respond(mg_connection* connection, std::string_view method,
                 std::string_view path);
  answer show_metrics() const;

  static int on_request(mg_connection* connection, void* self);
  static int on_message(const mg_connection* connection, const char* text);
};

answer admin_server::impl::show_metrics() const {
  auto families = registry->Collect();
  for (auto& x : collect_process_metrics())
    families.push_back(std::move(x));
  return {200, prometheus::TextSerializer{}.Serialize(families),
          "text/plain; version=0.0.4; charset=utf-8"};
}

answer admin_server::impl::respond(mg_connection* connection, std::string_view method,
                                   std::string_view path) {
  auto is_read = method == "GET" || method == "HEAD";
  if (path == "/log-level" && method == "PUT")
    return change_log_level(connection);
  if (path != "/metrics" && path != "/health/live" && path != "/health/ready"
      && path != "/log-level")
    return error_answer(404,
                        "There is /metrics, /health/live, /health/ready, /log-level.");
  if (!is_read)
    return error_answer(405, "This path does not take that method.");
  if (path == "/metrics")
    return show_metrics();
  if (path == "/log-level")
    return show_log_level();
  if (path == "/health/live")
    return {200, R"({"status":"live"})"};
  auto state = ready();
  return {state.ready ? 200 : 503, std::move(state.body)};
}

int admin_server::impl::on_request(mg_connection* connection, void* self) {
  const auto* request = mg_get_request_info(connection);
  std::string_view method{request->request_method};
  answer result;
  try {
    result = static_cast<impl*>(self)->respond(connection, method, request->local_uri);
  } catch (const std::exception& e) {
    log::error("admin_request_failed", {{"reason", e.what()}});
    result = error_answer(500, "Something went wrong here.");
  }
  send(connection, result, method != "HEAD");
  return result.status;
}

int admin_server::impl::on_message(const mg_connection* connection, const char* text) {
  auto* self = static_cast<impl*>(mg_get_user_data(mg_get_context(connection)));
  if (std::this_thread::get_id() == self->starter && self->complaint.empty())
    self->complaint = text;
  return 1; // not to civetweb's own log
}

admin_server::admin_server(const std::string& host, std::uint16_t port,
                           std::shared_ptr<prometheus::Registry> registry,
                           std::function<readiness()> ready)
    : impl_{std::make_unique<impl>()} {
  impl_->registry = std::move(registry);
  impl_->ready = std::move(ready);
  impl_->host = host;
  auto socket = host + ":" + std::to_string(port);
  std::array options{"listening_ports",
                     socket.c_str(),
                     "num_threads",
                     "4",
                     "request_timeout_ms",
                     "5000",
                     "enable_keep_alive",
                     "no",
                     static_cast<const char*>(nullptr)};
  mg_callbacks callbacks{};
  callbacks.log_message = &impl::on_message;
  mg_init_library(MG_FEATURES_DEFAULT);
  impl_->context = mg_start(&callbacks, impl_.get(), options.data());
  if (!impl_->context) {
    mg_exit_library();
    throw std::runtime_error{"The admin address " + socket
                             + " can't be used: " + bind_reason(impl_->complaint) + "."};
  }
  mg_server_port bound{};
  mg_get_server_ports(impl_->context, 1, &bound);
  impl_->port = static_cast<std::uint16_t>(bound.port);
  mg_set_request_handler(impl_->context, "**", &impl::on_request, impl_.get());
}

/// civetweb looks at its stop flag when a connection comes, or after two seconds.
void admin_server::impl::stop() {
  std::mutex mutex;
  std::condition_variable changed;
  auto is_stopped = false;
  std::thread stopper{[&] {
    mg_stop(context);
    std::lock_guard guard{mutex};
    is_stopped = true;
    changed.notify_one();
  }};
  std::unique_lock lock{mutex};
  while (!changed.wait_for(lock, std::chrono::milliseconds{10},
                           [&] { return is_stopped; })) {
    std::array<char, 100> ignored;
    auto* knock =
        mg_connect_client(host.c_str(), port, 0, ignored.data(), ignored.size());
    if (knock)
      mg_close_connection(knock);
  }
  lock.unlock();
  stopper.join();
}

admin_server::~admin_server() {
  impl_->stop();
  mg_exit_library();
}

std::uint16_t admin_server::port() const {
  return impl_->port;
}

} // namespace lakegate::runtime
