#pragma once

#include <lakegate/core/access_token.hpp>

#include <caf/expected.hpp>

#include <chrono>
#include <functional>
#include <utility>

namespace lakegate::postgres {

/// Gives the password of each new connection.
class credential_provider {
public:
  virtual ~credential_provider() = default;

  /// Called on a connection's own thread before each attempt to connect; may block, up to
  /// `limit`. `fresh`: PostgreSQL has just refused the last one, so a remembered one will
  /// not do. Must be thread safe where there are several connections.
  virtual caf::expected<access_token> password(std::chrono::milliseconds limit,
                                               bool fresh) = 0;

  /// True for passwords that expire, such as OAuth tokens: connections are then replaced
  /// before `connection_config::max_age`.
  virtual bool expires() const noexcept = 0;
};

/// Always the same one.
class static_password final : public credential_provider {
public:
  explicit static_password(access_token password) : password_{std::move(password)} {}

  caf::expected<access_token> password(std::chrono::milliseconds, bool) override {
    return password_;
  }
  bool expires() const noexcept override { return false; }

private:
  access_token password_;
};

/// Passwords that expire, from a function, such as an OAuth token source's.
class function_password final : public credential_provider {
public:
  using function = std::function<caf::expected<access_token>(
      std::chrono::milliseconds limit, bool fresh)>;

  explicit function_password(function source) : source_{std::move(source)} {}

  caf::expected<access_token> password(std::chrono::milliseconds limit,
                                       bool fresh) override {
    return source_(limit, fresh);
  }
  bool expires() const noexcept override { return true; }

private:
  function source_;
};

} // namespace lakegate::postgres
