#include "services/sandbox/src/workspace.hpp"

#include "services/sandbox/src/answers.hpp"
#include "services/sandbox/src/control_api.hpp"
#include "services/sandbox/src/http_server.hpp"
#include "services/sandbox/src/identity_api.hpp"
#include "services/sandbox/src/lakebase_api.hpp"
#include "services/sandbox/src/registry_api.hpp"
#include "services/sandbox/src/seed.hpp"
#include "services/sandbox/src/serving_api.hpp"
#include "services/sandbox/src/statement_api.hpp"
#include "services/sandbox/src/unity_api.hpp"

#include <lakegate/core/ids.hpp>
#include <lakegate/runtime/log.hpp>

#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

namespace lakegate::sandbox {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t request_queue_limit = 1024;

/// Returns when PostgreSQL accepts the superuser, or throws once the time is over.
void wait_for_postgres(sessions& pool, std::chrono::milliseconds limit) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  for (;;) {
    const auto answer = pool.run(std::string{maintenance_database}, "SELECT 1");
    const auto* failure = std::get_if<postgres::sql_failure>(&answer);
    if (!failure)
      return;
    const bool may_come_up = failure->sqlstate.empty() || failure->sqlstate == "57P03";
    if (!may_come_up || std::chrono::steady_clock::now() > deadline)
      throw std::runtime_error{
          "The sandbox can't use its PostgreSQL (LAKEGATE_SANDBOX_PGHOST …): "
          + failure->message};
    std::this_thread::sleep_for(250ms);
  }
}

fare_model prepare(sessions& pool, const config& from) {
  wait_for_postgres(pool, from.database_wait);
  if (auto problem = seed(pool))
    throw std::runtime_error{*problem};
  const auto fares = fit_fares(pool);
  if (!fares)
    throw std::runtime_error{"The fare model can't be fitted on samples.nyctaxi.trips."};
  return *fares;
}

/// What every answer of a workspace carries (recorded).
void add_common_headers(http_response& answer) {
  answer.headers.push_back({"x-request-id", make_uuid()});
  answer.headers.push_back({"x-databricks-org-id", std::string{workspace_id}});
  answer.headers.push_back({"server", "databricks"});
  answer.headers.push_back(
      {"strict-transport-security", "max-age=31536000; includeSubDomains"});
  answer.headers.push_back({"x-content-type-options", "nosniff"});
}

http_response no_such_api(const http_request& request) {
  return error_answer({404, "ENDPOINT_NOT_FOUND",
                       "No API found for '" + request.method + " " + request.path + "'"});
}

http_response overloaded() {
  return error_answer({503, "TEMPORARILY_UNAVAILABLE", "The workspace is overloaded."});
}

} // namespace

struct workspace::impl {
  explicit impl(const config& from)
      : server{[this](auto request, auto reply) {
          accept(std::move(request), std::move(reply));
        }},
        pool{from.database}, fares{prepare(pool, from)},
        who{from.client_secret, from.token_lifetime,
            [] { return std::chrono::steady_clock::now(); }},
        house{from.warehouse_id}, reader{pool}, running{pool, from.threads},
        workers{from.threads, request_queue_limit} {
    const auto call_later = [this](auto delay, auto f) {
      server.call_later(delay, std::move(f));
    };
    add_identity_routes(routes, who);
    add_unity_routes(routes, reader, from.page_size);
    add_registry_routes(routes, reader);
    add_sql_routes(routes, {running, house, from.chunk_rows, call_later});
    const serving_services serving{
        rights, fares, from.cold_start, from.token_interval, is_asleep, call_later};
    add_serving_routes(routes, serving);
    add_invocation_routes(routes, serving);
    add_lakebase_routes(routes, pool, from.database.host);
    add_control_routes(routes,
                       {pool, who, misfortunes, rights, house, requests, is_asleep});
    server.listen(from.host, from.port);
  }

  ~impl() { stop(); }

  void stop() {
    if (std::exchange(stopped, true))
      return;
    server.stop();
    running.stop();
    workers.stop();
  }

  void accept(std::shared_ptr<const http_request> request, reply_function reply);
  void take(const std::shared_ptr<const http_request>& request,
            const reply_function& reply);
  /// Names the caller in `c`, or refuses.
  std::optional<http_response> admit(const route* found, call& c) const;
  /// Logs the request; the fault that a scenario has for it.
  std::optional<fault_rule> note(const call& c);
  void run(const route& found, const call_ptr& c, const reply_function& reply,
           const std::optional<fault_rule>& fault);

