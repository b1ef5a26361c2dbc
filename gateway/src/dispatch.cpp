#include "gateway/src/dispatch.hpp"

#include "gateway/src/request_syntax.hpp"
#include "gateway/src/token.hpp"

#include <lakegate/runtime/log.hpp>

#include <utility>

namespace lakegate::gateway {

namespace {

/// What logs and metrics call a client that went away (nginx's number).
constexpr int client_closed = 499;

std::string_view outcome_of(int status) noexcept {
  if (status == client_closed)
    return "abandoned";
  if (status >= 500)
    return "failed";
  return status >= 400 ? "refused" : "success";
}

/// Of a request that asked nobody.
call_report all_ours(std::chrono::steady_clock::duration took) {
  call_report result;
  result.own_us = static_cast<std::uint32_t>(
      std::chrono::duration_cast<std::chrono::microseconds>(took).count());
  return result;
}

bool is_refused_token(errc outcome) noexcept {
  return outcome == errc::auth_invalid || outcome == errc::auth_expired;
}

} // namespace

dispatcher::dispatcher(dispatch_config config, const directory& services,
                       std::shared_ptr<identity> identities, gateway_metrics& metrics)
    : config_{std::move(config)}, services_{services},
      identities_{std::move(identities)}, metrics_{metrics}, table_{routes()},
      cors_{config_.cors_origins}, limiter_{config_.requests_per_second} {}

std::weak_ptr<abandonable> dispatcher::dispatch(http_request request,
                                                std::unique_ptr<response_sink> to) {
  auto http =
      std::make_shared<exchange>(std::move(request), std::move(to), shared_from_this());
  guarded(http, [&] { take(http); });
  return http;
}

void dispatcher::take(const exchange_ptr& http) {
  auto& context = http->context();
  context.operation = "unmatched";
  context.deadline = http->request().arrived + config_.request_deadline;
  identify_request(*http);
  if (!check_syntax(*http) || !find_route(http))
    return;
  if (context.matched->who == access::open)
    return run(http);
  if (in_flight_ >= config_.max_in_flight)
    return http->fail(errc::overloaded);
  ++in_flight_;
  metrics_.request_started();
  context.counts = true;
  context.meter = std::make_shared<call_meter>(http->request().arrived);
  authenticate(http);
}

bool dispatcher::find_route(const exchange_ptr& http) {
  auto& context = http->context();
  auto match = table_.match(http->request().method, context.target.segments);
  if (match.found == nullptr) {
    if (match.allowed.empty() && serve_file(http, match.allowed))
      return false;
    if (match.allowed.empty()) {
      http->fail(errc::not_found);
    } else if (http->request().method == http_method::options) {
      context.operation = "preflight";
      http->answer(cors_.preflight(http->request(), match.allowed));
    } else {
      context.allow = std::move(match.allowed);
      http->fail(errc::method_not_allowed);
    }
    return false;
  }
  context.matched = match.found;
  context.operation = match.found->operation;
  context.collection = match.collection;
  if (!match.parameter.empty())
    context.path_parameter = percent_decode(match.parameter).value_or(std::string{});
  return true;
}

bool dispatcher::serve_file(const exchange_ptr& http, std::string& allowed) {
  auto& context = http->context();
  const auto& request = http->request();
  if (request.method != http_method::get && request.method != http_method::head) {
    if (config_.site->has(context.target.segments))
      allowed = "GET, HEAD, OPTIONS";
    return false;
  }
  auto file = config_.site->answer(request, context.target.segments);
  if (!file)
    return false;
  context.operation = "get_file";
  http->answer(std::move(*file));
  return true;
}

void dispatcher::authenticate(const exchange_ptr& http) {
  auto& context = http->context();
  auto token = read_token(http->request());
  if (auto* refused = std::get_if<errc>(&token))
    return on_identity(http, nullptr, make_error(*refused));
  context.token = std::get<access_token>(std::move(token));
  context.key = identities_->key_of(context.token);
  auto known = identities_->find(context.key);
  context.identity_cache = known.verdict;
  if (known.what != nullptr) {
    auto entry = *known.what;
    return on_identity(http, entry.who, entry.why);
  }
  identities_->resolve(context.key, context,
                       [self = shared_from_this(), http](caf::expected<user_ptr> got) {
                         guarded(http, [&] {
                           if (got)
                             self->on_identity(http, *got, {});
                           else
                             self->on_identity(http, nullptr, got.error());
                         });
                       });
}

void dispatcher::on_identity(const exchange_ptr& http, const user_ptr& who,
                             const caf::error& why) {
  if (!http->is_open())
    return; // the client went away meanwhile
  auto& context = http->context();
  context.who = who;
  if (!who) {
    context.identity_error = why;
    if (context.matched->who == access::user)
      return http->fail(why);
    return run(http);
  }
  if (auto wait = limiter_.take(who->user_id, std::chrono::steady_clock::now()))
    return http->fail(failure{errc::rate_limited, {}, {}, *wait});
  run(http);
}

void dispatcher::run(const exchange_ptr& http) {
  http->context().matched->run(services_, http);
}

void dispatcher::answered(const exchange& http, errc outcome, http_response& answer) {
  const auto& context = http.context();
  answer.set("X-Correlation-ID", context.correlation_id);
  answer.set("X-Content-Type-Options", "nosniff");
  if (context.matched != nullptr && context.matched->who != access::open)
    answer.set("Cache-Control", "private, no-cache");
  if (outcome == errc::method_not_allowed)
    answer.set("Allow", context.allow);
  answer.close_connection |= context.must_close;
  cors_.decorate(http.request(), answer);
  if (outcome == errc::overloaded)
    count_overload(context);
  if (is_refused_token(outcome) && context.who)
    identities_->forget(context.key);
  finished(http, answer.status, outcome);
}

void dispatcher::abandoned(const exchange& http) {
  finished(http, client_closed, errc::none);
}

void dispatcher::count_overload(const request_context& context) {
  if (!context.counts)
    metrics_.overloaded(overload_place::requests);
  else if (!context.who)
    metrics_.overloaded(overload_place::identity);
  else if (context.meter->was_refused_by_link())
    metrics_.overloaded(overload_place::link);
  else
    metrics_.overloaded(overload_place::service);
}

void dispatcher::finished(const exchange& http, int status, errc outcome) {
  const auto& context = http.context();
  if (context.counts) {
    --in_flight_;
    metrics_.request_left();
  }
  auto now = std::chrono::steady_clock::now();
  auto took = now - http.request().arrived;
  metrics_.request_finished(context.operation, status, took);
  if (!log::enabled(log::level::info))
    return;
  auto spent = context.meter ? context.meter->report(now) : all_ours(took);
  log::info(
      "request",
      {{"operation", context.operation},
       {"method", to_string(http.request().method)},
       {"status", status},
       {"outcome", outcome_of(status)},
       {"error_code", outcome == errc::none ? std::string_view{} : spec_of(outcome).name},
       {"ms", std::chrono::duration<double, std::milli>{took}.count()},
       {"gateway_us", spent.own_us},
       {"queue_us", spent.queue_us},
       {"service_us", spent.service_us},
       {"upstream_us", spent.upstream_us},
       {"database_us", spent.database_us},
       {"attempts", spent.attempts},
       {"identity_cache", to_string(context.identity_cache)},
       {"cache", to_string(spent.cache)},
       {"user", context.who ? std::string_view{context.who->hash} : std::string_view{}},
       {"correlation_id", context.correlation_id},
       {"traceparent", context.traceparent}});
}

} // namespace lakegate::gateway
