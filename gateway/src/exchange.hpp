#pragma once

#include "gateway/src/http_message.hpp"
#include "gateway/src/http_server.hpp"
#include "gateway/src/request_target.hpp"
#include "gateway/src/token_key.hpp"

#include <lakegate/contracts/caller.hpp>
#include <lakegate/core/errors.hpp>

#include <caf/error.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <string>

namespace lakegate::gateway {

struct route;
class exchange;
using exchange_ptr = std::shared_ptr<exchange>;

/// A user that the workspace named for a token.
struct user {
  std::string user_id; ///< SCIM's `userName`.
  std::string display_name;
  std::vector<std::string> emails;
  std::string workspace_id;
  std::string hash; ///< For logs, which never show the name.
};
using user_ptr = std::shared_ptr<const user>;

/// What is learnt about a request on its way to its endpoint.
struct request_context {
  std::string correlation_id;
  std::string traceparent;
  const route* matched = nullptr; ///< Null until a route matched.
  std::string_view operation;     ///< For logs and metrics, from a closed set.
  request_target target;          ///< Views into the request.
  std::string path_parameter;     ///< Decoded; the one `{…}` of the pattern.
  std::string_view collection;    ///< The pattern's fixed part before it.
  access_token token;
  token_key key{}; ///< Of `token`.
  user_ptr who;    ///< Null on routes that are open.
  std::chrono::steady_clock::time_point deadline{};
  caf::error identity_error; ///< Why `who` is null, if a token was looked at.
  std::string allow;         ///< Of a path that takes other methods.
  bool counts = false;       ///< Among the requests in flight.
  bool must_close = false;   ///< The connection ends with the answer.
  meter_ptr meter;           ///< Null on routes that are open.
  /// Whether the caller's identity was remembered.
  cache_verdict identity_cache = cache_verdict::none;
};

/// Told of the end of every exchange, whatever way it takes.
class exchange_monitor {
public:
  virtual ~exchange_monitor() = default;
  /// `outcome` is none for an answer that is no error. May add headers.
  virtual void answered(const exchange& http, errc outcome, http_response& answer) = 0;
  /// The client went away first.
  virtual void abandoned(const exchange& http) = 0;
};

/// One request and its single answer. The first answer wins, later ones are dropped; an
/// exchange that is let go unanswered answers INTERNAL_ERROR. Lives on one event loop.
class exchange final : public abandonable, public std::enable_shared_from_this<exchange> {
public:
  exchange(http_request request, std::unique_ptr<response_sink> to,
           std::shared_ptr<exchange_monitor> monitor);
  ~exchange() override;
  exchange(const exchange&) = delete;
  exchange& operator=(const exchange&) = delete;

  const http_request& request() const noexcept { return request_; }
  /// The body, which is left empty.
  std::string take_body() noexcept { return std::move(request_.body); }
  request_context& context() noexcept { return context_; }
  const request_context& context() const noexcept { return context_; }
  bool is_open() const noexcept { return sink_ != nullptr; }

  void answer(http_response response);
  void fail(const failure& what);
  void fail(const caf::error& err) { fail(failure_of(err)); }
  void fail(errc code) { fail(failure{code, {}, {}, caf::none}); }
  void fail(errc code, const faults& found) { fail(make_error(code, found)); }

  /// `f` runs if the client goes away before the answer, to stop what it waits for.
  void on_abandon(std::function<void()> f) { on_abandon_ = std::move(f); }
  void abandon() noexcept override;

  /// What is left of the deadline, never negative.
  std::chrono::milliseconds time_left() const noexcept;
  /// On whose behalf commands go out, with the token, for services that call Databricks.
  caller caller_with_token() const;
  /// The same without it, for services that don't.
  caller caller_without_token() const;

private:
  void conclude(errc outcome, http_response response);

  http_request request_;
  std::unique_ptr<response_sink> sink_;
  std::shared_ptr<exchange_monitor> monitor_;
  request_context context_;
  std::function<void()> on_abandon_;
};

/// Runs `f`; what it throws is logged and answered as INTERNAL_ERROR.
template <class F>
void guarded(const exchange_ptr& http, F f) noexcept;

/// The answer of a defect: logged with the correlation id, nothing leaked.
void fail_with_defect(const exchange_ptr& http, const char* what) noexcept;

template <class F>
void guarded(const exchange_ptr& http, F f) noexcept {
  try {
    f();
  } catch (const std::exception& x) {
    fail_with_defect(http, x.what());
  } catch (...) {
    fail_with_defect(http, "not a standard exception");
  }
}

} // namespace lakegate::gateway
