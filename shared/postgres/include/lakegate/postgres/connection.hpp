#pragma once

#include <lakegate/core/access_token.hpp>
#include <lakegate/postgres/query.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace lakegate::postgres {

/// Where PostgreSQL is and how sessions are set up. Each member travels as a keyword of
/// its own (libpq, "Connection Strings", PQconnectStartParams with expand_dbname 0), so
/// none can smuggle in another.
struct connection_config {
  std::string host; ///< Empty: no database is configured.
  std::uint16_t port = 5432;
  std::string database = "postgres";
  std::string user;
  std::string ssl_mode = "prefer";  ///< As libpq's `sslmode`.
  std::string ssl_root_certificate; ///< Path; empty: libpq's own default.
  std::string schema = "lakegate";  ///< The whole `search_path`.
  std::string application_name = "lakegate";
  std::chrono::milliseconds connect_timeout{3000};
  std::chrono::milliseconds statement_timeout{10000};
  std::chrono::milliseconds lock_timeout{5000};
  std::chrono::milliseconds idle_in_transaction_timeout{10000};
};

/// What PostgreSQL said, or why it said nothing.
struct sql_failure {
  std::string
      sqlstate; ///< Five characters (PostgreSQL, appendix A); empty: connection lost.
  std::string
      message; ///< The primary message; may hold values, so it is not for clients.
  std::string detail;
  std::string hint;
  std::size_t position = 0; ///< Character of the statement, from 1; 0: it names none.
};

/// An answer as libpq holds it, with what `rows` leaves out.
class result_set : public rows {
public:
  virtual std::size_t column_count() const noexcept = 0;
  virtual std::string_view column_name(std::size_t column) const = 0;
  /// The type's OID and modifier (`pg_type`; for numeric: precision and scale).
  virtual std::uint32_t column_type(std::size_t column) const = 0;
  virtual std::int32_t column_modifier(std::size_t column) const = 0;
  /// The table (`pg_class`) and its column (`attnum`) that a column is taken from; 0 for
  /// an expression.
  virtual std::uint32_t column_table(std::size_t column) const = 0;
  virtual int column_table_position(std::size_t column) const = 0;
};
using result_ptr = std::shared_ptr<const result_set>;

/// Either all went well or not; never throws for what PostgreSQL does.
using answer = std::variant<result_ptr, sql_failure>;

/// One session, used by one thread at a time: each call blocks that thread until it is
/// answered or its limit has passed, never longer (own poll loop; libpq alone waits for
/// ever). After a limit has passed, or the server has gone, the session is closed.
class connection {
public:
  /// Opens a session. `interrupt` is a descriptor that ends the wait when it becomes
  /// readable; -1: none. Name lookup is the one step that no limit holds for.
  static std::variant<connection, sql_failure>
  open(const connection_config& config, const access_token& password, int interrupt = -1);

  connection(connection&&) noexcept;
  connection& operator=(connection&&) noexcept;
  ~connection();

  bool is_open() const noexcept;

  /// Runs one statement with `$1` … parameters.
  answer run(const std::string& sql, const std::vector<parameter>& parameters,
             std::chrono::milliseconds limit);

  /// Runs any number of statements, without parameters and in one transaction unless they
  /// say otherwise; the answer is the last one's, or the first failure.
  answer run_script(const std::string& sql, std::chrono::milliseconds limit);

  struct session; ///< libpq's; for the sources of this library.
  explicit connection(std::unique_ptr<session> opened) noexcept;
  session& raw() noexcept { return *session_; }

private:
  std::unique_ptr<session> session_;
};

/// `name` as SQL writes it: in double quotes, those inside doubled. For names that are no
/// parameters in SQL: schemas, roles.
std::string quote_identifier(std::string_view name);

/// `text` as an SQL string constant, for the statements that take no parameters.
std::string quote_literal(std::string_view text);

/// What a failure is to our callers; one table in sqlstate.cpp. `is_write`: a value that
/// PostgreSQL refuses to store is `invalid_request`; the same on reading is
/// `data_corrupted`.
errc errc_of(const sql_failure& what, bool is_write);

} // namespace lakegate::postgres
