#include "shared/postgres/src/results.hpp"
#include "shared/postgres/src/session.hpp"

#include <array>

#include <poll.h>

namespace lakegate::postgres {

namespace {

/// One backend option, its blanks and backslashes escaped (libpq, "options").
std::string option(const std::string& name, const std::string& value) {
  std::string result = "-c " + name + "=";
  for (char c : value) {
    if (c == ' ' || c == '\\')
      result += '\\';
    result += c;
  }
  return result + " ";
}

std::string option(const std::string& name, std::chrono::milliseconds value) {
  return option(name, std::to_string(value.count()));
}

std::string backend_options(const connection_config& config) {
  return option("search_path", quote_identifier(config.schema))
         + option("statement_timeout", config.statement_timeout)
         + option("lock_timeout", config.lock_timeout)
         + option("idle_in_transaction_session_timeout",
                  config.idle_in_transaction_timeout)
         + option("client_connection_check_interval", std::chrono::milliseconds{1000})
         + option("TimeZone", std::string{"UTC"})
         + option("DateStyle", std::string{"ISO"});
}

pgconn_ptr start(const connection_config& config, const access_token& password) {
  const auto port = std::to_string(config.port);
  const auto options = backend_options(config);
  const std::array<const char*, 19> names{"host",
                                          "port",
                                          "dbname",
                                          "user",
                                          "password",
                                          "sslmode",
                                          "sslrootcert",
                                          "gssencmode",
                                          "options",
                                          "application_name",
                                          "passfile",
                                          "client_encoding",
                                          "keepalives",
                                          "keepalives_idle",
                                          "keepalives_interval",
                                          "keepalives_count",
                                          "tcp_user_timeout",
                                          "target_session_attrs",
                                          nullptr};
  const std::array<const char*, 19> values{config.host.c_str(),
                                           port.c_str(),
                                           config.database.c_str(),
                                           config.user.c_str(),
                                           password.reveal().c_str(),
                                           config.ssl_mode.c_str(),
                                           config.ssl_root_certificate.c_str(),
                                           "disable",
                                           options.c_str(),
                                           config.application_name.c_str(),
                                           "/dev/null",
                                           "UTF8",
                                           "1",
                                           "10",
                                           "3",
                                           "3",
                                           "3000",
                                           "read-write",
                                           nullptr};
  pgconn_ptr result{PQconnectStartParams(names.data(), values.data(), 0)};
  if (result) {
    PQsetErrorVerbosity(result.get(), PQERRORS_VERBOSE);
    PQsetNoticeProcessor(
        result.get(), [](void*, const char*) {}, nullptr);
  }
  return result;
}

} // namespace

std::variant<connection, sql_failure> connection::open(const connection_config& config,
                                                       const access_token& password,
                                                       int interrupt) {
  const auto deadline = steady::now() + config.connect_timeout;
  auto handle = start(config, password);
  if (!handle)
    return sql_failure{"", "out of memory", "", ""};
  if (PQstatus(handle.get()) == CONNECTION_BAD)
    return failure_of(handle.get());
  // The state before the first PQconnectPoll counts as PGRES_POLLING_WRITING.
  for (auto next = PGRES_POLLING_WRITING; next != PGRES_POLLING_OK;
       next = PQconnectPoll(handle.get())) {
    if (next == PGRES_POLLING_FAILED)
      return failure_of(handle.get());
    const short events = next == PGRES_POLLING_READING ? POLLIN : POLLOUT;
    if (!wait_until(PQsocket(handle.get()), events, deadline, interrupt))
      return sql_failure{"", "no session within the limit", "", ""};
  }
  PQsetnonblocking(handle.get(), 1);
  return connection{std::make_unique<session>(session{std::move(handle)})};
}

} // namespace lakegate::postgres
