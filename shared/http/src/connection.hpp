#pragma once

#include "shared/http/src/answer_reader.hpp"
#include "shared/http/src/origin.hpp"
#include "shared/http/src/transfer.hpp"

#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/ssl/context.hpp>
#include <asio/ssl/stream.hpp>
#include <asio/steady_timer.hpp>

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lakegate::http {

/// One TCP connection to an origin, with TLS if the origin says so, and at most one
/// request under way on it. It reads all the time, so it learns when the peer closes it.
/// Everything happens on the thread of its `io_context`.
class connection : public std::enable_shared_from_this<connection> {
public:
  /// Whom it tells how a request ended. It carries nothing then.
  class owner {
  public:
    /// The whole answer. `is_open` tells if the connection may carry another request.
    virtual void on_answer(connection& from, transfer& x, response answer) = 0;
    /// The connection is closed; `x` is null if it carried nothing. `is_stale`: it had
    /// served a request before, and nothing of the answer to this one came.
    virtual void on_failure(connection& from, transfer* x, transport_failure why,
                            bool is_stale) = 0;

  protected:
    ~owner() = default;
  };

  /// All of them outlive it.
  connection(asio::io_context& io, const origin& where, asio::ssl::context& trust,
             owner& whom);

  /// Looks the name up, connects to one of its addresses and shakes hands, all of it
  /// within `limit`; then sends `x`. Tells the owner of nothing before it returns.
  void open_for(transfer& x, std::chrono::milliseconds limit);
  /// Sends `x`, on an open connection that carries nothing. Tells the owner of nothing
  /// before it returns.
  void carry(transfer& x);
  /// Ends at once without telling the owner.
  void close();

  const origin& where() const noexcept { return where_; }
  bool is_open() const noexcept { return state_ == state::open; }
  /// False if an open connection that carries nothing was closed by the peer, or idle for
  /// so long that it may be soon.
  bool is_usable();

private:
  using clock = std::chrono::steady_clock;
  enum class state { opening, open, closed };

  void connect_to_next_address();
  void shake_hands();
  void begin_service();
  std::chrono::milliseconds time_to_open() const;
  /// Calls `f` in `limit`, unless the next step of opening comes before.
  template <class F>
  void at_the_latest(std::chrono::milliseconds limit, F f);

  void read();
  void on_bytes(std::string_view bytes);
  void on_end(asio::error_code fault);
  void complete();
  void fail(transport_failure why);
  /// Calls `f` with the socket, or with TLS over it.
  template <class F>
  void with_stream(F f);

  const origin& where_;
  asio::ssl::context& trust_;
  owner& owner_;
  asio::ip::tcp::resolver resolver_;
  asio::ip::tcp::socket socket_;
  std::optional<asio::ssl::stream<asio::ip::tcp::socket&>> tls_;
  asio::steady_timer timer_;

  state state_ = state::opening;
  transfer* carried_ = nullptr;

  // While it is opened.
  clock::time_point open_by_;
  std::uint64_t step_ = 0; ///< What comes from an earlier one is out of date.
  /// Yet to be tried; the last one first.
  std::vector<asio::ip::tcp::endpoint> addresses_;

  // While it is open.
  answer_reader reader_;
  std::array<char, std::size_t{16} * 1024> buffer_{};
  std::string head_;
  std::string body_;
  bool is_writing_ = false;
  bool has_served_ = false;
  clock::time_point idle_since_;
};

} // namespace lakegate::http
