#pragma once

#include "shared/http/src/connection.hpp"

#include <cstddef>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace lakegate::http {

/// The connections to each origin: opens them, keeps them for the next request, bounds
/// their number. Everything happens on the thread of its `io_context`.
class pool final : connection::owner {
public:
  /// Whom it tells how a call ended that was not stopped, answered or failed. The pool
  /// has forgotten the call by then.
  class owner {
  public:
    virtual void on_end(transfer& x, response how) = 0;

  protected:
    ~owner() = default;
  };

  /// All of them outlive it.
  pool(asio::io_context& io, const client_config& config, owner& whom);

  /// Sends `x` as soon as there is a connection for it. False, and nothing else, if its
  /// base URL is none. Tells the owner of nothing before it returns. `x` must live until
  /// it has ended or was stopped.
  bool start(transfer& x);
  /// Forgets `x`, which has not ended, and closes its connection.
  void stop(const transfer& x);
  /// Closes what is idle.
  void close();

private:
  using connection_ptr = std::shared_ptr<connection>;

  struct host {
    origin where;
    std::size_t connections = 0; ///< Open or opening.
    std::vector<connection_ptr> idle;
    std::deque<transfer*> waiting;
  };

  void on_answer(connection& from, transfer& x, response answer) override;
  void on_failure(connection& from, transfer* x, transport_failure why,
                  bool is_stale) override;

  host& host_of(const connection& x) { return hosts_.find(x.where().base_url)->second; }
  void place(host& to, transfer& x);
  connection_ptr take_idle(host& from);
  transfer* take_waiting(host& from);
  /// One connection less: somebody who waits may have the next.
  void forget_connection(host& of);

  asio::io_context& io_;
  const client_config& config_;
  owner& owner_;
  asio::ssl::context trust_;
  /// By base URL. They stay: those of the settings are few.
  std::map<std::string, host> hosts_;
  std::unordered_map<const transfer*, connection_ptr> carriers_;
};

} // namespace lakegate::http
