#pragma once

#include <lakegate/core/access_token.hpp>

#include <caf/expected.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

namespace lakegate::databricks {

/// A token as its issuer gave it.
struct issued_token {
  access_token token;
  std::chrono::milliseconds lifetime{};
};

/// Remembers a token and has it renewed ahead, one request at a time (databricks-sdk-go,
/// config/experimental/auth/cache.go; databricks-sdk-py, oauth.py). Thread safe.
class renewing_token : public std::enable_shared_from_this<renewing_token> {
public:
  using clock = std::chrono::steady_clock;
  using issue_receiver = std::function<void(caf::expected<issued_token>)>;
  using receiver = std::function<void(caf::expected<access_token>)>;
  /// Asks the issuer; calls the receiver exactly once, on any thread, perhaps at once.
  using issuer = std::function<void(issue_receiver)>;

  explicit renewing_token(issuer ask,
                          std::function<clock::time_point()> now = clock::now);

  /// Calls `then` with a valid token or the issuer's error: at once, or on the issuer's
  /// thread. `fresh`: not with one that was issued before this call, but for one that is
  /// just a second old, since several connections are refused together.
  void get(receiver then, bool fresh);

  /// The same, but not with `refused`.
  void replace(const access_token& refused, receiver then);

  /// The same, waiting for it; `timeout` past `limit`.
  caf::expected<access_token> wait(std::chrono::milliseconds limit, bool fresh);

private:
  void answer(bool is_usable, receiver then, std::unique_lock<std::mutex> guard);
  bool is_usable(bool fresh) const;
  bool is_due() const;
  void renew();
  void receive(caf::expected<issued_token> issued);

  const issuer ask_;
  const std::function<clock::time_point()> now_;
  std::mutex mutex_; ///< Guards all below; never held while another's function runs.
  issued_token current_;
  clock::time_point issued_at_;
  clock::time_point next_renewal_;
  bool is_asking_ = false;
  std::vector<receiver> waiting_;
};

} // namespace lakegate::databricks