  http_server server; // first: the last to go, since others answer through it
  sessions pool;
  fare_model fares;
  accounts who;
  faults misfortunes;
  endpoint_rights rights;
  warehouse house;
  request_log requests;
  std::atomic<bool> is_asleep{true};
  unity_reader reader;
  route_table routes;
  statements running;
  worker_pool workers;
  bool stopped = false;
};

void workspace::impl::accept(std::shared_ptr<const http_request> request,
                             reply_function reply) {
  reply_function answer = [reply = std::move(reply)](http_response with) {
    add_common_headers(with);
    reply(std::move(with));
  };
  if (!request->header_value("Upgrade").empty())
    return answer(error_answer({400, "BAD_REQUEST", "Upgrades are not supported."}));
  if (!workers.submit([this, request, answer] { take(request, answer); }))
    answer(overloaded());
}

void workspace::impl::take(const std::shared_ptr<const http_request>& request,
                           const reply_function& reply) {
  auto match = routes.find(request->method, request->path);
  auto c = std::make_shared<call>();
  c->request = request;
  c->path = std::move(match.path);
  c->query = parse_query(request->query);
  auto refusal = admit(match.found, *c);
  const auto fault = note(*c);
  if (!fault)
    return refusal ? reply(std::move(*refusal)) : run(*match.found, c, reply, fault);
  c->pending_polls = fault->action == "pending" ? fault->polls : 0;
  const auto proceed = [this, c, reply, fault, refusal, found = match.found] {
    auto scripted = scripted_answer(*fault);
    if (!scripted)
      scripted = refusal;
    if (!scripted)
      return run(*found, c, reply, fault);
    scripted->headers.insert(scripted->headers.end(), fault->headers.begin(),
                             fault->headers.end());
    reply(std::move(*scripted));
  };
  if (fault->delay == 0ms)
    return proceed();
  server.call_later(fault->delay, [this, proceed, reply] {
    if (!workers.submit(proceed))
      reply(overloaded());
  });
}

std::optional<http_response> workspace::impl::admit(const route* found, call& c) const {
  if (!found)
    return no_such_api(*c.request);
  if (found->what == needs::nothing)
    return std::nullopt;
  auto verdict = who.authenticate(c.request->header_value("Authorization"));
  if (auto* refused = std::get_if<http_response>(&verdict))
    return std::move(*refused);
  c.caller = std::get<const account*>(verdict);
  return std::nullopt;
}

std::optional<fault_rule> workspace::impl::note(const call& c) {
  const auto& request = *c.request;
  if (request.path.starts_with("/__sandbox/"))
    return std::nullopt;
  const auto user = c.caller ? c.caller->user_name : std::string_view{};
  requests.add({to_rfc3339(std::chrono::system_clock::now()), request.method,
                request.path, request.query, std::string{user},
                std::string{request.header_value("traceparent")},
                std::string{request.header_value("User-Agent")}});
  return misfortunes.take(request.method, request.path, user);
}

void workspace::impl::run(const route& found, const call_ptr& c,
                          const reply_function& reply,
                          const std::optional<fault_rule>& fault) {
  const reply_function answer = [reply, fault](http_response with) {
    if (fault && fault->action == "truncate")
      with.how = misbehaviour::truncate;
    if (fault)
      with.headers.insert(with.headers.end(), fault->headers.begin(),
                          fault->headers.end());
    reply(std::move(with));
  };
  try {
    found.run(c, answer);
  } catch (const std::exception& e) {
    log::error("handler_threw", {{"path", c->request->path}, {"reason", e.what()}});
    answer(
        error_answer({500, "INTERNAL_ERROR", "The sandbox has a defect; see its log."}));
  }
}

workspace::workspace(const config& from) : impl_{std::make_unique<impl>(from)} {
  log::info("sandbox_ready", {{"host", from.host}, {"port", impl_->server.port()}});
}

workspace::~workspace() = default;

std::uint16_t workspace::port() const {
  return impl_->server.port();
}

void workspace::stop(std::chrono::milliseconds) {
  impl_->stop();
}

bool workspace::is_ready() const {
  return !impl_->stopped;
}

} // namespace lakegate::sandbox
