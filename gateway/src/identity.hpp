#pragma once

#include "gateway/src/exchange.hpp"
#include "gateway/src/identity_cache.hpp"
#include "gateway/src/metrics.hpp"
#include "gateway/src/token_key.hpp"

#include <lakegate/contracts/databricks/identity.hpp>
#include <lakegate/core/access_token.hpp>

#include <caf/expected.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <unordered_map>
#include <utility>
#include <vector>

namespace lakegate::gateway {

struct identity_config {
  std::chrono::milliseconds ttl = std::chrono::seconds{30}; ///< 0: ask every time.
  std::chrono::milliseconds failure_ttl = std::chrono::seconds{1};
  std::chrono::milliseconds upstream_budget = std::chrono::seconds{10};
  std::size_t max_entries = 10'000;
};

/// Asks the workspace who a token belongs to (SCIM `Me`); calls back once, on the event
/// loop, within `time_left`.
using ask_workspace =
    std::function<void(databricks::get_current_user,
                       std::function<void(caf::expected<databricks::workspace_user>)>)>;

/// Tells the user of a token. A verified user is remembered for the configured time, at
/// most until the token's own `exp`; failures for a second. Concurrent first requests of
/// one token cause one upstream call, and nothing is ever shared between tokens. Keeps no
/// token beyond the call that carries it. One event loop; alive while calls are open.
class identity : public std::enable_shared_from_this<identity> {
public:
  using done = std::function<void(caf::expected<user_ptr>)>;

  identity(identity_config config, ask_workspace ask, gateway_metrics& metrics);

  token_key key_of(const access_token& token) { return hasher_(token.reveal()); }
  /// The quick way: a null `what` if the token must be resolved.
  identity_cache::finding find(const token_key& key);
  /// Errors: the 401 codes, TOKEN_SCOPE_MISSING, RATE_LIMITED, WORKSPACE_NOT_CONFIGURED,
  /// UPSTREAM_INVALID_RESPONSE, OVERLOADED, IDENTITY_UNAVAILABLE.
  /// Says in `request` if it waits for another's call.
  void resolve(const token_key& key, request_context& request, done then);
  /// The workspace has refused this token since it was verified.
  void forget(const token_key& key) { cache_.forget(key); }
  /// Lets go of all that waits without calling it: nobody is there to be answered.
  void close() { std::exchange(flights_, {}); }

private:
  void start(const token_key& key, databricks::get_current_user what, bool may_retry);
  void conclude(const token_key& key, identity_cache::entry what,
                identity_cache::clock::time_point until);
  void on_user(const token_key& key, databricks::workspace_user& found);
  void on_failure(const token_key& key, const caf::error& why);

  struct waiter {
    done then;
    hop_timer wait{}; ///< Of one that joined the call of another.
  };
  struct flight {
    std::vector<waiter> waiting;
    /// The token's own `exp`, with the tolerance for clocks that differ.
    identity_cache::clock::time_point latest;
  };

  identity_config config_;
  ask_workspace ask_;
  gateway_metrics& metrics_;
  token_hasher hasher_;
  identity_cache cache_;
  std::unordered_map<token_key, flight, token_key_hash> flights_;
};

} // namespace lakegate::gateway
