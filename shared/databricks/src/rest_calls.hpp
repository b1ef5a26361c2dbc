#pragma once

#include "shared/databricks/src/classify.hpp"
#include "shared/databricks/src/workspace.hpp"

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/replies_to.hpp>
#include <caf/result.hpp>
#include <caf/type_id.hpp>
#include <caf/typed_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>

namespace lakegate::databricks {

/// What the HTTP client's thread sends to the actor that asked.
struct http_result {
  std::uint64_t call = 0;
  std::shared_ptr<http::response> answer;
};

/// Added to an actor's interface inside this library only.
using takes_http_result = caf::reacts_to<http_result>;

/// The calls that one actor has in flight. Part of its state: all functions run in the
/// actor, which owns the promises; the HTTP thread does nothing but send it a message,
/// and not even that once the state is gone.
class rest_calls {
public:
  /// Completes one call; what it returns becomes the call's outcome in the metrics.
  using completion = std::function<failure_kind(http::response&)>;

  /// `api` names what the actor speaks to: `unity-catalog`. A literal.
  rest_calls(workspace_ptr where, std::string_view api, caf::strong_actor_ptr self);
  /// Cancels what is in flight and answers so: a promise that is only dropped is silent.
  ~rest_calls();
  rest_calls(const rest_calls&) = delete;
  rest_calls& operator=(const rest_calls&) = delete;

  /// Why a call can't even be tried, if it can't. If it can it must be started, since it
  /// may be the one that finds out whether the API works again.
  std::optional<upstream_failure> find_obstacle(const rest_request& what);
  void start(const call_context& ctx, rest_request what, completion done);
  void finish(const http_result& result);
  /// Ends the calls of that call id as cancelled.
  void cancel(std::uint64_t call_id);

private:
  struct gate;
  struct pending {
    std::string_view operation;
    std::string correlation_id;
    std::string traceparent;
    std::uint64_t call_id = 0;
    std::uint64_t http_id = 0;
    std::size_t caller = 0; ///< Tells callers apart; a hash, so that no token stays.
    bool fails_alone = false;
    completion done;
    hop_timer wait;
  };

  void judge(const pending& call, const http::response& answer);
  void report(const pending& call, failure_kind kind, const http::response& answer);

  workspace_ptr where_;
  api_breaker& breaker_; ///< Of `where_`.
  std::shared_ptr<gate> gate_;
  std::map<std::uint64_t, pending> pending_;
  std::uint64_t last_call_ = 0;
};

/// The state of every actor here; `calls` is set before the first message.
struct rest_state {
  std::optional<rest_calls> calls;
};

/// Sends `what` and answers the current message with what `read` makes of the answer.
template <class Result, class Self, class Read>
caf::result<Result> rest_call(Self self, const call_context& ctx, rest_request what,
                              Read read) {
  auto& calls = *self->state.calls;
  if (auto obstacle = calls.find_obstacle(what))
    return make_error(*std::move(obstacle));
  auto promise = self->template make_response_promise<Result>();
  calls.start(ctx, std::move(what), [promise, read](http::response& answer) mutable {
    caf::expected<Result> result = read(answer);
    if (result) {
      promise.deliver(std::move(*result));
      return failure_kind::none;
    }
    auto kind = failure_in(result.error()).kind;
    promise.deliver(std::move(result.error()));
    return kind;
  });
  return promise;
}

} // namespace lakegate::databricks

// Never leaves the process.
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(lakegate::databricks::http_result)
