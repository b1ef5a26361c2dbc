#include <lakegate/postgres/connection.hpp>

#include "shared/postgres/src/results.hpp"
#include "shared/postgres/src/session.hpp"

#include <lakegate/core/rules.hpp>

#include <array>
#include <cerrno>

#include <poll.h>

namespace lakegate::postgres {

namespace {

sql_failure lost(const pgconn_ptr& handle) {
  auto result = failure_of(handle.get());
  result.sqlstate.clear();
  return result;
}

/// Sends what libpq has buffered, reading meanwhile, or both sides could wait for ever.
bool flush(PGconn* handle, steady::time_point deadline) {
  while (true) {
    const auto left = PQflush(handle);
    if (left <= 0)
      return left == 0;
    if (!wait_until(PQsocket(handle), POLLIN | POLLOUT, deadline)
        || PQconsumeInput(handle) == 0)
      return false;
  }
}

/// The next result, or nothing behind the last one; `ok` false: lost or too late.
pgresult_ptr next_result(PGconn* handle, steady::time_point deadline, bool& ok) {
  while (PQisBusy(handle) != 0) {
    ok = wait_until(PQsocket(handle), POLLIN, deadline) && PQconsumeInput(handle) != 0;
    if (!ok)
      return nullptr;
  }
  return pgresult_ptr{PQgetResult(handle)};
}

/// Reads all results of what was sent: the first failure, or the last result.
answer collect(pgconn_ptr& handle, steady::time_point deadline) {
  auto ok = flush(handle.get(), deadline);
  std::optional<sql_failure> failed;
  pgresult_ptr last;
  while (ok) {
    auto result = next_result(handle.get(), deadline, ok);
    if (!ok || !result)
      break;
    const auto status = PQresultStatus(result.get());
    if (status == PGRES_COPY_IN || status == PGRES_COPY_OUT || status == PGRES_COPY_BOTH)
      ok = false;
    else if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK
             || status == PGRES_EMPTY_QUERY)
      last = std::move(result);
    else if (!failed)
      failed = failure_of(result.get());
  }
  if (!ok || PQstatus(handle.get()) == CONNECTION_BAD) {
    auto reason = failed ? *failed : lost(handle);
    if (reason.message.empty())
      reason.message = "no answer within the limit";
    handle.reset();
    return reason;
  }
  if (failed)
    return *failed;
  if (!last)
    return sql_failure{"XX000", "no result", "", ""};
  return make_result(std::move(last));
}

const sql_failure closed{"", "the session is closed", "", ""};

std::string quote(std::string_view text, char mark) {
  std::string result(1, mark);
  for (char c : text) {
    if (c == mark)
      result += mark;
    result += c;
  }
  return result + mark;
}

} // namespace

bool wait_until(int socket, short events, steady::time_point deadline, int interrupt) {
  std::array<pollfd, 2> both{{{socket, events, 0}, {interrupt, POLLIN, 0}}};
  while (true) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline - steady::now());
    if (left.count() <= 0)
      return false;
    const auto ready = ::poll(both.data(), both.size(), static_cast<int>(left.count()));
    if (ready < 0 && errno != EINTR)
      return false;
    if (ready > 0 && both[1].revents != 0)
      return false;
    if (ready > 0)
      return true;
  }
}

bool is_sendable(const parameter& x) noexcept {
  return !x || (x->find('\0') == std::string::npos && rules::is_utf8(*x));
}

connection::connection(std::unique_ptr<session> opened) noexcept
    : session_{std::move(opened)} {}
connection::connection(connection&&) noexcept = default;
connection& connection::operator=(connection&&) noexcept = default;
connection::~connection() = default;

bool connection::is_open() const noexcept {
  return session_ && session_->handle
         && PQstatus(session_->handle.get()) == CONNECTION_OK;
}

answer connection::run(const std::string& sql, const std::vector<parameter>& parameters,
                       std::chrono::milliseconds limit) {
  if (!is_open())
    return closed;
  std::vector<const char*> values;
  for (const auto& x : parameters) {
    if (!is_sendable(x))
      return sql_failure{"22021", "a parameter is not UTF-8 without NUL", "", ""};
    values.push_back(x ? x->c_str() : nullptr);
  }
  auto& handle = session_->handle;
  if (PQsendQueryParams(handle.get(), sql.c_str(), static_cast<int>(values.size()),
                        nullptr, values.data(), nullptr, nullptr, 0)
      == 0)
    return lost(handle);
  return collect(handle, steady::now() + limit);
}

answer connection::run_script(const std::string& sql, std::chrono::milliseconds limit) {
  if (!is_open())
    return closed;
  auto& handle = session_->handle;
  if (PQsendQuery(handle.get(), sql.c_str()) == 0)
    return lost(handle);
  return collect(handle, steady::now() + limit);
}

std::string quote_identifier(std::string_view name) {
  return quote(name, '"');
}

std::string array_literal(const std::vector<std::string>& items) {
  std::string result = "{";
  for (const auto& item : items) {
    result += result.size() > 1 ? ",\"" : "\"";
    for (char c : item) {
      if (c == '"' || c == '\\')
        result += '\\';
      result += c;
    }
    result += '"';
  }
  return result + "}";
}

// With standard_conforming_strings (the default) a backslash stands for itself; the E''
// form holds whatever that setting is.
std::string quote_literal(std::string_view text) {
  if (text.find('\\') == std::string_view::npos)
    return quote(text, '\'');
  std::string doubled;
  for (char c : text)
    doubled += c == '\\' ? std::string{"\\\\"} : std::string(1, c);
  return "E" + quote(doubled, '\'');
}

} // namespace lakegate::postgres
